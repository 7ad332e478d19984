"""Sentences of signing in."""

# Told as good news.
GOOD_NEWS = frozenset({"reset.done"})

MESSAGES = {
    "sign_in.wrong": "Identifiant ou mot de passe incorrect",
    "sign_in.wait": "Trop d’essais. Réessayez à {time}",
    "sign_in.missing": "Saisissez votre e-mail ou votre identifiant, et votre mot de passe",
    "sign_in.busy": "Beaucoup de personnes se connectent en ce moment. Réessayez dans un instant",
    "sign_in.start_again": "Cette connexion a expiré. Saisissez à nouveau votre mot de passe",
    "code.wrong": "Ce code n’est pas le bon. Vérifiez les 6 chiffres du dernier message reçu",
    "code.expired": "Ce code a expiré. Demandez-en un autre",
    "code.missing": "Ce code ne peut plus servir. Demandez-en un autre",
    "code.empty": "Saisissez les 6 chiffres du code reçu",
    "code.too_many": "Trop d’essais avec ce code. Demandez-en un autre",
    "code.closed": "Trop de codes faux. La connexion par code rouvrira le {time}",
    "code.wait": "Trop d’essais. Réessayez à {time}",
    "code.way_missing": "Choisissez comment recevoir votre code",
    "sign_in.pending": (
        "Votre compte est en attente de vérification. Vous recevrez un e-mail dès qu’il sera ouvert"
    ),
    "sign_in.suspended": "Votre compte est suspendu. Écrivez à l’administration de votre portail",
    "sign_in.closed": "Ce compte est fermé. Écrivez à l’administration de votre portail",
    "totp.empty": "Saisissez les 6 chiffres affichés par votre application",
    "totp.wrong": "Ce code n’est pas le bon. Attendez le suivant, puis saisissez-le",
    "totp.already_set": "Une application est déjà reliée à votre compte. Retirez-la d’abord",
    "totp.not_started": "Recommencez l’ajout de votre application",
    "totp.not_set": "Aucune application n’est reliée à votre compte",
    "recovery.empty": "Saisissez un de vos codes de secours",
    "recovery.wrong": "Ce code de secours n’est pas le bon, ou il a déjà servi",
    "reset.done": "Votre nouveau mot de passe est enregistré. Connectez-vous",
    "reset.email_missing": "Saisissez votre adresse e-mail",
    "reset.gone": "Ce lien a expiré ou a déjà servi. Demandez-en un autre",
    "code.resend_wait": "Un code vient de partir. Vous pourrez en demander un autre à {time}",
    "code.country_not_served": (
        "Nous n’envoyons pas de SMS vers ce pays. Choisissez un autre moyen de recevoir le code"
    ),
    "factor.stale": "Confirmez d’abord votre identité avec un code",
    "code.too_many_sent": "Trop de codes demandés. Vous pourrez en demander un autre à {time}",
}
