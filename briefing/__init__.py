"""The command line: one module per verb; parses arguments, calls, prints.

Importing it keeps the folder that the operator stands in off the module path: a file named like a module of
ours or of a library would be run in its place. Python puts that folder there for ``-m``, and for an empty
entry of PYTHONPATH; it stays where our own package lies in it.
"""

# Only what the interpreter itself has loaded: until the path is set right, an import may find a foreign file.
import os
import sys


def _leave_out_current_folder() -> None:
    here = os.path.realpath(".")
    ours = os.path.realpath(os.path.join(__file__, "..", ".."))  # noqa: PTH118 - see above
    if here != ours:
        sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here]


_leave_out_current_folder()
