"""The client of Pro Santé Connect over a provider that forges one answer at a time (S041, FA-01 to FA-12)."""

import hashlib
import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.errors import Unavailable
from app.integrations import psc
from tests.integrations.forged_provider import (
    AUTHORIZE,
    BASE,
    CALLBACK,
    CLIENT,
    ISSUER,
    KEY,
    NONCE,
    OTHER_KEY,
    SECRET,
    SUBJECT,
    VERIFIER,
    ForgedProvider,
    new_key,
    unsigned,
)


@pytest.fixture
def provider(now):
    return ForgedProvider(now)


async def exchange(provider, **changes):
    return await provider.client(**changes).exchange(
        "code", redirect_uri=CALLBACK, nonce=NONCE, verifier=VERIFIER, now=provider.now
    )


async def refusal_of(provider, **changes):
    """The code and the reason of the refusal."""
    with pytest.raises(Unavailable) as caught:
        await exchange(provider, **changes)
    return caught.value.code, caught.value.context["reason"]


class TestAuthorization:
    async def test_S040_asks_for_a_code_with_pkce_state_and_nonce(self, provider):
        url = await provider.client().authorization_url(
            redirect_uri=CALLBACK, state="etat", nonce=NONCE, verifier=VERIFIER
        )
        challenge = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
        assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "scope": "openid scope_all",
            "state": "etat",
            "nonce": NONCE,
            "acr_values": "eidas1",
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }

    async def test_FA01_goes_to_the_announced_host_not_the_issuers(self, provider):
        url = await provider.client().authorization_url(
            redirect_uri=CALLBACK, state="etat", nonce=NONCE, verifier=VERIFIER
        )
        assert url.startswith(f"{AUTHORIZE}?")
        assert urlsplit(url).hostname != urlsplit(ISSUER).hostname

    async def test_FA04_asks_for_the_configured_level(self, provider):
        url = await provider.client(acr="eidas2").authorization_url(
            redirect_uri=CALLBACK, state="etat", nonce=NONCE, verifier=VERIFIER
        )
        assert parse_qs(urlsplit(url).query)["acr_values"] == ["eidas2"]


