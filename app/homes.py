"""Where each role lands after signing in, and the pages one is sent to."""

from urllib.parse import quote

SIGN_IN_PAGE = "/connexion"
# Where whoever has not accepted a legal text in force reads it; nothing else opens before (U-25).
CONDITIONS_PAGE = "/conditions"
CODE_PAGE = "/connexion/code"
MEMBER_PAGE = "/connexion/membre"
FORGOTTEN_PASSWORD_PAGE = "/connexion/mot-de-passe-oublie"  # noqa: S105 - an address
FORGOTTEN_IDENTIFIER_PAGE = "/connexion/identifiant-oublie"
WAITING_PAGE = "/inscription/suivi"
CONFIRM_PAGE = "/connexion/confirmer"
# Where a professional finds a record, and comes back to from one opened outside the circle.
SEARCH_PAGE = "/dossiers"
MESSAGES_PAGE = "/messagerie"
PSC_PAGE = "/connexion/pro-sante-connect"
HOME = {
    "professional": "/tableau-de-bord",
    "secretary": "/applications",
    "patient": "/accueil",
    "administrator": "/admin",
}


def confirm_path(back_to: str) -> str:
    """The page that asks for a factor again (S054), and where it leads afterwards: an address of ours."""
    return f"{CONFIRM_PAGE}?suite={quote(back_to)}"
