"""Signed tokens of Pro Santé Connect: who signed, for whom, when, answering what (S041, S044).

The signature is verified by the provider's published keys only, with the algorithms below only: an unsigned
token, or one signed with our secret or with a public key taken for a secret, has no key here.
"""

import binascii
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

ALGORITHMS = ("RS256", "PS256", "ES256")
DRIFT_SECONDS = 60
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_KEY_OF = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
_MAX_TOKEN = 16_384

SigningKey = RSAKey | ECKey


class UntrustedToken(Exception):
    """A token that proves nothing. The message names the check it fails, for the log."""


class UnknownKey(UntrustedToken):
    """The token names a key that is not among those given: the provider may have changed its keys."""


def read_keys(found: Mapping[str, Any]) -> tuple[SigningKey, ...]:
    """The signing keys of a published key set; entries of another kind are left out."""
    return tuple(_signing_keys(found.get("keys")))


def _signing_keys(entries: Any) -> Iterator[SigningKey]:
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        if "d" in entry:
            continue
        try:
            if entry.get("kty") == "RSA":
                yield RSAKey.import_key(entry)
            elif entry.get("kty") == "EC":
                yield ECKey.import_key(entry)
        except (JoseError, ValueError, TypeError):
            continue


def verified_claims(token: str, keys: tuple[SigningKey, ...]) -> tuple[Mapping[str, Any], str]:
    """The claims of a token and its algorithm, once its signature is verified. Says nothing of the claims."""
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in _KEY_OF:
        raise UntrustedToken("alg")
    named = [key for key in keys if kid is not None and key.kid == kid]
    if kid is None and len(keys) == 1:
        # OpenID Connect Core 10.1: a token may leave its key unnamed where only one is published.
        named = list(keys)
    if not named:
        raise UnknownKey("kid")
    fit = [key for key in named if key.key_type == _KEY_OF[algorithm] and _may(key, algorithm)]
    if not fit:
        raise UntrustedToken("key")
    try:
        decoded = jwt.decode(token, fit[0], algorithms=[algorithm])
    except (JoseError, ValueError, TypeError) as error:
        raise UntrustedToken("signature") from error
    return decoded.claims, str(algorithm)


def _may(key: SigningKey, algorithm: str) -> bool:
    return key.alg is None or key.alg == algorithm


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > _MAX_TOKEN or token.count(".") != 2:  # noqa: PLR2004 - header, payload, signature
        raise UntrustedToken("shape")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError, UnicodeError, binascii.Error) as error:
        raise UntrustedToken("shape") from error
    return dict(header)


def check_id_token(
    token: str,
    keys: tuple[SigningKey, ...],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    acr: str,
    access_token: str,
    now: datetime,
) -> Mapping[str, Any]:
    """The claims of an id token answering our own request. Raises UntrustedToken."""
    claims, algorithm = verified_claims(token, keys)
    _check_common(
        claims,
        algorithm,
        issuer=issuer,
        client_id=client_id,
        now=now,
        params={"nonce": nonce, "access_token": access_token},
    )
    if "events" in claims:
        raise UntrustedToken("events")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise UntrustedToken("sub")
    if not nonce or claims.get("nonce") != nonce:
        raise UntrustedToken("nonce")
    if claims.get("acr") != acr:
        raise UntrustedToken("acr")
    return claims


def check_logout_token(
    token: str, keys: tuple[SigningKey, ...], *, issuer: str, client_id: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of a back-channel logout token (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
    claims, algorithm = verified_claims(token, keys)
    _check_common(claims, algorithm, issuer=issuer, client_id=client_id, now=now, params={})
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise UntrustedToken("events")
    if "nonce" in claims:
        raise UntrustedToken("nonce")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise UntrustedToken("jti")
    named = [claims.get(name) for name in ("sub", "sid") if name in claims]
    if not named or not all(isinstance(value, str) and value for value in named):
        raise UntrustedToken("sub")
    return claims


def _check_common(
    claims: Mapping[str, Any],
    algorithm: str,
    *,
    issuer: str,
    client_id: str,
    now: datetime,
    params: Mapping[str, str],
) -> None:
    """Issuer, audience, party, and times within the drift: the library's checks, then the stricter ones."""
    seconds = int(now.timestamp())
    known = CodeIDToken(
        # A logout token may name a session only; who it is about is checked by its own rules.
        {"sub": "", **claims},
        {"alg": algorithm},
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={"client_id": client_id, **params},
    )
    try:
        known.validate(now=seconds, leeway=DRIFT_SECONDS)
    except JoseError as error:
        name = getattr(error, "claim", None) or str(error.error)
        raise UntrustedToken(str(name)) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise UntrustedToken("claims") from error
    if claims.get("iss") != issuer:
        raise UntrustedToken("iss")
    audience = claims.get("aud")
    if audience != client_id and not (isinstance(audience, list) and client_id in audience):
        raise UntrustedToken("aud")
    _check_times(claims, seconds)


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    issued: Any = claims.get("iat")
    ends: Any = claims.get("exp")
    if not _is_time(issued) or abs(now - issued) > DRIFT_SECONDS:
        raise UntrustedToken("iat")
    if not _is_time(ends) or ends <= now - DRIFT_SECONDS or ends <= issued:
        raise UntrustedToken("exp")


def _is_time(value: Any) -> bool:
    """Whole or with a fraction; JSON as Python reads it also knows NaN and infinity, which no check stops."""
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    )
