"""The ``briefing`` command: finds the verb's module and turns known errors into one line and an exit code."""

from __future__ import annotations

import importlib
import os
import sqlite3
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import ArchiveError, BriefingError, MachineError, UsageError, machine_error
from archive.integrity.interrupted import (
    INTERRUPTED,
    is_interruption,
    leave_signals_to_the_system,
    raise_on_signals,
)
from briefing.log import logged

if TYPE_CHECKING:
    from briefing.ping import Pings

VERBS = {  # the module of each, and what it does, in the order in which a newcomer meets them
    "crawl": ("collect.crawl", "Bring the archive up to date with korea.kr and newsdao.kr."),
    "import": (
        "collect.import_",
        "Import Jekyll posts, saved pages, answers of the Open API, WARC files, and other archives.",
    ),
    "inspect": ("read.inspect", "Print all that is extracted from files or pages, as JSON Lines."),
    "reparse": ("collect.reparse", "Extract every article again from captured pages and files."),
    "search": ("read.search", "Find articles by the words of title, text and attachments."),
    "show": ("read.show", "Show one article, its versions, or what they changed."),
    "doctor": (
        "collect.doctor",
        "Check this machine and, with --sites, korea.kr and newsdao.kr; store nothing in the archive.",
    ),
    "status": ("maintain.status", "Print what the archive holds, what it lacks, and how fresh it is."),
    "verify": (
        "maintain.verify",
        "Check that the archive is complete, undamaged and consistent with its captures.",
    ),
    "export": ("read.export", "Write articles into the new folder PATH, for other tools."),
    "snapshot": ("maintain.snapshot", "Copy the archive to the new file TARGET, even while a crawl runs."),
    "redact": ("maintain.redact", "Remove an article permanently, and leave a tombstone."),
    "browse": ("read.browse", "Serve the archive to a web browser, read-only."),
    "schedule": ("collect.schedule", "Print lines for cron and systemd that crawl every hour."),
    "demo": ("collect.demo", "Crawl a bundled sample of both sites into a fresh archive."),
}
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class UntilTheEnd(ExitStack):
    """What lasts as long as a command: the log that it writes, and the monitor that it reports to."""

    pings: Pings | None = None


class Verbs(click.Group):
    """A group whose verbs are imported when they are called, so that help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Name the verbs in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a verb."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"briefing.commands.{VERBS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing them, which would take a second."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, does) for verb, (_module, does) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; return 130 where a signal ended it, after one line that says so."""
        try:
            return super().invoke(ctx)
        except BaseException as error:
            if not is_interruption(error):
                raise
            return _interrupted()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="briefing-archive", prog_name="briefing")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Append all output to FILE, each line with time and command, instead of printing it.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How --log writes: text, or a JSON object a line with time, level, command, message.",
)
@click.option(
    "--ping",
    metavar="URL",
    envvar="BRIEFING_PING_URL",
    show_envvar=True,
    help="Tell a monitor of scheduled jobs: URL/start, then URL/ with the exit code.",
)
@click.pass_context
def cli(context: click.Context, log: Path | None, log_format: str, ping: str | None) -> None:
    """Keep the archive of record of Korean government briefings.

    \b
    Example:
      briefing demo
      briefing crawl --since 2026-07-13 --db archive.db
    """
    until_the_end = context.ensure_object(UntilTheEnd)
    if log_format != "text" and not log:
        raise UsageError("--log-format goes with --log FILE")
    if log:
        said = logged(log, f"briefing {context.invoked_subcommand}", as_json=log_format == "json")
        until_the_end.enter_context(said)
    if ping:
        from briefing.ping import Pings  # few commands are monitored

        until_the_end.pings = Pings(ping)
        until_the_end.pings.send("start")


def main() -> None:
    """Run the command line; exit codes are those of ``archive.errors`` and sysexits (64 usage)."""
    # Interpreters that libraries start, for pools of processes, keep off the current folder too.
    os.environ["PYTHONSAFEPATH"] = "1"
    raise_on_signals()
    try:
        with UntilTheEnd() as until_the_end:  # errors are printed here, and go into a log that was requested
            code = _run(until_the_end)
            if until_the_end.pings:
                until_the_end.pings.send(str(code))
    except OSError as error:  # the log takes no more
        code = _of_machine(error)
    leave_signals_to_the_system()
    sys.exit(code)


def _run(until_the_end: UntilTheEnd) -> int:
    try:
        code = cli.main(standalone_mode=False, obj=until_the_end)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UsageError.exit_code
    except click.UsageError as error:
        hint = f" Help: {error.ctx.command_path} --help" if error.ctx else ""
        click.echo(f"Error: {error.format_message()}{hint}", err=True)
        return UsageError.exit_code
    except click.Abort:
        return _interrupted()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BriefingError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except (sqlite3.DatabaseError, MemoryError, OSError) as error:
        return _of_machine(error)
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    click.echo("Interrupted; what was committed stays.", err=True)
    return INTERRUPTED


def _of_machine(error: sqlite3.DatabaseError | MemoryError | OSError) -> int:
    """Print an error that no library of ours foresaw, and return its exit code; raise what is a bug."""
    refused = machine_error(error)
    if refused is None and isinstance(error, sqlite3.DatabaseError):
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
            raise error
        click.echo(f"Error: the archive is damaged: {error}; briefing verify says where", err=True)
        return ArchiveError.exit_code
    if refused is None and isinstance(error, OSError):  # a path that may not be read or written
        refused = MachineError(f"{error.filename or 'this machine'}: {error.strerror or error}")
    click.echo(f"Error: {refused}", err=True)
    return MachineError.exit_code
