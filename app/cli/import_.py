"""`liane import`: reference data of public databases."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import migrations
from app.authz.actor import system
from app.cli import server
from app.db import get_database
from app.i18n.format import NARROW, number
from app.i18n.medicine import import_summary, row_note
from app.integrations.bdpm import SOURCE
from app.services.medicine_import import import_medicines

MAX_SHOWN = 20

import_app = typer.Typer(help="Importer des données de référence.", no_args_is_help=True)


@import_app.callback()
def _importing() -> None:
    """Keep `medicines` a command of its own: a Typer of one command would swallow its name."""


@import_app.command("medicines")
def import_medicines_command(
    path: Annotated[
        Path,
        typer.Argument(help="Dossier des fichiers de la Base de données publique des médicaments."),
    ],
) -> None:
    """Remplacer les médicaments par ceux de la Base de données publique des médicaments."""
    database = get_database()
    migrations.upgrade(database)
    with typer.progressbar(length=1000, label="Import des médicaments") as bar:
        result = import_medicines(
            system("command line"),
            server.typed_from / path.expanduser(),
            now=datetime.now(UTC),
            progress=lambda done, _total: bar.update(done - bar.pos),
            database=database,
        )
    for line in import_summary(result):
        typer.echo(line)
    for note in result.notes[:MAX_SHOWN]:
        typer.echo(f"  {row_note(note)}")
    left = result.rejected + result.remarked - min(len(result.notes), MAX_SHOWN)
    if left:
        typer.echo(f"  … et {number(left)} de plus")
    typer.echo(f"Source{NARROW}: {SOURCE}")
