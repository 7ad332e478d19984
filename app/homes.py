"""Where each role lands after signing in."""

SIGN_IN_PAGE = "/connexion"
# Where whoever has not accepted a legal text in force reads it; nothing else opens before (U-25).
CONDITIONS_PAGE = "/conditions"
CODE_PAGE = "/connexion/code"
MEMBER_PAGE = "/connexion/membre"
FORGOTTEN_PASSWORD_PAGE = "/connexion/mot-de-passe-oublie"  # noqa: S105 - an address
FORGOTTEN_IDENTIFIER_PAGE = "/connexion/identifiant-oublie"
CONFIRM_PAGE = "/connexion/confirmer"
PSC_PAGE = "/connexion/pro-sante-connect"
HOME = {
    "professional": "/tableau-de-bord",
    "secretary": "/applications",
    "patient": "/accueil",
    "administrator": "/admin",
}
CONFIRM_PAGE = "/connexion/confirmer"
