"""The commands and what they call."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import migrations
from app.authz.actor import system
from app.cli import build as builder, doctor as checks, server
from app.cli.import_ import import_app
from app.cli.keys import keys_app
from app.db import get_database, reading, unit_of_work
from app.errors import SetupError, Unavailable
from app.i18n.format import number
from app.i18n.messages import sentence_of
from app.integrations.document_store import open_store
from app.models.account import Role
from app.seeds import demo as demonstration, reference
from app.services import account, installation, journal
from app.services.journal_head import head_path, read_head
from app.settings import Settings, get_settings

admin_app = typer.Typer(help="Comptes d’administration.", no_args_is_help=True)
journal_app = typer.Typer(help="Journal des accès.", no_args_is_help=True)


def register(cli: typer.Typer, typed_from: Path) -> None:
    """Attach every command. `typed_from`: the folder that relative paths are meant from."""
    cli.command()(serve)
    cli.command()(demo)
    cli.command()(build)
    cli.command()(migrate)
    cli.command()(doctor)
    cli.add_typer(admin_app, name="admin")
    cli.add_typer(import_app, name="import")
    cli.add_typer(journal_app, name="journal")
    cli.add_typer(keys_app, name="keys")
    server.typed_from = typed_from


def _prepare_database() -> None:
    migrations.upgrade(get_database())
    with unit_of_work() as session:
        reference.ensure(session, system("reference data"), now=datetime.now(UTC))


def serve() -> None:
    """Servir le portail en production (LIANE_PUBLIC_URL obligatoire)."""
    settings = get_settings()
    settings.check_production()
    server.require_free_port(settings)
    builder.ensure_built()
    _prepare_database()
    _check_store(settings)
    server.run(settings)


def _check_store(settings: Settings) -> None:
    """A store that refuses us stops the start; one that does not answer now may answer later."""
    try:
        open_store(settings).check()
    except Unavailable as error:
        typer.secho(f"{sentence_of(error)}.", fg="yellow", err=True)


def demo() -> None:
    """Servir la démonstration : base d’exemple, aucun message ne sort de la machine."""
    server.enter_demo_mode()
    settings = get_settings()
    server.require_free_port(settings)
    builder.ensure_built()
    _prepare_database()
    demonstration.ensure(typer.echo)
    server.run(settings, demonstration.welcome())


def build() -> None:
    """Construire les pages, si elles ont changé."""
    builder.ensure_built()


def migrate() -> None:
    """Mettre la base à jour."""
    _prepare_database()
    typer.echo(f"Base à jour (version {migrations.head()}).")


def doctor() -> None:
    """Vérifier réglages, clés, base, messagerie et disque ; une ligne chacun, avec le remède."""
    results = asyncio.run(checks.run_all(get_settings()))
    for result in results:
        typer.secho(
            f"{'✓' if result.is_ok else '✗'} {result.line}", fg=None if result.is_ok else "red"
        )
    if not all(result.is_ok for result in results):
        raise typer.Exit(1)


@admin_app.command("create")
def create_admin(
    email: Annotated[str, typer.Option(prompt="E-mail")],
    family_name: Annotated[str, typer.Option(prompt="Nom")],
    given_name: Annotated[str, typer.Option(prompt="Prénom")],
    password: Annotated[
        str, typer.Option(prompt="Mot de passe", hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Créer un compte d’administration."""
    _prepare_database()
    with unit_of_work() as session:
        account.create_account(
            session,
            system("command line"),
            email=email,
            password=password,
            role=Role.ADMINISTRATOR,
            family_name=family_name,
            given_name=given_name,
            now=datetime.now(UTC),
        )
    typer.echo(f"Compte d’administration créé pour {email}.")


@journal_app.command("verify")
def verify_journal() -> None:
    """Relire toute la chaîne du journal et nommer la première ligne altérée."""
    with reading() as session:
        result = journal.verify(session, read_head(head_path()))
    with unit_of_work() as session:
        installation.note_verification(
            session, system("command line"), result, now=datetime.now(UTC)
        )
    if result.first_bad_seq is not None:
        raise SetupError(
            f"le journal est altéré à partir de la ligne {result.first_bad_seq} "
            f"({number(result.lines)} lignes intactes avant elle)."
        )
    typer.echo(f"Journal intact : {number(result.lines)} lignes.")
