"""The cookies of the product: their names, and the signed one that recognises a browser (S025)."""

from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

from app.crypto import Keyring, same

SESSION = "__Host-liane"
ATTEMPT = "__Host-liane-attempt"
DEVICE = "__Host-liane-device"
PSC_TRIP = "__Host-liane-psc-trip"
PSC_PENDING = "__Host-liane-psc"
RESET = "__Host-liane-mot-de-passe"
WORKSTATION = "__Host-liane-poste"
REGISTRATION = "__Host-liane-inscription"
DEVICE_LIFE = timedelta(days=90)
# Accounts one browser is known to: enough for a family or a practice.
_MOST_DEVICES = 5


def read(header: str, name: str) -> str:
    """One cookie of a Cookie header, empty when absent or unreadable."""
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def new_device(keyring: Keyring, before: str, device_id: UUID, *, now: datetime) -> str:
    """The cookie of a browser that just signed in: this known device first, then those it had `before`."""
    issued = str(int(now.timestamp()))
    first = f"{device_id.hex}.{issued}.{_device_mac(keyring, device_id.hex, issued)}"
    others = [part for part in before.split("~") if part and not part.startswith(device_id.hex)]
    return "~".join([first, *others[: _MOST_DEVICES - 1]])


def device_ids(keyring: Keyring, value: str, *, now: datetime) -> tuple[UUID, ...]:
    """The known devices a cookie names, one for each account; forged and old ones left out."""
    found = (_device_id(keyring, part, now) for part in value.split("~")[:_MOST_DEVICES])
    return tuple(device_id for device_id in found if device_id is not None)


def _device_id(keyring: Keyring, part: str, now: datetime) -> UUID | None:
    pieces = part.split(".")
    if len(pieces) != 3 or not (pieces[1].isascii() and pieces[1].isdigit()):  # noqa: PLR2004 - id, time, mac
        return None
    found, issued, mac = pieces
    if not same(mac, _device_mac(keyring, found, issued)):
        return None
    is_young = int(issued) + DEVICE_LIFE.total_seconds() > now.timestamp()
    return UUID(hex=found) if is_young else None


def _device_mac(keyring: Keyring, found_id: str, issued: str) -> str:
    return keyring.mac("device", f"{found_id}\x1f{issued}").hex()
