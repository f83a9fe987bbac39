"""Where the ``briefing`` command starts, installed or as ``python -m briefing``.

Until the command line is loaded there is nothing to roll back, so SIGINT ends the process as the system does,
without a traceback; one that is ignored, as in a shell's background, stays ignored.
"""

import signal


def main() -> None:
    """Load the command line and run it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from briefing.main import main

    main()


if __name__ == "__main__":
    main()
