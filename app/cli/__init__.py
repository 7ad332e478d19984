"""The `liane` command line. Every failure an operator can mend is one clear sentence and exit code 1."""

import os
import sys
from pathlib import Path

import typer

from app.errors import AppError, Invalid, SetupError

ROOT = Path(__file__).resolve().parents[2]

cli = typer.Typer(
    help="Liane, portail de suivi pour les soignants et leurs patients.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run one command from the project's root, whatever the folder it is typed in."""
    typed_from = Path.cwd()
    os.chdir(ROOT)
    from app.cli import commands  # noqa: PLC0415 - after the folder is right: settings read `.env` there

    commands.register(cli, typed_from)
    from app.i18n.messages import sentence, sentence_of  # noqa: PLC0415

    try:
        cli()
    except SetupError as error:
        fail(str(error))
    except Invalid as error:
        fail(". ".join(sentence(code) for code in error.fields.values()) + ".")
    except AppError as error:
        fail(sentence_of(error))


def fail(sentence: str) -> None:
    """Say what is wrong in one sentence and stop with code 1."""
    typer.secho(f"Erreur{chr(0x202F)}: {sentence}", fg="red", err=True)
    sys.exit(1)