class TestDiscovery:
    async def test_is_read_once_an_hour(self, provider, monkeypatch):
        client = provider.client()
        await client.discover()
        await client.discover()
        assert provider.count(".well-known") == 1
        monkeypatch.setattr(psc.time, "monotonic", lambda: client._provider_until + 1)
        await client.discover()
        assert provider.count(".well-known") == 2

    async def test_falls_back_to_the_standard_name(self, provider):
        document = provider._document()
        provider.answers = {
            "/wallet-openid-configuration": lambda _: httpx.Response(404),
            "/.well-known/openid-configuration": lambda _: httpx.Response(200, json=document),
        }
        assert (await provider.client().discover()).authorization_url == AUTHORIZE

    async def test_reads_the_configured_address_and_no_other(self, provider):
        url = "https://identite.exemple.test/decouverte"
        provider.answers = {"/decouverte": lambda _: httpx.Response(200, json=provider._document())}
        await provider.client(discovery_url=url).discover()
        assert [str(request.url) for request in provider.asked] == [url]

    @pytest.mark.parametrize(
        "change",
        [
            {"issuer": "https://autre.exemple.test"},
            {"issuer": None},
            {"authorization_endpoint": "http://portefeuille.exemple.test/auth"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"token_endpoint": 7},
            {"jwks_uri": None},
            {"userinfo_endpoint": "https://moi@identite.exemple.test/u"},
            {"end_session_endpoint": "ftp://identite.exemple.test/"},
            {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        ],
    )
    async def test_nonsense_is_unavailable(self, provider, change):
        provider.document = change
        with pytest.raises(Unavailable) as caught:
            await provider.client().discover()
        assert caught.value.code == "psc.unavailable"

    async def test_S114_an_announced_host_that_is_not_configured_is_not_called(self, provider):
        provider.document = {"token_endpoint": "https://ailleurs.exemple.test/token"}
        assert await refusal_of(provider) == ("psc.unavailable", "a host that is not configured")
        assert provider.count("ailleurs") == 0


class TestExchange:
    async def test_a_good_answer_names_the_person(self, provider):
        done = await exchange(provider)
        assert done.identity.issuer == ISSUER
        assert done.identity.subject == SUBJECT
        assert done.identity.rpps == "99700218896"
        assert done.identity.sid == "session-1"
        assert done.id_token.count(".") == 2

    async def test_authenticates_with_http_basic_and_sends_the_verifier(self, provider):
        await exchange(provider)
        post = next(request for request in provider.asked if request.method == "POST")
        basic = post.headers["authorization"].removeprefix("Basic ")
        assert b64decode(basic).decode() == f"{CLIENT}:{SECRET}"
        assert provider.form() == {
            "grant_type": "authorization_code",
            "code": "code",
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }

    async def test_or_in_the_form_when_configured(self, provider):
        await exchange(provider, auth_method="client_secret_post")
        assert (provider.form()["client_id"], provider.form()["client_secret"]) == (CLIENT, SECRET)

    @pytest.mark.parametrize("key_type", ["PS256", "ES256"])
    async def test_S041_accepts_the_other_allowed_algorithms(self, provider, key_type):
        if key_type == "ES256":
            key = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
        else:
            key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
        provider.published = [key]
        provider.id_token = provider.sign(provider.claims(), key, alg=key_type, kid=key.kid)
        assert (await exchange(provider)).identity.subject == SUBJECT

    async def test_several_audiences_with_our_own_as_party(self, provider):
        provider.id_token = provider.sign(provider.claims(aud=["autre", CLIENT]))
        assert (await exchange(provider)).identity.subject == SUBJECT


class TestForgedSignature:
    async def test_S041_none(self, provider):
        provider.id_token = unsigned(provider.claims(), kid=KEY.kid)
        assert await refusal_of(provider) == ("psc.untrusted", "alg")

    async def test_S041_unsigned_under_an_allowed_name(self, provider):
        provider.id_token = unsigned(provider.claims(), alg="RS256", kid=KEY.kid)
        assert (await refusal_of(provider))[0] == "psc.untrusted"

    async def test_S041_signature_of_another_content(self, provider):
        good = provider.sign(provider.claims()).split(".")
        other = provider.sign(provider.claims(sub="quelqu’un d’autre")).split(".")
        provider.id_token = ".".join([good[0], other[1], good[2]])
        assert await refusal_of(provider) == ("psc.untrusted", "signature")

    async def test_S041_HS256_with_the_public_key(self, provider):
        parts = unsigned(provider.claims(), alg="HS256", kid=KEY.kid)[:-1]
        for secret in (KEY.as_pem(private=False), json.dumps(KEY.as_dict(private=False)).encode()):
            mac = hmac.digest(secret, parts.encode(), "sha256")
            provider.id_token = f"{parts}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
            assert await refusal_of(provider) == ("psc.untrusted", "alg")

    async def test_S041_HS256_with_our_own_secret(self, provider):
        key = OctKey.import_key(SECRET * 3)
        provider.id_token = provider.sign(provider.claims(), key, alg="HS256")
        assert await refusal_of(provider) == ("psc.untrusted", "alg")

    async def test_S041_a_secret_key_in_the_published_set_opens_nothing(self, provider):
        key = OctKey.generate_key(256, auto_kid=True)
        keys = {"keys": [key.as_dict(private=True)]}
        provider.answers = {"/certs": lambda _: httpx.Response(200, json=keys)}
        provider.id_token = provider.sign(provider.claims(), key, alg="HS256", kid=key.kid)
        assert await refusal_of(provider) == ("psc.untrusted", "alg")

    async def test_S041_anothers_key_under_the_providers_name(self, provider):
        provider.id_token = provider.sign(provider.claims(), OTHER_KEY, kid=KEY.kid)
        assert await refusal_of(provider) == ("psc.untrusted", "signature")

    async def test_S041_wrong_kid(self, provider):
        provider.id_token = provider.sign(provider.claims(), OTHER_KEY, kid=OTHER_KEY.kid)
        assert await refusal_of(provider) == ("psc.untrusted", "kid")

    async def test_S041_no_kid_among_several_keys(self, provider):
        provider.published = [KEY, OTHER_KEY]
        provider.id_token = provider.sign(provider.claims(), kid=None)
        assert await refusal_of(provider) == ("psc.untrusted", "kid")

    async def test_S041_no_kid_is_good_where_one_key_is_published(self, provider):
        provider.id_token = provider.sign(provider.claims(), kid=None)
        assert (await exchange(provider)).identity.subject == SUBJECT
        provider.id_token = provider.sign(provider.claims(), OTHER_KEY, kid=None)
        assert await refusal_of(provider) == ("psc.untrusted", "signature")

    async def test_S041_a_key_carried_by_the_token_itself(self, provider):
        header = {"kid": OTHER_KEY.kid, "jwk": OTHER_KEY.as_dict(private=False)}
        provider.id_token = provider.sign(provider.claims(), OTHER_KEY, **header)
        assert (await refusal_of(provider))[0] == "psc.untrusted"

    async def test_S041_a_key_meant_for_encryption(self, provider):
        key = RSAKey.generate_key(2048, {"use": "enc"}, auto_kid=True)
        provider.published = [key]
        signer = RSAKey.import_key({**key.as_dict(private=True), "use": "sig"})
        provider.id_token = provider.sign(provider.claims(), signer, kid=key.kid)
        assert await refusal_of(provider) == ("psc.untrusted", "kid")

    async def test_S041_a_key_of_another_algorithm(self, provider):
        signer = RSAKey.import_key({**KEY.as_dict(private=True), "alg": "PS256"})
        provider.id_token = provider.sign(provider.claims(), signer, alg="PS256")
        assert await refusal_of(provider) == ("psc.untrusted", "key")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a",
            "a.b",
            "a.b.c",
            "a.b.c.d.e",
            "é.é.é",
            "....",
            "x" * 20_000,
            "e30.e30.e30",
            "bnVsbA.e30.AA",
        ],
    )
    async def test_S041_what_is_no_token(self, provider, text):
        provider.id_token = text
        provider.answers = {
            f"{BASE}/token": lambda _: httpx.Response(
                200, json={"access_token": "acces", "id_token": text}
            )
        }
        assert (await refusal_of(provider))[0] == "psc.untrusted"

    async def test_S041_claims_that_are_no_object(self, provider):
        provider.id_token = provider.sign({}).split(".")[0] + ".W10.AA"
        assert (await refusal_of(provider))[0] == "psc.untrusted"


