"""Sentences of sending mail."""

MESSAGES = {
    "mail.unavailable": (
        "Le serveur de messagerie ne répond pas. Le message partira dès qu’il répondra."
    ),
}
