"""Words of « Accès des professionnels de santé »."""

MESSAGES = {
    "access_list.not_authorised": (
        "Ce professionnel n’a plus accès à votre dossier. Rechargez la page pour voir la liste à jour."
    ),
    "access_list.doctors_only": "Le statut administrateur ne peut être donné qu’à un médecin.",
    "access_list.yourself": (
        "Vous ne pouvez pas vous bloquer vous-même. Pour ne plus suivre ce patient, quittez le cercle "
        "depuis la page Contacts."
    ),
    "access_list.status_needed": (
        "Seul un médecin à qui le patient a donné le statut administrateur peut voir ou changer les "
        "accès à ce dossier."
    ),
}
