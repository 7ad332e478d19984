"""`liane import`: reference data of public databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app import migrations
from app.authz.actor import system
from app.cli import server
from app.db import get_database
from app.i18n import directory, facility, medicine
from app.i18n.format import NARROW, day, number
from app.integrations import finess, rpps
from app.integrations.bdpm_files import SOURCE
from app.integrations.progress import share_of
from app.services.directory_import import import_directory
from app.services.facility_import import import_facilities
from app.services.medicine_import import import_medicines
from app.settings import get_settings

MAX_SHOWN = 20

Result = TypeVar("Result")

import_app = typer.Typer(help="Importer des données de référence.", no_args_is_help=True)


@import_app.command("medicines")
def import_medicines_command(
    path: Annotated[
        Path,
        typer.Argument(help="Dossier des fichiers de la Base de données publique des médicaments."),
    ],
) -> None:
    """Remplacer les médicaments par ceux de la Base de données publique des médicaments."""
    result = _import("Import des médicaments", import_medicines, path)
    _tell(
        medicine.import_summary(result),
        [medicine.row_note(note) for note in result.notes],
        result.rejected + result.remarked,
        f"Source{NARROW}: {SOURCE}",
    )


@import_app.command("directory")
def import_directory_command(
    path: Annotated[
        Path,
        typer.Argument(
            help="Extraction PS_LibreAcces_Personne_activite de l’ANS : .txt, .gz ou .zip."
        ),
    ],
) -> None:
    """Remplacer l’annuaire des professionnels par une extraction du RPPS. Relancer reprend où c’était."""
    result = _import(
        "Import de l’annuaire",
        import_directory,
        path,
        folder=get_settings().data_dir / "import" / "directory",
    )
    _tell(
        directory.import_summary(result),
        [directory.row_note(note) for note in result.notes],
        result.rejected + result.remarked,
        f"Source{NARROW}: {rpps.SOURCE}, {day(result.data_on)}",
    )


@import_app.command("facilities")
def import_facilities_command(
    path: Annotated[
        Path,
        typer.Argument(
            help="Fichier FINESS : cs1100502 (CSV), FINESS+ (JSON) ou FHIR, même compressé."
        ),
    ],
) -> None:
    """Mettre les établissements à jour d’après un fichier FINESS."""
    result = _import("Import des établissements", import_facilities, path)
    _tell(
        facility.import_summary(result),
        [facility.row_note(note) for note in result.notes],
        result.rejected,
        f"Source{NARROW}: {finess.SOURCE}, {day(result.data_on)}",
    )


def _import(label: str, work: Callable[..., Result], path: Path, **more: Any) -> Result:
    """Run an import of the file or folder as it was typed, with a bar of how far it came."""
    database = get_database()
    migrations.upgrade(database)
    with typer.progressbar(length=1000, label=label) as bar:
        return work(
            system("command line"),
            server.typed_from / path.expanduser(),
            now=datetime.now(UTC),
            progress=share_of(lambda done, _total: bar.update(done - bar.pos), 0, 1000),
            database=database,
            **more,
        )


def _tell(summary: list[str], notes: list[str], reported: int, source: str) -> None:
    for line in summary:
        typer.echo(line)
    for note in notes[:MAX_SHOWN]:
        typer.echo(f"  {note}")
    left = reported - min(len(notes), MAX_SHOWN)
    if left:
        typer.echo(f"  … et {number(left)} de plus")
    typer.echo(source)
