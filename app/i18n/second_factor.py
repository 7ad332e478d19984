"""The words of each way to give a second factor; they differ for e-mail, telephone and application (ME-029)."""

from datetime import datetime

from app.i18n.format import clock
from app.models.session import SignInMethod
from app.services.second_factor import Way

ICONS = {
    SignInMethod.TOTP: "shield-check",
    SignInMethod.EMAIL_CODE: "mail",
    SignInMethod.SMS_CODE: "smartphone",
    SignInMethod.RECOVERY_CODE: "key-round",
}

# Before the masked destination, and after it.
LEADS = {
    SignInMethod.EMAIL_CODE: (
        "Nous avons envoyé un code à usage unique à",
        ". Il est valable 10 minutes.",
    ),
    SignInMethod.SMS_CODE: (
        "Nous avons envoyé un code à usage unique par SMS au",
        ". Il est valable 5 minutes.",
    ),
    SignInMethod.TOTP: (
        "Ouvrez votre application d’authentification, puis saisissez le code qu’elle affiche pour Liane.",
        "",
    ),
    SignInMethod.RECOVERY_CODE: (
        "Saisissez un des codes de secours que vous avez conservés. Chacun ne sert qu’une fois.",
        "",
    ),
}
CHOOSE_LEAD = "Choisissez où recevoir votre code à usage unique."
NOT_RECEIVED = "Vous n’avez pas reçu le code ?"
ANOTHER_WAY = "ou par un autre moyen"

_PLACES = {
    SignInMethod.EMAIL_CODE: "Par e-mail, à {to}",
    SignInMethod.SMS_CODE: "Par SMS, au {to}",
}
_AGAIN = {
    SignInMethod.EMAIL_CODE: "Renvoyer le code par e-mail",
    SignInMethod.SMS_CODE: "Renvoyer le code par SMS",
}
_OTHER = {
    SignInMethod.EMAIL_CODE: "Recevoir le code à {to}",
    SignInMethod.SMS_CODE: "Recevoir le code au {to}",
    SignInMethod.TOTP: "Utiliser mon application",
    SignInMethod.RECOVERY_CODE: "Utiliser un code de secours",
}


def place_label(way: Way) -> str:
    """`Par SMS, au •• •• •• •• 27`: a choice of where the code goes."""
    return _PLACES[way.method].format(to=way.destination)


def other_label(way: Way, *, is_present: bool) -> str:
    """The button that takes a way, or sends the code of the present one again."""
    return (_AGAIN if is_present else _OTHER)[way.method].format(to=way.destination)


def hint_of(method: SignInMethod, sent_at: datetime | None) -> str:
    """What is to be typed, and when it was received."""
    if method is SignInMethod.TOTP:
        return "6 chiffres, renouvelés toutes les 30 secondes"
    if method is SignInMethod.RECOVERY_CODE:
        return "16 lettres et chiffres"
    means = "par SMS" if method is SignInMethod.SMS_CODE else "par e-mail"
    at = f" à {clock(sent_at)}" if sent_at else ""
    return f"6 chiffres, reçus {means}{at}"
