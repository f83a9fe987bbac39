"""The command line: one module per verb; parses arguments, calls, prints.

Importing it removes the current folder from the module path: a file there named like one of our modules or
of a library would be run instead. Python adds that folder for ``-m``, and for an empty entry of PYTHONPATH;
it stays where this package itself is in it.
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
