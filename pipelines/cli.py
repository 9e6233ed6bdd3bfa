"""The command line: parse, call, print. The commands stand in `commands/`, their work elsewhere."""

from __future__ import annotations

import os
import sys

import typer

from pipelines.base.errors import OutlookError
from pipelines.commands import ask, run

app = typer.Typer(
    name="outlook",
    help="Automation exposure, job market and advancement paths of technicians, from public data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(run.app)
app.add_typer(ask.app)


def main() -> None:
    """Run `outlook`; every failure is one line and an exit code, a traceback with --debug."""
    arguments = [a for a in sys.argv[1:] if a != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except OutlookError as error:
        if debug:
            raise
        typer.echo(f"outlook: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python's own flush at exit would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if debug:
            raise
        # A full disk, a folder that may not be written: the user's to mend, not a bug of ours.
        where = error.filename or arguments[0]
        typer.echo(
            f"outlook: {where}: cannot be read or written ({error.strerror or error}). "
            "Free space, correct the permissions or choose another place",
            err=True,
        )
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        if hasattr(error, "exit_code") and hasattr(error, "format_message"):
            typer.echo(f"outlook: {error.format_message()} See outlook --help.", err=True)
            sys.exit(error.exit_code)
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        typer.echo(
            f"outlook: unexpected {problem}. Run again with --debug and report what it prints",
            err=True,
        )
        sys.exit(1)
