"""Where each role lands after signing in."""

SIGN_IN_PAGE = "/connexion"
HOME = {
    "professional": "/tableau-de-bord",
    "secretary": "/applications",
    "patient": "/accueil",
    "administrator": "/administration",
}
