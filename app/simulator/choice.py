"""« Connectez-vous »: who one is and by which means (DM-14 to DM-18, PS-19, MM-29)."""

from app.integrations.psc_settings import SIMULATOR
from app.simulator.frame import (
    APPLICATION,
    CARD,
    KEY,
    MEANS,
    card,
    fault,
    field_error,
    give_up,
    page,
    title,
    who,
)
from app.simulator.markup import Html, callout, el, icon, join, submit, typo
from app.simulator.people import PEOPLE, Person

_TABS = (
    (APPLICATION, "smartphone", "Application e-CPS"),
    (CARD, "id-card", "Carte CPS"),
)


def sign_in(
    means: str, *, rpps: str, is_remembered: bool, error: str, people: dict[str, Person] = PEOPLE
) -> Html:
    """« Connectez-vous »: two tabs, and the security key below."""
    body = {
        APPLICATION: lambda: _application(rpps, is_remembered, error),
        CARD: lambda: _certificates(people, error),
        KEY: lambda: _security_key(error),
    }[means]()
    aside = None if means == CARD else _people(people, means)
    return page(
        "Connectez-vous",
        card(
            title("Connectez-vous", f"pour accéder à Liane avec {MEANS[means]}"),
            _tabs(means),
            body,
            _other_means(means),
            give_up(),
        ),
        aside=aside,
        is_error=bool(error),
    )


def _tabs(means: str) -> Html:
    return el(
        "nav",
        *[
            el(
                "a",
                icon(drawn, "s"),
                words,
                href=f"{SIMULATOR}/connexion/{key}",
                aria_current="page" if key == means else None,
            )
            for key, drawn, words in _TABS
        ],
        class_="psc-tabs",
        aria_label="Moyen d’identification",
    )


def _application(rpps: str, is_remembered: bool, error: str) -> Html:
    return join(
        callout(
            "Plusieurs échecs de suite avec l’e-CPS viennent souvent d’une horloge déréglée sur le téléphone. ",
            el("a", "Voir les questions fréquentes sur l’e-CPS", href="/aide/activer-l-e-cps"),
            ".",
            tone="warning",
        ),
        el(
            "p",
            "Vous pouvez vous connecter avec l’application mobile e-CPS : votre téléphone vous demandera de confirmer.".replace(
                " :", "\u202f:"
            ),
        ),
        el(
            "form",
            el(
                "div",
                el("label", "Votre identifiant RPPS", for_="rpps"),
                el(
                    "details",
                    el(
                        "summary",
                        icon("circle-question-mark", "s"),
                        "Où le trouver\u202f?",
                        class_="lnk",
                    ),
                    el(
                        "p",
                        "Les 11 chiffres de votre numéro RPPS sont imprimés sur votre carte CPS et figurent dans l’Annuaire Santé. Vous pouvez aussi saisir l’identifiant national, qui commence par 8.",
                        class_="hint",
                    ),
                ),
                field_error(error),
                el(
                    "input",
                    type="text",
                    name="rpps",
                    id="rpps",
                    value=rpps,
                    inputmode="numeric",
                    autocomplete="username",
                    maxlength="20",
                    class_="input",
                    aria_invalid="true" if error else None,
                    aria_describedby="rpps-error" if error else None,
                ),
                class_="field bad" if error else "field",
            ),
            el(
                "label",
                el("input", type="checkbox", name="memoriser", value="1", checked=is_remembered),
                el("span", "Mémoriser mon identifiant sur ce poste"),
                class_="check",
            ),
            submit("Se connecter"),
            method="post",
            action=f"{SIMULATOR}/application",
        ),
    )


def _certificates(people: dict[str, Person], error: str) -> Html:
    return el(
        "form",
        fault(error),
        el(
            "fieldset",
            el("legend", "Sélectionner un certificat"),
            el("p", "Comme si chacune de ces cartes était dans le lecteur.", class_="hint"),
            el("div", *[_certificate(person) for person in people.values()], class_="radios certs"),
        ),
        submit("Continuer"),
        method="post",
        action=f"{SIMULATOR}/carte",
    )


def _certificate(person: Person) -> Html:
    return el(
        "label",
        el("input", type="radio", name="personne", value=person.key),
        el(
            "span",
            el("b", f"{person.national_id} – {person.given_name} {person.family_name}"),
            el("span", f"{person.label}, {person.shows}", class_="hint"),
            el("span", typo(f"Autorité : {person.authority}"), class_="hint"),
            el("span", typo(f"N° de série : {person.certificate_serial}"), class_="hint tn"),
        ),
        class_="opt",
    )


def _security_key(error: str) -> Html:
    return join(
        fault(error),
        el(
            "p",
            icon("key-round"),
            el(
                "span",
                "Branchez votre clé de sécurité, puis choisissez l’identité qu’elle porte. Toucher la clé suffit.",
            ),
            class_="row top-al",
        ),
    )


def _other_means(means: str) -> Html | None:
    if means == KEY:
        return None
    return el(
        "p",
        el(
            "a",
            icon("key-round", "s"),
            "Utiliser une clé de sécurité",
            href=f"{SIMULATOR}/connexion/{KEY}",
            class_="lnk",
        ),
    )


def _people(people: dict[str, Person], means: str) -> Html:
    action = {APPLICATION: "application", KEY: "cle"}[means]
    return el(
        "section",
        el("h2", "Identités de démonstration"),
        el("p", "Un clic suffit, sans rien saisir.", class_="sm muted"),
        el(
            "form",
            el(
                "ul",
                *[
                    el(
                        "li",
                        el(
                            "button",
                            who(person, ""),
                            icon("chevron-right", "s"),
                            type="submit",
                            name="personne",
                            value=person.key,
                        ),
                    )
                    for person in people.values()
                ],
            ),
            method="post",
            action=f"{SIMULATOR}/{action}",
        ),
        class_="psc-people",
        aria_label="Identités de démonstration",
    )
