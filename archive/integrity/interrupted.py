"""Signals that end a command (SIGINT, SIGTERM, SIGHUP), and how their errors are recognised."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from archive.errors import BriefingError, MachineError, machine_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from archive.store import Store

INTERRUPTED = 130
"""Exit code of a command that a signal ended, as shells give it for Ctrl-C."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 5.0  # seconds for an interrupted command to roll back and clean up
_received: list[float] = []  # times of the signals of this process, on the monotonic clock


def raise_on_signals() -> None:
    """Make the first signal raise KeyboardInterrupt; call in the main thread, before any work.

    A second signal while the command is ending is ignored: supervisors send SIGTERM and SIGHUP together. One
    after PATIENCE ends the process by the system's default; the next command recovers what that leaves. A
    signal that is ignored, as by nohup, stays ignored.
    """
    for number in SIGNALS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _interrupt)


def leave_signals_to_the_system() -> None:
    """Undo raise_on_signals, so that a signal during interpreter shutdown prints no traceback."""
    for number in SIGNALS:
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _received.append(time.monotonic())
    if len(_received) == 1:
        raise KeyboardInterrupt
    if _received[-1] - _received[0] > PATIENCE:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def is_interruption(error: BaseException) -> bool:
    """Return whether an error was caused by a signal.

    That is KeyboardInterrupt, the error of a statement that SQLite interrupted, and any error after a signal
    was received: within a function called by SQLite, KeyboardInterrupt becomes an SQL error.
    """
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
        return True
    return isinstance(error, KeyboardInterrupt) or (bool(_received) and isinstance(error, Exception))


@contextmanager
def interruption_noted(store: Store) -> Iterator[None]:
    """Close the run of a store if a signal or a failure of this machine ends the block; commits are kept."""
    try:
        yield
    except BaseException as error:
        if store.run_id is not None:
            if is_interruption(error):
                store.end_run("interrupted", INTERRUPTED)
            elif machine_error(error):
                with suppress(BriefingError):  # a full disk takes no row either; the next run closes this one
                    store.end_run("failed", MachineError.exit_code)
        raise
