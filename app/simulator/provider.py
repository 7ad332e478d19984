"""The protocol of the simulator: discovery, authorization, tokens, userinfo, keys, logout.

It refuses what a strict provider refuses: an unregistered return address, a missing PKCE S256 challenge, a
code used twice, a wrong verifier, a wrong client secret.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from app.crypto import same
from app.simulator.memory import ACCESS_LIFE, Grant, Memory, Request, Session
from app.simulator.people import Person

ACR = "eidas1"
SCOPES = ("openid", "scope_all")
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
AUTHORIZE, LOGOUT = "/auth", "/protocol/openid-connect/logout"
TOKEN, USERINFO = "/protocol/openid-connect/token", "/protocol/openid-connect/userinfo"
INTROSPECT, CERTS = "/protocol/openid-connect/token/introspect", "/protocol/openid-connect/certs"


class Refusal(Exception):
    """An error of the protocol, by its registered name."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True)
class Client:
    """The one service the simulator knows."""

    client_id: str
    secret: str
    name: str
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]
    back_channel_url: str


class Provider:
    """One simulator. `front`: its address for browsers, and its issuer; `back`: for the service itself."""

    def __init__(
        self, *, front: str, back: str, client: Client, key: RSAKey, clock: Callable[[], datetime]
    ) -> None:
        self.issuer, self.back, self.client, self.key, self.now = front, back, client, key, clock
        self.memory = Memory()

    def discovery(self) -> dict[str, Any]:
        """The document of discovery: browsers and the service are sent to different hosts (FA-01)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + AUTHORIZE,
            "end_session_endpoint": self.issuer + LOGOUT,
            "token_endpoint": self.back + TOKEN,
            "userinfo_endpoint": self.back + USERINFO,
            "introspection_endpoint": self.back + INTROSPECT,
            "jwks_uri": self.back + CERTS,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "acr_values_supported": [ACR],
            "scopes_supported": [*SCOPES, "identity", "rpps"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }

    def certs(self) -> dict[str, Any]:
        """The public half of the signing key."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def read_request(self, query: Mapping[str, str]) -> Request:
        """A checked authorization request. Raises Refusal, or `ReturnedRefusal` to send back to the service."""
        redirect_uri = query.get("redirect_uri", "")
        if query.get("client_id") != self.client.client_id:
            raise Refusal("invalid_client", "service inconnu")
        if redirect_uri not in self.client.redirect_uris:
            raise Refusal("invalid_request", "adresse de retour non déclarée")
        request = Request(
            client_id=self.client.client_id,
            redirect_uri=redirect_uri,
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            challenge=query.get("code_challenge", ""),
            acr=ACR,
        )
        wrong = (
            (query.get("response_type") != "code", "unsupported_response_type"),
            (not set(SCOPES) <= set(query.get("scope", "").split()), "invalid_scope"),
            (not request.state or not request.nonce, "invalid_request"),
            (not request.challenge, "invalid_request"),
            (query.get("code_challenge_method") != "S256", "invalid_request"),
            (query.get("acr_values", ACR) != ACR, "unmet_authentication_requirements"),
        )
        for is_wrong, error in wrong:
            if is_wrong:
                raise ReturnedRefusal(error, request)
        return request

    def open_session(self, person: Person, means: str) -> tuple[Session, str]:
        """Somebody proved who they are: the session, and the value of its cookie."""
        now = self.now()
        session = Session(person, secrets.token_urlsafe(16), means, now, now)
        return session, self.memory.sessions.put(session, now=now)

    def session_of(self, cookie: str) -> Session | None:
        """The open session of a browser."""
        session = self.memory.sessions.get(cookie, now=self.now())
        return session if session is not None and session.is_open(self.now()) else None

    def grant(self, request: Request, session: Session) -> str:
        """The address that takes the browser back with a fresh code."""
        now = self.now()
        session.last_at = now
        code = self.memory.codes.put(Grant(request, session, session.started_at), now=now)
        return returned(request, code=code, session_state=session.sid)

    def authenticate_client(self, header: str, form: Mapping[str, str]) -> None:
        """`client_secret_basic` or `client_secret_post`. Raises Refusal."""
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header:
            kind, _, value = header.partition(" ")
            try:
                pair = base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                pair = ""
            client_id, _, secret = pair.partition(":") if kind.lower() == "basic" else ("", "", "")
            client_id, secret = unquote_plus(client_id), unquote_plus(secret)
        is_known = same(client_id, self.client.client_id)
        if not same(secret, self.client.secret) or not is_known:
            raise Refusal("invalid_client", "identifiant ou secret du service", 401)

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint for a code, which is worth something once."""
        if form.get("grant_type") != "authorization_code":
            raise Refusal("unsupported_grant_type", "seul authorization_code est accepté")
        now = self.now()
        grant = self.memory.codes.take(form.get("code", ""), now=now)
        if grant is None or form.get("redirect_uri") != grant.request.redirect_uri:
            raise Refusal("invalid_grant", "code inconnu, expiré ou déjà utilisé")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not same(challenge, grant.request.challenge):
            raise Refusal("invalid_grant", "code_verifier")
        access_token = self.memory.access.put(grant, now=now)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(SCOPES),
            "id_token": self._id_token(grant, access_token),
        }

    def userinfo(self, header: str) -> dict[str, Any]:
        """The claims behind an access token. Raises Refusal."""
        grant = self.memory.access.get(header.removeprefix("Bearer "), now=self.now())
        if grant is None:
            raise Refusal("invalid_token", "jeton inconnu ou expiré", 401)
        return grant.session.person.userinfo()

    def introspect(self, token: str) -> dict[str, Any]:
        """Whether an access token still lives (RFC 7662)."""
        grant = self.memory.access.get(token, now=self.now())
        if grant is None:
            return {"active": False}
        return {"active": True, "sub": grant.session.person.subject, "sid": grant.session.sid}

    def end_by_hint(self, id_token: str) -> Session | None:
        """End the session an id token of ours names; None when there is none (any more)."""
        try:
            claims = jwt.decode(id_token, self.key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            raise Refusal("invalid_request", "id_token_hint") from None
        found = [one for one in self.memory.sessions.values() if one.sid == claims.get("sid")]
        for session in found:
            session.is_ended = True
        return found[0] if found else None

    def logout_token(self, session: Session) -> str:
        """What the service is told in the back (OpenID Connect Back-Channel Logout 1.0)."""
        issued = int(self.now().timestamp())
        return self._sign(
            {
                "iss": self.issuer,
                "aud": self.client.client_id,
                "iat": issued,
                "exp": issued + 120,
                "jti": secrets.token_urlsafe(16),
                "sub": session.person.subject,
                "sid": session.sid,
                "events": {LOGOUT_EVENT: {}},
            },
            kind="logout+jwt",
        )

    def _id_token(self, grant: Grant, access_token: str) -> str:
        issued = int(self.now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        return self._sign(
            {
                "iss": self.issuer,
                "sub": grant.session.person.subject,
                "aud": self.client.client_id,
                "azp": self.client.client_id,
                "iat": issued,
                "exp": issued + int(ACCESS_LIFE.total_seconds()),
                "auth_time": int(grant.authenticated_at.timestamp()),
                "nonce": grant.request.nonce,
                "acr": grant.request.acr,
                "sid": grant.session.sid,
                "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
                "preferred_username": grant.session.person.national_id,
            }
        )

    def _sign(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        header = {"alg": "RS256", "kid": self.key.kid, "typ": kind}
        return jwt.encode(header, claims, self.key)


class ReturnedRefusal(Exception):
    """An error that the service is told of, since its return address is good."""

    def __init__(self, error: str, request: Request) -> None:
        super().__init__(error)
        self.error, self.request = error, request


def returned(request: Request, **answer: str) -> str:
    """The return address with an answer and the state."""
    query = urlencode({**answer, "state": request.state})
    return f"{request.redirect_uri}?{query}"