class TestForgedClaims:
    @pytest.mark.parametrize(
        ("reason", "changes"),
        [
            ("iss", {"iss": "https://autre.exemple.test"}),
            ("iss", {"iss": f"{ISSUER}/"}),
            ("iss", {"iss": None}),
            ("iss", {"iss": [ISSUER]}),
            ("aud", {"aud": "autre"}),
            ("aud", {"aud": ["autre", "tiers"]}),
            ("aud", {"aud": None}),
            ("aud", {"aud": []}),
            ("azp", {"azp": "autre"}),
            ("azp", {"aud": ["autre", CLIENT], "azp": None}),
            ("nonce", {"nonce": None}),
            ("nonce", {"nonce": "un autre"}),
            ("nonce", {"nonce": [NONCE]}),
            ("acr", {"acr": None}),
            ("acr", {"acr": "eidas0"}),
            ("acr", {"acr": ["eidas1"]}),
            ("exp", {"exp": None}),
            ("exp", {"exp": "bientôt"}),
            ("iat", {"iat": None}),
            ("iat", {"iat": "hier"}),
            ("iat", {"iat": True}),
            ("sub", {"sub": None}),
            ("sub", {"sub": ""}),
            ("sub", {"sub": 7}),
            ("at_hash", {"at_hash": "autre"}),
            ("events", {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}),
        ],
    )
    async def test_S041_refuses(self, provider, reason, changes):
        provider.id_token = provider.sign(provider.claims(**changes))
        assert await refusal_of(provider) == ("psc.untrusted", reason)

    @pytest.mark.parametrize(
        ("seconds", "life", "is_good"),
        [(0, 120, True), (59, 120, True), (-59, 120, True), (61, 120, False), (-61, 120, False)],
    )
    async def test_S041_allows_a_drift_of_60_seconds(self, provider, now, seconds, life, is_good):
        issued = int(now.timestamp()) + seconds
        provider.id_token = provider.sign(provider.claims(iat=issued, exp=issued + life))
        if is_good:
            assert (await exchange(provider)).identity.subject == SUBJECT
        else:
            assert await refusal_of(provider) == ("psc.untrusted", "iat")

    async def test_S041_expired(self, provider, now):
        issued = int(now.timestamp()) - 50
        provider.id_token = provider.sign(provider.claims(iat=issued, exp=issued - 11))
        assert await refusal_of(provider) == ("psc.untrusted", "exp")

    async def test_S041_not_before_later(self, provider, now):
        provider.id_token = provider.sign(provider.claims(nbf=int(now.timestamp()) + 61))
        assert await refusal_of(provider) == ("psc.untrusted", "nbf")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
    async def test_S041_a_time_that_is_no_number(self, provider, number):
        claims = json.dumps(provider.claims(iat="@")).replace('"@"', number)
        provider.id_token = _signed_text(claims)
        assert (await refusal_of(provider))[0] == "psc.untrusted"

    async def test_S041_the_nonce_of_another_request(self, provider):
        client = provider.client()
        with pytest.raises(Unavailable) as caught:
            await client.exchange(
                "code", redirect_uri=CALLBACK, nonce="m" * 43, verifier=VERIFIER, now=provider.now
            )
        assert caught.value.context == {"reason": "nonce"}

    async def test_userinfo_about_somebody_else(self, provider):
        provider.userinfo["sub"] = "f:annuaire:899700261797"
        assert (await refusal_of(provider))[0] == "psc.untrusted"


