"""`liane doctor`: one line per check, with the mend."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from app import migrations
from app.cli import build
from app.crypto import load_keyring
from app.db import open_database, ping
from app.errors import AppError, SetupError, Unavailable
from app.i18n.messages import MESSAGES
from app.integrations.document_store import open_store
from app.integrations.file_check import check_file
from app.integrations.health_mail import Server, server_of
from app.integrations.health_mail_imap import open_inbox
from app.integrations.health_mail_smtp import SmtpHealthMailer
from app.integrations.mail import SmtpMailer
from app.integrations.psc import PscClient
from app.integrations.psc_settings import configuration
from app.integrations.sms import HttpSmsGateway
from app.integrations.wake import Wake
from app.settings import Settings

_LEAST_FREE = 1024**3


@dataclass(frozen=True)
class Check:
    """What was looked at, whether it is well, and what to do otherwise."""

    is_ok: bool
    line: str


async def run_all(settings: Settings) -> list[Check]:
    """Every check, each independent of the failure of the others."""
    return [
        _settings(settings),
        *_database(settings),
        await _mail(settings),
        await _sms(settings),
        *await _redis(settings),
        *await _psc(settings),
        *await _health_mail(settings),
        _documents(settings),
        _files(),
        _disk(settings),
        _pages(),
    ]


def _settings(settings: Settings) -> Check:
    try:
        settings.check_production()
    except SetupError as error:
        return Check(False, f"Réglages : {error}")
    mode = "démonstration" if settings.is_demo else "production"
    return Check(True, f"Réglages : mode {mode}, adresse {settings.base_url}")


def _database(settings: Settings) -> list[Check]:
    if not settings.is_postgresql and not settings.database_path.exists():
        return [
            Check(False, "Base : aucune pour l’instant ; lancez « liane migrate » pour la créer")
        ]
    try:
        database = open_database(settings)
        ping(database)
    except SetupError as error:
        return [Check(False, f"Clés et base : {error}")]
    except Exception as error:  # noqa: BLE001 - whatever the driver says, the mend is the same
        kind = type(error).__name__
        return [
            Check(
                False,
                f"Base : elle ne répond pas ({kind}) ; vérifiez LIANE_DATABASE_URL et le serveur",
            )
        ]
    keys = Check(True, f"Clés : {settings.key_path}")
    try:
        if migrations.needs_upgrade(database):
            return [keys, Check(False, "Base : elle n’est pas à jour ; lancez « liane migrate »")]
    except SetupError as error:
        return [keys, Check(False, f"Base : {error}")]
    finally:
        database.engine.dispose()
    kind = "PostgreSQL" if settings.is_postgresql else "SQLite chiffrée"
    return [keys, Check(True, f"Base : {kind}, version {migrations.head()}")]


async def _mail(settings: Settings) -> Check:
    url = settings.smtp_url.get_secret_value()
    if not url:
        if settings.is_demo:
            return Check(True, "Messagerie : démonstration, rien ne sort de la machine")
        return Check(
            False,
            "Messagerie : réglez LIANE_SMTP_URL, par exemple smtp://utilisateur:secret@hôte:587",
        )
    try:
        await SmtpMailer(url).check()
    except Unavailable:
        return Check(
            False, "Messagerie : le serveur de LIANE_SMTP_URL ne répond pas ; vérifiez hôte et port"
        )
    return Check(True, "Messagerie : le serveur répond")


async def _psc(settings: Settings) -> list[Check]:
    """Nothing to say without a provider; the demonstration's own is in the server itself."""
    if settings.has_psc_simulator:
        return [Check(True, "Pro Santé Connect : simulateur de la démonstration")]
    if not settings.psc_issuer or not settings.key_path.exists():
        return []
    known = configuration(settings, load_keyring(settings.key_path, may_create=False))
    assert known is not None
    try:
        provider = await PscClient(known).discover()
    except Unavailable as error:
        reason = error.context["reason"]
        return [
            Check(
                False,
                f"Pro Santé Connect : pas de réponse utilisable ({reason}) ; vérifiez "
                "LIANE_PSC_ISSUER, LIANE_PSC_DISCOVERY_URL et la sortie vers internet",
            )
        ]
    return [Check(True, f"Pro Santé Connect : {provider.issuer}")]


