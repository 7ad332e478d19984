"""Servers of health mail (MSSanté) as configured: where they are, how they prove themselves (S114)."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.errors import SetupError, Unavailable
from app.settings import Settings

TIMEOUT_SECONDS = 10
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}


@dataclass(frozen=True)
class Server:
    """One server. `is_tls`: encrypted from the first byte. Plain speech stays on this machine."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    tls: ssl.SSLContext

    @property
    def is_local(self) -> bool:
        return self.host in _LOOPBACK


def server_of(url: str, settings: Settings) -> Server:
    """The server of an address `imaps://user:password@host:port`. Raises SetupError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SetupError(
            "Une adresse de messagerie de santé ne peut pas être lue : elle s’écrit "
            "imaps://<identifiant>:<secret>@<hôte> ou smtps://<identifiant>:<secret>@<hôte>."
        )
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme.endswith("s"),
        tls=tls_context(settings.health_mail_ca_file, settings.health_mail_certificate),
    )


def tls_context(ca_file: Path | None, certificate: Path | None) -> ssl.SSLContext:
    """Checked certificates: the authorities of the machine, or only that of the health mail space.

    `certificate`: what this portal shows of itself, with its key in the same file. Raises SetupError.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        if certificate:
            context.load_cert_chain(certificate)
    except (OSError, ssl.SSLError):
        raise SetupError(
            "LIANE_HEALTH_MAIL_CA_FILE ou LIANE_HEALTH_MAIL_CERTIFICATE ne peut pas être lu : "
            "donnez un fichier PEM."
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def failure_of(error: BaseException) -> Unavailable:
    """Why a server could not be used, by code; nothing of what it said."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable("health_mail.certificate")
    if isinstance(error, TimeoutError):
        return Unavailable("health_mail.silent")
    return Unavailable("health_mail.unreachable")
