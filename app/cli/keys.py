"""`liane keys`: the keys that wrap those of documents (S122)."""

from datetime import UTC, datetime

import typer

from app import migrations
from app.authz.actor import system
from app.db import get_database, reading, unit_of_work
from app.errors import SetupError
from app.i18n.format import number
from app.i18n.stored_file import key_lines, left_words
from app.jobs import stored_file as job
from app.key_file import add_key
from app.services import stored_file_key
from app.services.stored_file_key import KeyUse, Step
from app.settings import get_settings

keys_app = typer.Typer(help="Clés de chiffrement des documents.", no_args_is_help=True)
_ROBOT = system("command line")


@keys_app.command()
def rotate() -> None:
    """Mettre une nouvelle clé en service, sans arrêt, puis y passer tous les documents."""
    _require_base()
    add_key(get_settings().key_path)
    with unit_of_work() as session:
        stored_file_key.note_rotation(session, _ROBOT, now=datetime.now(UTC))
    typer.echo(
        "Nouvelle clé en service : tout nouveau document l’emploie, sur les serveurs en marche aussi. "
        "Sauvegardez de nouveau le fichier de clé."
    )
    rewrap()


@keys_app.command()
def rewrap() -> None:
    """Reprendre le passage des documents à la clé en service."""
    _require_base()
    job.rewrap_all(_ROBOT, _tell)
    left = sum(use.files for use in _uses() if not use.is_newest)
    if left:
        raise SetupError(
            f"{left_words(left)} : leur clé manque au fichier de clé, ou leur ligne a été altérée. "
            "Voyez « liane keys status »."
        )
    typer.echo(f"{left_words(left)} : terminé.")


@keys_app.command()
def status() -> None:
    """Lister les clés et le nombre de documents que chacune ouvre."""
    _require_base()
    for line in key_lines(_uses()):
        typer.echo(line)


def _require_base() -> None:
    if migrations.needs_upgrade(get_database()):
        raise SetupError("la base n’est pas à jour : lancez « liane migrate ».")


def _uses() -> list[KeyUse]:
    with reading() as session:
        return stored_file_key.list_uses(session, _ROBOT)


def _tell(step: Step) -> None:
    typer.echo(f"{number(step.done)} documents passés à la nouvelle clé…")