def _signed_text(claims: str) -> str:
    from joserfc import jws  # noqa: PLC0415 - only here is the text of the claims forged

    return jws.serialize_compact(
        {"alg": "RS256", "kid": KEY.kid}, claims.encode(), KEY, algorithms=["RS256"]
    )


class TestKeys:
    async def test_FA12_the_key_set_is_read_again_once_for_a_new_key(self, provider, monkeypatch):
        client = provider.client()
        ask = {"redirect_uri": CALLBACK, "nonce": NONCE, "verifier": VERIFIER, "now": provider.now}
        await client.exchange("code", **ask)
        newer = new_key()
        provider.published = [newer]
        provider.id_token = provider.sign(provider.claims(), newer, kid=newer.kid)
        monkeypatch.setattr(psc, "RELOAD_SECONDS", 0)
        assert (await client.exchange("code", **ask)).identity.subject == SUBJECT
        assert provider.count("/certs") == 2

    async def test_an_unknown_key_does_not_make_us_ask_for_ever(self, provider):
        client = provider.client()
        provider.id_token = provider.sign(provider.claims(), OTHER_KEY, kid=OTHER_KEY.kid)
        for _ in range(5):
            with pytest.raises(Unavailable):
                await client.exchange(
                    "code", redirect_uri=CALLBACK, nonce=NONCE, verifier=VERIFIER, now=provider.now
                )
        assert provider.count("/certs") == 1

    @pytest.mark.parametrize(
        "keys", [{}, {"keys": 7}, {"keys": [7, {}, {"kty": "RSA", "kid": "x"}]}]
    )
    async def test_a_key_set_that_is_none_verifies_nothing(self, provider, keys):
        provider.answers = {"/certs": lambda _: httpx.Response(200, json=keys)}
        assert (await refusal_of(provider))[0] == "psc.untrusted"


