"""Which Pro Santé Connect this portal asks: the one of the settings, or the demonstration's simulator."""

from app.crypto import Keyring
from app.integrations.psc import PscConfiguration
from app.settings import Settings

CALLBACK = "/auth/psc/callback"
SIGNED_OUT = "/auth/psc/signed-out"
BACK_CHANNEL = "/auth/psc/back-channel-logout"

SIMULATOR = "/simulateur-psc"
SIMULATOR_CLIENT = "liane-demonstration"
SIMULATOR_DISCOVERY = f"{SIMULATOR}/.well-known/wallet-openid-configuration"
_EVERY_INTERFACE = {"", "0.0.0.0", "::", "localhost"}  # noqa: S104 - a value to compare with


def configuration(settings: Settings, keyring: Keyring) -> PscConfiguration | None:
    """How this portal is known to its provider; None where that door does not exist."""
    if settings.psc_issuer:
        return PscConfiguration(
            issuer=settings.psc_issuer,
            client_id=settings.psc_client_id,
            client_secret=settings.psc_client_secret.get_secret_value(),
            discovery_url=settings.psc_discovery_url,
            acr=settings.psc_acr,
            auth_method=settings.psc_client_auth,
            is_local=settings.is_demo,
        )
    if settings.has_psc_simulator:
        return PscConfiguration(
            issuer=settings.base_url + SIMULATOR,
            client_id=SIMULATOR_CLIENT,
            client_secret=simulator_secret(keyring),
            discovery_url=own_address(settings) + SIMULATOR_DISCOVERY,
            is_local=True,
        )
    return None


def own_address(settings: Settings) -> str:
    """Where this process reaches itself, whatever stands before it."""
    host = "127.0.0.1" if settings.host in _EVERY_INTERFACE else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def simulator_secret(keyring: Keyring) -> str:
    """The client secret that both sides of the demonstration derive from the same key."""
    return keyring.mac("psc-simulator", SIMULATOR_CLIENT).hex()