async def _health_mail(settings: Settings) -> list[Check]:
    """Nothing to say while it is off."""
    checks = []
    for name, url in (
        ("LIANE_HEALTH_MAIL_IMAP_URL", settings.health_mail_imap_url.get_secret_value()),
        ("LIANE_HEALTH_MAIL_SMTP_URL", settings.health_mail_smtp_url.get_secret_value()),
    ):
        if not url:
            continue
        try:
            server = server_of(url, settings)
            if "IMAP" in name:
                await asyncio.to_thread(_open_inbox, server)
            else:
                await SmtpHealthMailer(server).check()
        except SetupError as error:
            checks.append(Check(False, f"Messagerie de santé : {error}"))
        except Unavailable as error:
            checks.append(
                Check(False, f"Messagerie de santé : {MESSAGES[error.code]} ; vérifiez {name}")
            )
        else:
            checks.append(Check(True, f"Messagerie de santé : {server.host} répond"))
    return checks


def _open_inbox(server: Server) -> None:
    with open_inbox(server):
        pass


async def _sms(settings: Settings) -> Check:
    if not settings.sms_url:
        kept = (
            "rien ne sort de la machine"
            if settings.is_demo
            else "aucune, les codes partent par e-mail"
        )
        return Check(True, f"SMS : {kept}")
    token = settings.sms_token.get_secret_value()
    try:
        await HttpSmsGateway(settings.sms_url, token, is_local=settings.is_demo).check()
    except Unavailable:
        return Check(
            False, "SMS : la passerelle de LIANE_SMS_URL ne répond pas ; vérifiez l’adresse"
        )
    return Check(True, "SMS : la passerelle répond")


async def _redis(settings: Settings) -> list[Check]:
    """Nothing to say of one process alone."""
    url = settings.redis_url.get_secret_value()
    if not url:
        return []
    if not await Wake(url, "doctor").answers():
        return [
            Check(
                False,
                "Redis : il ne répond pas ; vérifiez LIANE_REDIS_URL. Les pages des autres processus "
                "bougent en une seconde au lieu d’aussitôt",
            )
        ]
    return [Check(True, "Redis : il répond")]


def _documents(settings: Settings) -> Check:
    place = settings.document_store or settings.data_dir / "documents"
    # Not made here: whoever asks may not be whom the service runs as.
    if isinstance(place, Path) and not place.exists():
        return Check(True, f"Documents : le dossier {place}, fait au premier dépôt")
    try:
        open_store(settings).check()
    except SetupError as error:
        return Check(False, f"Documents : {error}")
    except Unavailable:
        return Check(
            False,
            "Documents : le stockage de LIANE_DOCUMENT_STORE ne répond pas ; vérifiez "
            "LIANE_S3_ENDPOINT et la sortie vers lui",
        )
    return Check(True, f"Documents : {place}")


def _files() -> Check:
    try:
        check_file(b"liane", "doctor.txt")
    except AppError:
        return Check(
            False,
            "Fichiers envoyés : le processus qui les vérifie ne démarre pas ; il lui faut Linux 5.3 "
            "ou plus récent, et le droit de créer un processus",
        )
    return Check(True, "Fichiers envoyés : vérifiés dans un processus à part")


def _disk(settings: Settings) -> Check:
    folder = (
        settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    )
    free = shutil.disk_usage(folder).free
    gibibytes = f"{free / 1024**3:.1f}".replace(".", ",")
    if free < _LEAST_FREE:
        return Check(False, f"Disque : il reste {gibibytes} Go ; libérez de la place avant 1 Go")
    return Check(True, f"Disque : {gibibytes} Go libres")


def _pages() -> Check:
    if build.is_built():
        return Check(True, "Pages : construites et à jour")
    return Check(False, "Pages : à construire ; lancez « liane build »")
