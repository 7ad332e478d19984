"""Pro Santé Connect: the OpenID Connect client (FA-01 to FA-12; S040, S041, S044).

Every address comes from the discovery document or from the settings, none from another: the issuer and the
authorization host differ (FA-01). The protocol's pieces are Authlib's; the calls go through `Outbound`.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from app.errors import Unavailable
from app.integrations.outbound import Answer, Outbound, OutboundFault, is_address
from app.integrations.psc_identity import PscIdentity, read_identity
from app.integrations.psc_token import (
    ALGORITHMS,
    SigningKey,
    UnknownKey,
    UntrustedToken,
    check_id_token,
    check_logout_token,
    read_keys,
)

SCOPE = "openid scope_all"
WELL_KNOWN = ("wallet-openid-configuration", "openid-configuration")
DISCOVERY_SECONDS = 3_600
KEYS_SECONDS = 3_600
# A token naming an unknown key makes us ask for the keys again, but not more often than this.
RELOAD_SECONDS = 30

ClientAuthMethod = Literal["client_secret_basic", "client_secret_post"]
Check = Callable[[tuple[SigningKey, ...]], Mapping[str, Any]]
logger = logging.getLogger("liane.psc")


@dataclass(frozen=True)
class PscConfiguration:
    """How this portal is known to the provider.

    `discovery_url`: '' to look under the issuer. `is_local`: the provider may be on this machine or
    beside it, over plain http, which only the demonstration allows.
    """

    issuer: str
    client_id: str
    client_secret: str
    discovery_url: str = ""
    acr: str = "eidas1"
    auth_method: ClientAuthMethod = "client_secret_basic"
    is_local: bool = False


@dataclass(frozen=True)
class PscProvider:
    """What the discovery document announces, as far as it is used. `end_session_url` may be ''."""

    issuer: str
    authorization_url: str
    token_url: str
    userinfo_url: str
    keys_url: str
    end_session_url: str


@dataclass(frozen=True)
class PscSignIn:
    """A completed exchange: who it is, and the id token that a later sign-out shows the provider."""

    identity: PscIdentity
    id_token: str


class PscClient:
    """One provider. Every failure of it is `Unavailable`; the log says why, without tokens."""

    def __init__(
        self, configuration: PscConfiguration, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.configuration = configuration
        own = (configuration.issuer, configuration.discovery_url)
        self._outbound = Outbound(
            [host for url in own if (host := urlsplit(url).hostname)],
            is_local=configuration.is_local,
            transport=transport,
        )
        self._provider: PscProvider | None = None
        self._provider_until = 0.0
        self._keys: tuple[SigningKey, ...] = ()
        self._keys_asked_at = float("-inf")

    async def discover(self) -> PscProvider:
        """The provider's addresses, read again once an hour."""
        if self._provider is None or time.monotonic() >= self._provider_until:
            self._provider = self._read_provider(await self._discovery_document())
            self._provider_until = time.monotonic() + DISCOVERY_SECONDS
        return self._provider

    async def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, verifier: str
    ) -> str:
        """Where the browser goes to be authenticated (FA-04), with PKCE S256."""
        provider = await self.discover()
        return str(
            prepare_grant_uri(
                provider.authorization_url,
                self.configuration.client_id,
                "code",
                redirect_uri=redirect_uri,
                scope=SCOPE,
                state=state,
                nonce=nonce,
                acr_values=self.configuration.acr,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    async def exchange(
        self, code: str, *, redirect_uri: str, nonce: str, verifier: str, now: datetime
    ) -> PscSignIn:
        """Turn the code of a callback into a verified identity."""
        provider = await self.discover()
        tokens = await self._fetch_tokens(provider, code, redirect_uri, verifier)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise _unavailable("the token answer lacks a token")
        claims = await self._checked(
            lambda keys: check_id_token(
                id_token,
                keys,
                issuer=self.configuration.issuer,
                client_id=self.configuration.client_id,
                nonce=nonce,
                acr=self.configuration.acr,
                access_token=access_token,
                now=now,
            )
        )
        userinfo = await self._fetch_userinfo(provider, access_token)
        if userinfo.get("sub") != claims["sub"]:
            raise _untrusted("userinfo is about somebody else")
        return PscSignIn(read_identity(claims, userinfo), id_token)

    async def logout_url(self, *, id_token: str, return_uri: str, state: str) -> str:
        """Where the browser goes to end the provider's session (FA-11); '' when it has no such place."""
        provider = await self.discover()
        if not provider.end_session_url:
            return ""
        parameters = [
            ("id_token_hint", id_token),
            ("post_logout_redirect_uri", return_uri),
            ("state", state),
            ("client_id", self.configuration.client_id),
        ]
        return str(add_params_to_uri(provider.end_session_url, parameters))

    async def check_logout(self, token: str, *, now: datetime) -> tuple[str, str]:
        """Subject and provider session that a back-channel logout token ends; one of them may be ''."""
        claims = await self._checked(
            lambda keys: check_logout_token(
                token,
                keys,
                issuer=self.configuration.issuer,
                client_id=self.configuration.client_id,
                now=now,
            )
        )
        return str(claims.get("sub", "")), str(claims.get("sid", ""))

    async def _discovery_document(self) -> Mapping[str, Any]:
        given = self.configuration.discovery_url
        issuer = self.configuration.issuer.rstrip("/")
        urls = [given] if given else [f"{issuer}/.well-known/{name}" for name in WELL_KNOWN]
        for url in urls[:-1]:
            answer = await self._call("GET", url)
            if answer.status == httpx.codes.OK:
                return _object(answer)
        return _object(await self._call("GET", urls[-1]))

    def _read_provider(self, found: Mapping[str, Any]) -> PscProvider:
        if found.get("issuer") != self.configuration.issuer:
            raise _unavailable("the discovery document is another issuer's")
        algorithms = found.get("id_token_signing_alg_values_supported")
        if isinstance(algorithms, list) and not set(ALGORITHMS).intersection(map(str, algorithms)):
            raise _unavailable("the provider signs with no algorithm of ours")
        names = ("authorization", "token", "userinfo")
        urls = [found.get(f"{name}_endpoint") for name in names] + [found.get("jwks_uri")]
        urls.append(found.get("end_session_endpoint", ""))
        for url in urls:
            is_absent_end = url == "" and url is urls[-1]
            if not is_absent_end and not self._is_address(url):
                raise _unavailable("the discovery document gives an address that is not https")
        return PscProvider(self.configuration.issuer, *map(str, urls))

    def _is_address(self, url: Any) -> bool:
        return isinstance(url, str) and is_address(url, may_be_plain=self.configuration.is_local)

    async def _fetch_tokens(
        self, provider: PscProvider, code: str, redirect_uri: str, verifier: str
    ) -> Mapping[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier
        )
        auth = ClientAuth(
            self.configuration.client_id,
            self.configuration.client_secret,
            self.configuration.auth_method,
        )
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        url, headers, body = auth.prepare("POST", provider.token_url, headers, body)
        return _object(await self._call("POST", url, headers=headers, body=body))

    async def _fetch_userinfo(self, provider: PscProvider, access_token: str) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
        return _object(await self._call("GET", provider.userinfo_url, headers=headers))

    async def _checked(self, check: Check) -> Mapping[str, Any]:
        """Run a check with the keys at hand, and once more with fresh ones for a key not seen before."""
        try:
            if time.monotonic() - self._keys_asked_at >= KEYS_SECONDS:
                await self._load_keys()
            try:
                return check(self._keys)
            except UnknownKey:
                if time.monotonic() - self._keys_asked_at < RELOAD_SECONDS:
                    raise
                await self._load_keys()
                return check(self._keys)
        except UntrustedToken as fault:
            raise _untrusted(str(fault)) from fault

    async def _load_keys(self) -> None:
        provider = await self.discover()
        self._keys = read_keys(_object(await self._call("GET", provider.keys_url)))
        self._keys_asked_at = time.monotonic()

    async def _call(self, method: str, url: str, **more: Any) -> Answer:
        try:
            return await self._outbound.call(method, url, **more)
        except OutboundFault as fault:
            raise _unavailable(str(fault)) from fault


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        return answer.json_object()
    except OutboundFault as fault:
        raise _unavailable(str(fault)) from fault


def _unavailable(reason: str) -> Unavailable:
    logger.warning("Pro Santé Connect is of no use now: %s", reason)
    return Unavailable("psc.unavailable", reason=reason)


def _untrusted(check: str) -> Unavailable:
    logger.warning("an answer in the name of Pro Santé Connect was refused: %s", check)
    return Unavailable("psc.untrusted", reason=check)
