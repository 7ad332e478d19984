"""Words of the closing of a record: what is kept, for how long, what comes back."""

MESSAGES = {
    "record_life.unseen_unticked": (
        "Cochez la case pour confirmer que plus personne ne verra ce dossier, vous y compris"
    ),
    "record_life.kept_unticked": (
        "Cochez la case pour confirmer que vous savez ce qui est conservé et jusqu’à quand"
    ),
    "record_life.close_first": (
        "La suppression se demande pour un dossier clôturé. Clôturez d’abord votre dossier."
    ),
    "record_life.close_instead": (
        "Votre dossier contient déjà des documents : clôturez-le plutôt. Ils seront conservés "
        "dix ans, et vous les retrouverez en le rouvrant."
    ),
}
