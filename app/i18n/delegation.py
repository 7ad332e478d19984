"""Sentences of delegations."""

MESSAGES = {
    "delegation.out_of_scope": "Votre délégation ne va pas jusque-là. Demandez au titulaire du compte de l’étendre.",
    "delegation.own_account_only": (
        "Vous agissez pour une autre personne. Quittez ce mode pour gérer votre propre compte."
    ),
}
