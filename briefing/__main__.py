"""Run the ``briefing`` command as ``python -m briefing``."""

from briefing.main import main

if __name__ == "__main__":
    main()
