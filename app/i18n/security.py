"""Words of the security of an account: password, factors, open sign-ins."""

from app.models.session import SignInMethod

MESSAGES = {
    "password.wait": "Trop d’essais. Réessayez à {time}",
    "password.missing": "Saisissez votre nouveau mot de passe",
    "password.current_missing": "Saisissez votre mot de passe actuel",
    "password.current_wrong": "Ce n’est pas votre mot de passe actuel. Vérifiez-le",
    "password.not_the_same": "Saisissez deux fois le même mot de passe",
    "password.same": "Choisissez un mot de passe différent de l’actuel",
    "session.not_found": "Cette connexion est déjà fermée.",
    "device.not_found": "Cet appareil est déjà oublié.",
}

METHODS = {
    SignInMethod.EMAIL_CODE: "Mot de passe et code par e-mail",
    SignInMethod.SMS_CODE: "Mot de passe et code par SMS",
    SignInMethod.TOTP: "Mot de passe et application d’authentification",
    SignInMethod.RECOVERY_CODE: "Mot de passe et code de secours",
    SignInMethod.PSC: "Pro Santé Connect",
    SignInMethod.OPERATOR: "Code opérateur, sur un poste enregistré",
}

# Forms posted outside page state.
PASSWORD_FORM, TOTP_FORM = "account_password", "account_totp"

DONE = {
    "password": "Votre mot de passe est changé. Vos autres connexions sont fermées.",
    "totp": "Votre application d’authentification est active. Vos autres connexions sont fermées.",
    "totp_removed": "L’application d’authentification est retirée. Vos autres connexions sont fermées.",
    "psc_unlinked": "Pro Santé Connect est dissocié. Vos autres connexions sont fermées.",
    "closed": "La connexion est fermée.",
    "closed_others": "Vos autres connexions sont fermées.",
    "forgotten": "L’appareil est oublié.",
}
