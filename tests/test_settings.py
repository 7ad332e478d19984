"""What the settings refuse in production (S154), and which provider of identities they name."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from app.crypto import Keyring
from app.errors import SetupError
from app.integrations.psc_settings import SIMULATOR, configuration, own_address
from app.settings import Settings

GOOD = {
    "mode": "production",
    "public_url": "https://portail.exemple.test",
    "smtp_url": "smtp://127.0.0.1:25",
    "psc_issuer": "https://identite.exemple.test/realms/a",
    "psc_client_id": "liane",
    "psc_client_secret": "secret",
}
KEYRING = Keyring(b"k" * 32)


def settings_of(**changes):
    return Settings(**{**GOOD, **changes})


class TestPscSettings:
    def test_a_whole_configuration_is_taken(self):
        settings = settings_of(psc_acr="eidas2", psc_client_auth="client_secret_post")
        settings.check_production()
        known = configuration(settings, KEYRING)
        assert (known.issuer, known.client_secret) == (GOOD["psc_issuer"], "secret")
        assert (known.acr, known.auth_method) == ("eidas2", "client_secret_post")
        assert not known.is_local

    @pytest.mark.parametrize(
        "changes",
        [
            {"psc_client_id": ""},
            {"psc_client_secret": ""},
            {"psc_issuer": "http://identite.exemple.test"},
            {"psc_discovery_url": "http://identite.exemple.test/d"},
        ],
    )
    def test_S154_half_a_configuration_or_plain_http_is_refused(self, changes):
        with pytest.raises(SetupError) as caught:
            settings_of(**changes).check_production()
        assert "LIANE_PSC" in str(caught.value)

    def test_without_an_issuer_production_has_no_such_door(self):
        settings = settings_of(psc_issuer="")
        settings.check_production()
        assert not settings.has_psc
        assert configuration(settings, KEYRING) is None

    def test_the_demonstration_has_its_own_unless_another_is_named(self):
        own = settings_of(mode="demo", psc_issuer="", public_url="")
        assert configuration(own, KEYRING).issuer == own.base_url + SIMULATOR
        assert (
            configuration(own, KEYRING).client_secret
            != configuration(own, Keyring(b"l" * 32)).client_secret
        )
        other = settings_of(mode="demo")
        assert configuration(other, KEYRING).issuer == GOOD["psc_issuer"]
        assert not other.has_psc_simulator

    @pytest.mark.parametrize(
        ("host", "reached"),
        [
            ("127.0.0.1", "127.0.0.1"),
            ("::", "127.0.0.1"),
            ("192.0.2.4", "192.0.2.4"),
            ("::1", "[::1]"),
        ],
    )
    def test_reaches_itself_whatever_stands_before_it(self, host, reached):
        assert own_address(settings_of(host=host)) == f"http://{reached}:3000"


class TestDocumentStore:
    bucket: ClassVar = {
        "document_store": "s3://documents/liane",
        "s3_endpoint": "https://s3.exemple.test",
        "s3_key_id": "liane",
        "s3_secret": "secret",
    }

    @pytest.mark.parametrize("endpoint", ["", "https://s3.exemple.test", "http://127.0.0.1:8333"])
    def test_a_whole_configuration_is_taken(self, endpoint):
        settings_of(**self.bucket | {"s3_endpoint": endpoint}).check_production()

    @pytest.mark.parametrize(
        "changes",
        [{"s3_key_id": ""}, {"s3_secret": ""}, {"s3_endpoint": "http://s3.exemple.test"}],
    )
    def test_S154_half_a_configuration_or_plain_http_is_refused(self, changes):
        with pytest.raises(SetupError, match="LIANE_S3"):
            settings_of(**self.bucket | changes).check_production()

    @pytest.mark.parametrize(
        "place",
        ["/srv/documents", "s3://", "https://s3.exemple.test/a", "s3://cle:secret@documents"],
    )
    def test_only_a_bucket_can_be_named(self, place):
        with pytest.raises(ValidationError):
            settings_of(document_store=place)


class TestRedis:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "redis://localhost:6379/0",
            "unix:///run/redis.sock",
            "rediss://:secret@redis.exemple.test:6379/0",
        ],
    )
    def test_S008_here_or_with_a_password_and_tls(self, url):
        settings_of(redis_url=url).check_production()

    @pytest.mark.parametrize(
        "url",
        [
            "http://localhost:6379",
            "redis://:secret@redis.exemple.test",
            "rediss://redis.exemple.test",
        ],
    )
    def test_S008_S154_anything_else_is_refused(self, url):
        with pytest.raises(SetupError, match="LIANE_REDIS_URL") as caught:
            settings_of(redis_url=url).check_production()
        assert "secret@redis.exemple.test" not in str(caught.value)
