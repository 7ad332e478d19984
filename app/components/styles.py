"""The style sheets, in the order of their cascade."""

STYLESHEETS = [
    f"/styles/{name}.css"
    for name in (
        "fonts",
        "tokens",
        "base",
        "shell",
        "signed-out",
        "password",
        "psc",
        "dashboard",
        "home",
        "patient",
        "records",
        "entries",
        "synthesis",
        "figure",
        "enrolment",
        "registration",
        "admin",
        "account",
        "switch",
        "documents",
        "document-grid",
        "upload",
        "attachment",
        "composer",
        "matrix",
        "statistic",
        "record-settings",
        "messages",
        "help",
        "print",
    )
]
