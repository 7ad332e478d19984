"""A provider whose every answer a test may forge: answers come from memory, signatures from real keys."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from app.integrations.psc import PscClient, PscConfiguration

ISSUER = "https://identite.exemple.test/auth/realms/esante-wallet"
AUTHORIZE = "https://portefeuille.exemple.test/auth"
BASE = f"{ISSUER}/protocol/openid-connect"
CLIENT, SECRET = "liane", "secret-du-service"
CALLBACK = "https://portail.exemple.test/auth/psc/callback"
NONCE, VERIFIER = "n" * 43, "v" * 43
SUBJECT = "f:annuaire:899700218896"
USERINFO = {
    "sub": SUBJECT,
    "SubjectNameID": "899700218896",
    "preferred_username": "899700218896",
    "given_name": "ROBERT",
    "family_name": "SPECIALISTE0021889",
    "email_verified": False,
    "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
    "SubjectOrganization": "CABINET M SPECIALISTE0021889",
    "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
    "SubjectRefPro": {
        "codeCivilite": "M",
        "exercices": [
            {
                "codeProfession": "10",
                "nomDexercice": "SPECIALISTE0021889",
                "prenomDexercice": "ROBERT",
                "codeTypeSavoirFaire": "",
            }
        ],
    },
}


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


KEY, OTHER_KEY = new_key(), new_key()


def left_half(text: str) -> str:
    """The `at_hash` of a token signed with SHA-256."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


@dataclass
class ForgedProvider:
    """Answers well unless told otherwise. `answers`: by address, what to answer instead."""

    now: datetime
    published: list[Any] = field(default_factory=lambda: [KEY])
    userinfo: dict[str, Any] = field(default_factory=lambda: dict(USERINFO))
    document: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[[httpx.Request], httpx.Response]] = field(default_factory=dict)
    id_token: str = ""
    asked: list[httpx.Request] = field(default_factory=list)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a good id token; a change to None takes one away."""
        seconds = int(self.now.timestamp())
        good = {
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": CLIENT,
            "azp": CLIENT,
            "iat": seconds,
            "exp": seconds + 120,
            "auth_time": seconds - 5,
            "nonce": NONCE,
            "acr": "eidas1",
            "sid": "session-1",
            "at_hash": left_half("acces"),
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def sign(self, claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
        """A token signed by a key of the provider, or by another."""
        whole = {"alg": "RS256", "typ": "JWT", "kid": KEY.kid, **header}
        kept = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(kept, claims, key, algorithms=[kept["alg"]])

    def client(self, **changes: Any) -> PscClient:
        """Our own side of the protocol, over this provider."""
        known = {"issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET} | changes
        return PscClient(PscConfiguration(**known), transport=httpx.MockTransport(self._answer))

    def count(self, part: str) -> int:
        """How often an address that holds these words was asked."""
        return sum(part in str(request.url) for request in self.asked)

    def form(self) -> dict[str, str]:
        """What the last post to the token endpoint carried."""
        posts = [request for request in self.asked if request.method == "POST"]
        return {name: values[0] for name, values in parse_qs(posts[-1].content.decode()).items()}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        url = str(request.url).partition("?")[0]
        forged = next((a for part, a in self.answers.items() if part in url), None)
        if forged is not None:
            return forged(request)
        if url.endswith("/.well-known/wallet-openid-configuration"):
            return httpx.Response(200, json=self._document())
        if url == f"{BASE}/certs":
            keys = [key.as_dict(private=False) for key in KeySet(self.published)]
            return httpx.Response(200, json={"keys": keys})
        if url == f"{BASE}/token":
            id_token = self.id_token or self.sign(self.claims())
            return httpx.Response(200, json={"access_token": "acces", "id_token": id_token})
        if url == f"{BASE}/userinfo":
            return httpx.Response(200, json=self.userinfo)
        return httpx.Response(404)

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": AUTHORIZE,
            "token_endpoint": f"{BASE}/token",
            "userinfo_endpoint": f"{BASE}/userinfo",
            "end_session_endpoint": f"{BASE}/logout",
            "jwks_uri": f"{BASE}/certs",
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "HS256"],
        } | self.document


def unsigned(claims: dict[str, Any], signature: str = "", **header: Any) -> str:
    """A token with the algorithm `none`, or any header, and whatever signature."""
    parts = ({"alg": "none", "typ": "JWT", **header}, claims)
    encoded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    ]
    return ".".join([*encoded, signature])
