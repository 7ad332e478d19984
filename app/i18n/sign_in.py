"""Sentences of signing in."""

MESSAGES = {
    "sign_in.wrong": "Identifiant ou mot de passe incorrect",
    "sign_in.wait": "Trop d’essais. Réessayez à {time}",
    "sign_in.missing": "Saisissez votre e-mail et votre mot de passe",
    "sign_in.busy": "Beaucoup de personnes se connectent en ce moment. Réessayez dans un instant",
    "sign_in.start_again": "Cette connexion a expiré. Saisissez à nouveau votre mot de passe",
    "code.wrong": "Ce code n’est pas le bon. Vérifiez les 6 chiffres du dernier message reçu",
    "code.expired": "Ce code a expiré. Demandez-en un autre",
    "code.missing": "Ce code ne peut plus servir. Demandez-en un autre",
    "code.empty": "Saisissez les 6 chiffres du code reçu",
    "code.too_many": "Trop d’essais avec ce code. Demandez-en un autre",
    "code.closed": "Trop de codes faux. La connexion par code rouvrira le {time}",
    "code.resend_wait": "Un code vient de partir. Vous pourrez en demander un autre à {time}",
    "code.country_not_served": (
        "Nous n’envoyons pas de SMS vers ce pays. Choisissez un autre moyen de recevoir le code"
    ),
    "factor.stale": "Confirmez d’abord votre identité avec un code",
    "code.too_many_sent": "Trop de codes demandés. Vous pourrez en demander un autre à {time}",
}