class TestProviderInTrouble:
    @pytest.mark.parametrize("place", [".well-known", "/certs", f"{BASE}/token", "/userinfo"])
    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(302, headers={"location": "https://ailleurs.exemple.test/"}),
            httpx.Response(200, text="<html>"),
            httpx.Response(200, json=[1, 2]),
            httpx.Response(200, content=b"[" * 100_000),
            httpx.Response(200, content=b" " * 1_000_001),
        ],
    )
    async def test_every_bad_answer_is_unavailable(self, provider, place, answer):
        provider.answers = {
            place: lambda _: httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
        }
        assert (await refusal_of(provider))[0] == "psc.unavailable"
        assert provider.count("ailleurs") == 0

    async def test_silence_is_unavailable(self, provider):
        def silent(_):
            raise httpx.ConnectTimeout("nobody")

        provider.answers = {".well-known": silent}
        assert (await refusal_of(provider))[0] == "psc.unavailable"

    async def test_nothing_secret_is_logged(self, provider, caplog):
        provider.id_token = provider.sign(provider.claims(acr="eidas0"))
        await refusal_of(provider)
        assert "acr" in caplog.text
        assert provider.id_token not in caplog.text
        assert SECRET not in caplog.text


class TestLogout:
    async def test_FA11_leads_to_the_announced_place(self, provider):
        url = await provider.client().logout_url(
            id_token="jeton", return_uri="https://portail.exemple.test/fin", state="etat"
        )
        assert url.startswith(f"{BASE}/logout?")
        assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
            "id_token_hint": "jeton",
            "post_logout_redirect_uri": "https://portail.exemple.test/fin",
            "state": "etat",
            "client_id": CLIENT,
        }

    async def test_a_provider_without_logout_has_no_place(self, provider):
        provider.document = {"end_session_endpoint": ""}
        url = await provider.client().logout_url(id_token="j", return_uri="r", state="e")
        assert url == ""


EVENTS = {"http://schemas.openid.net/event/backchannel-logout": {}}


class TestBackChannel:
    def claims(self, provider, **changes):
        absent = dict.fromkeys(("nonce", "acr", "auth_time", "at_hash", "azp"))
        return provider.claims(**{**absent, "jti": "j1", "events": EVENTS, **changes})

    async def test_S044_a_good_token_names_subject_and_session(self, provider):
        token = provider.sign(self.claims(provider), typ="logout+jwt")
        found = await provider.client().check_logout(token, now=provider.now)
        assert found == (SUBJECT, "session-1")

    async def test_S044_a_session_alone_is_enough(self, provider):
        token = provider.sign(self.claims(provider, sub=None))
        assert await provider.client().check_logout(token, now=provider.now) == ("", "session-1")

    @pytest.mark.parametrize(
        ("reason", "changes"),
        [
            ("iss", {"iss": "https://autre.exemple.test"}),
            ("aud", {"aud": "autre"}),
            ("events", {"events": None}),
            ("events", {"events": {}}),
            ("events", {"events": {"http://schemas.openid.net/event/backchannel-logout": "x"}}),
            ("nonce", {"nonce": NONCE}),
            ("jti", {"jti": None}),
            ("sub", {"sub": None, "sid": None}),
            ("sub", {"sid": ""}),
            ("exp", {"exp": None}),
            ("iat", {"iat": None}),
            ("iat", {"iat": 1}),
        ],
    )
    async def test_S044_refuses(self, provider, reason, changes):
        token = provider.sign(self.claims(provider, **changes))
        with pytest.raises(Unavailable) as caught:
            await provider.client().check_logout(token, now=provider.now)
        assert (caught.value.code, caught.value.context["reason"]) == ("psc.untrusted", reason)

    async def test_S044_an_id_token_ends_nothing(self, provider):
        with pytest.raises(Unavailable):
            await provider.client().check_logout(provider.sign(provider.claims()), now=provider.now)

    @pytest.mark.parametrize("forge", ["none", "stranger"])
    async def test_S044_signature_is_verified_as_strictly(self, provider, forge):
        claims = self.claims(provider)
        token = unsigned(claims, kid=KEY.kid)
        if forge == "stranger":
            token = provider.sign(claims, OTHER_KEY, kid=KEY.kid)
        with pytest.raises(Unavailable):
            await provider.client().check_logout(token, now=provider.now)
