"""The cookies of the product: their names, and the signed one that recognises a browser (S025)."""

from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie

from app.crypto import Keyring, new_token, same

SESSION = "__Host-liane"
ATTEMPT = "__Host-liane-attempt"
DEVICE = "__Host-liane-device"
PSC_TRIP = "__Host-liane-psc-trip"
PSC_PENDING = "__Host-liane-psc"
DEVICE_LIFE = timedelta(days=90)


def read(header: str, name: str) -> str:
    """One cookie of a Cookie header, empty when absent or unreadable."""
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def new_device(keyring: Keyring, identifier: str, *, now: datetime) -> str:
    """A value that tells, later, that this browser signed in to this account before."""
    device_id, issued = new_token()[:22], str(int(now.timestamp()))
    return f"{device_id}.{issued}.{_device_mac(keyring, device_id, issued, identifier)}"


def device_id(keyring: Keyring, value: str, identifier: str, *, now: datetime) -> str:
    """The browser's own id when the cookie is ours, for this account and not too old; '' otherwise."""
    parts = value.split(".")
    if len(parts) != 3 or not parts[1].isdigit():  # noqa: PLR2004 - id, time, mac
        return ""
    found_id, issued, mac = parts
    if not same(mac, _device_mac(keyring, found_id, issued, identifier)):
        return ""
    return found_id if int(issued) + DEVICE_LIFE.total_seconds() > now.timestamp() else ""


def _device_mac(keyring: Keyring, found_id: str, issued: str, identifier: str) -> str:
    return keyring.mac("device", f"{found_id}\x1f{issued}\x1f{identifier.strip().lower()}").hex()
