"""Sentences of sending mail and SMS."""

MESSAGES = {
    "mail.unavailable": (
        "Le serveur de messagerie ne répond pas. Le message partira dès qu’il répondra."
    ),
    "sms.unavailable": "La passerelle SMS ne répond pas. Le message partira dès qu’elle répondra.",
}
