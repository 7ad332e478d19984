"""Every setting of the product, read from the environment or a `.env` file, in one typed place."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SetupError

_NARROW = "\u202f"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
EXAMPLE_MARK = "example-key"


class Settings(BaseSettings):
    """Typed settings. Environment names carry the prefix `LIANE_`, except `PORT`."""

    model_config = SettingsConfigDict(
        env_prefix="LIANE_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    mode: Literal["demo", "production"] = "production"
    port: int = Field(default=3000, validation_alias="PORT", ge=1, le=65535)
    host: str = "127.0.0.1"
    public_url: str = ""
    data_dir: Path = Path("data")
    key_file: Path | None = None
    database_url: SecretStr = SecretStr("")
    document_store: str = Field(default="", pattern=r"^(s3://[a-z0-9][a-z0-9.-]+(/[\w./-]*)?)?$")
    s3_endpoint: str = Field(default="", pattern=r"^(https?://[^/?#@]+/?)?$")
    s3_region: str = "us-east-1"
    s3_key_id: SecretStr = SecretStr("")
    s3_secret: SecretStr = SecretStr("")
    patient_files: int = Field(default=500, ge=1)
    patient_megabytes: int = Field(default=200, ge=1)
    clamd_url: str = Field(default="", pattern=r"^(tcp://[^/?#@]+|unix:///.+)?$")
    redis_url: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    sms_url: str = ""
    sms_token: SecretStr = SecretStr("")
    sms_daily_budget: int = Field(default=500, ge=0)
    sms_countries: str = "+33 +262 +269 +508 +590 +594 +596 +681 +687 +689"
    mail_from: str = "Liane <ne-pas-repondre@liane.example>"
    instance_name: str = ""
    instance_place: str = ""
    contact_email: str = ""
    events_per_second: int = Field(default=20, ge=1)
    requests_per_minute: int = Field(default=300, ge=1)
    trusted_proxy_hops: int = Field(default=0, ge=0, le=4)
    directory_api_key: SecretStr = SecretStr("")
    directory_api_url: str = "https://gateway.api.esante.gouv.fr/fhir/v2"
    health_mail_domain: str = Field(default="", pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+)?$")
    health_mail_imap_url: SecretStr = SecretStr("")
    health_mail_smtp_url: SecretStr = SecretStr("")
    health_mail_senders: str = ""
    health_mail_ca_file: Path | None = None
    health_mail_certificate: Path | None = None
    health_mail_product: str = "Liane"
    psc_issuer: str = ""
    psc_discovery_url: str = ""
    psc_client_id: str = ""
    psc_client_secret: SecretStr = SecretStr("")
    psc_acr: str = "eidas1"
    psc_client_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"

    @model_validator(mode="after")
    def _name_the_demonstration(self) -> Self:
        if self.is_demo and "instance_name" not in self.model_fields_set:
            self.instance_name, self.instance_place = "Clinique des Tilleuls", "Niort"
        if self.is_demo and "health_mail_domain" not in self.model_fields_set:
            self.health_mail_domain = "patient.liane.example"
        if self.is_demo and "health_mail_senders" not in self.model_fields_set:
            self.health_mail_senders = ".mssante.example"
        return self

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def key_path(self) -> Path:
        return self.key_file or self.data_dir / "keys" / "liane.key"

    @property
    def database_path(self) -> Path:
        """Where the embedded database lives; unused with PostgreSQL."""
        return self.data_dir / "liane.db"

    @property
    def is_postgresql(self) -> bool:
        return bool(self.database_url.get_secret_value())

    @property
    def event_rate(self) -> int:
        """Events a second of one socket (S072); only the demonstration may be asked for more than 20."""
        return self.events_per_second if self.is_demo else min(self.events_per_second, 20)

    @property
    def request_rate(self) -> int:
        """Posts a minute of one address (S072); only the demonstration may be asked for more than 300."""
        return self.requests_per_minute if self.is_demo else min(self.requests_per_minute, 300)

    @property
    def has_sms(self) -> bool:
        """Whether codes may go by SMS: a gateway is set, or nothing leaves the machine."""
        return bool(self.sms_url) or self.is_demo

    @property
    def sms_prefixes(self) -> tuple[str, ...]:
        """Country codes codes may be sent to (S033)."""
        return tuple(self.sms_countries.split())

    @property
    def base_url(self) -> str:
        """The address people type, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def has_health_mail(self) -> bool:
        """Whether health mail comes in: a domain of addresses, and the mailbox they lead to."""
        return bool(self.health_mail_domain and self.health_mail_imap_url.get_secret_value())

    @property
    def sends_health_mail(self) -> bool:
        """Whether answers of patients leave for the mailboxes of health mail."""
        return bool(self.health_mail_domain and self.health_mail_smtp_url.get_secret_value())

    def may_send_health_mail(self, domain: str) -> bool:
        """Whether mails from this domain are taken (S113): `mssante.fr` alone, `.mssante.fr` below it."""
        return any(
            domain == allowed or (allowed.startswith(".") and domain.endswith(allowed))
            for allowed in self.health_mail_senders.lower().split()
        )

    @property
    def has_psc(self) -> bool:
        """Whether Pro Santé Connect is a door of this portal: a real one, or the built-in simulator."""
        return bool(self.psc_issuer) or self.is_demo

    @property
    def has_psc_simulator(self) -> bool:
        """Only where nobody is real, and where no other provider was asked for."""
        return self.is_demo and not self.psc_issuer

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Exact origins that may open a socket or post a form (S004, S082)."""
        if self.public_url:
            return (origin_of(self.public_url),)
        return (f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}")

    def check_production(self) -> None:
        """Refuse to start in production on an unsafe configuration (S154)."""
        if self.is_demo:
            return
        if not self.public_url:
            raise SetupError(
                "LIANE_PUBLIC_URL n’est pas réglée : donnez l’adresse publique du portail, "
                "par exemple https://portail.exemple.fr."
            )
        address = urlsplit(self.public_url)
        if address.hostname not in {"localhost", "127.0.0.1"} and address.scheme != "https":
            raise SetupError("LIANE_PUBLIC_URL doit commencer par https:// en production.")
        if not address.hostname or "*" in self.public_url or address.path not in {"", "/"}:
            raise SetupError(
                "LIANE_PUBLIC_URL doit être une adresse exacte, sans chemin ni étoile, "
                "par exemple https://portail.exemple.fr."
            )
        if not self.smtp_url.get_secret_value():
            raise SetupError(
                "LIANE_SMTP_URL n’est pas réglée : sans serveur de messagerie, personne ne "
                "recevrait son code de connexion."
            )
        self._check_sms()
        self._check_psc()
        self._check_document_store()
        self._check_health_mail()
        self._check_redis()
        if urlsplit(self.directory_api_url).scheme != "https":
            raise SetupError("LIANE_DIRECTORY_API_URL doit commencer par https:// en production.")

    def _check_document_store(self) -> None:
        if not self.document_store:
            return
        if not self.s3_key_id.get_secret_value() or not self.s3_secret.get_secret_value():
            raise SetupError(
                "LIANE_DOCUMENT_STORE est réglée, mais pas LIANE_S3_KEY_ID ou LIANE_S3_SECRET : "
                "donnez les clés reçues du stockage, ou retirez les trois."
            )
        address = urlsplit(self.s3_endpoint)
        if address.scheme == "http" and address.hostname not in _LOOPBACK:
            raise SetupError("LIANE_S3_ENDPOINT doit commencer par https:// en production.")

    def _check_health_mail(self) -> None:
        """Off without addresses of servers; with them, encrypted unless on this machine (S114)."""
        urls = {
            "LIANE_HEALTH_MAIL_IMAP_URL": (self.health_mail_imap_url, {"imaps"}),
            "LIANE_HEALTH_MAIL_SMTP_URL": (self.health_mail_smtp_url, {"smtps", "smtp"}),
        }
        given = [name for name, (url, _) in urls.items() if url.get_secret_value()]
        if given and not (self.health_mail_domain and self.health_mail_senders):
            raise SetupError(
                f"{given[0]} est réglée, mais pas LIANE_HEALTH_MAIL_DOMAIN ou "
                "LIANE_HEALTH_MAIL_SENDERS : donnez le domaine des adresses des patients et ceux "
                "des professionnels, ou retirez-les tous."
            )
        for name in given:
            url, encrypted = urls[name]
            address = urlsplit(url.get_secret_value())
            # smtp:// off this machine is never spoken without STARTTLS.
            if not address.hostname or (
                address.scheme not in encrypted and address.hostname not in _LOOPBACK
            ):
                raise SetupError(
                    f"{name} doit commencer par {' ou '.join(sorted(encrypted))}:// en production."
                )

    def _check_redis(self) -> None:
        """Beyond this machine, a password and TLS (S008, S085)."""
        address = urlsplit(self.redis_url.get_secret_value())
        if not address.scheme:
            return
        if address.scheme not in {"redis", "rediss", "unix"}:
            raise SetupError(
                "LIANE_REDIS_URL doit commencer par redis://, rediss:// ou unix://, "
                "par exemple redis://localhost:6379/0."
            )
        is_here = address.scheme == "unix" or address.hostname in _LOOPBACK
        if not is_here and (address.scheme != "rediss" or not address.password):
            raise SetupError(
                "LIANE_REDIS_URL désigne une autre machine : elle doit commencer par rediss:// et "
                "porter un mot de passe, par exemple rediss://:motdepasse@redis.exemple.fr:6379/0."
            )

    def _check_sms(self) -> None:
        if not self.sms_url:
            return
        if urlsplit(self.sms_url).scheme != "https" or not urlsplit(self.sms_url).hostname:
            raise SetupError("LIANE_SMS_URL doit commencer par https:// en production.")
        if not self.sms_token.get_secret_value():
            raise SetupError(
                "LIANE_SMS_URL est réglée, mais pas LIANE_SMS_TOKEN : donnez le jeton reçu de la "
                "passerelle SMS, ou retirez les deux."
            )

    def _check_psc(self) -> None:
        if not self.psc_issuer:
            return
        if not self.psc_client_id or not self.psc_client_secret.get_secret_value():
            raise SetupError(
                "LIANE_PSC_ISSUER est réglée, mais pas LIANE_PSC_CLIENT_ID ou "
                "LIANE_PSC_CLIENT_SECRET : donnez l’identifiant et le secret reçus de Pro Santé "
                "Connect, ou retirez les trois."
            )
        for name, url in (
            ("LIANE_PSC_ISSUER", self.psc_issuer),
            ("LIANE_PSC_DISCOVERY_URL", self.psc_discovery_url),
        ):
            if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
                raise SetupError(f"{name} doit commencer par https:// en production.")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as browsers write an Origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once. Raises SetupError naming what cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        names = sorted({_environment_name(str(fault["loc"][0])) for fault in error.errors()})
        raise SetupError(
            f"La valeur de {', '.join(names)} ne peut pas être lue{_NARROW}: voyez le tableau des "
            "réglages du fichier README.md."
        ) from None


def _environment_name(field: str) -> str:
    return field if field.isupper() else f"LIANE_{field.upper()}"
