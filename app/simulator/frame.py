"""The frame of the simulator's screens, and the pieces they share: plain HTML, the portal's style sheets."""

from app.components.assets import asset
from app.integrations.psc_settings import SIMULATOR
from app.simulator.markup import Child, Html, callout, el, icon, join, submit, typo
from app.simulator.people import Person

SECRET_CODE = "1234"  # noqa: S105 - shown on the very page that asks for it
APPLICATION, CARD, KEY = "application", "carte", "cle"
MEANS = {APPLICATION: "l’application e-CPS", CARD: "la carte CPS", KEY: "une clé de sécurité"}
STYLES = ("fonts", "tokens", "base", "shell", "signed-out", "simulator")


def page(words: str, *main: Child, aside: Child = None, is_error: bool = False) -> Html:
    """The frame: the banner that says it is no real identity, the content, the footer."""
    head = join(
        Html('<meta charset="utf-8">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        el("title", f"{'Erreur – ' if is_error else ''}{words} – Simulateur Pro Santé Connect"),
        el("link", rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
        *[el("link", rel="stylesheet", href=asset(f"styles/{name}.css")) for name in STYLES],
        el("script", src=asset("simulator.js"), defer=True),
    )
    body = join(
        el("a", "Aller au contenu", href="#contenu", class_="skip"),
        el(
            "div",
            el("header", _banner(), _mark()),
            el(
                "main",
                *main,
                aside,
                id="contenu",
                tabindex="-1",
                class_="psc-main two" if aside else "psc-main",
            ),
            class_="sim",
        ),
    )
    document = el("html", el("head", head), el("body", el("div", body, class_="out")), lang="fr")
    return Html(f"<!doctype html>{document}")


def _banner() -> Html:
    words = el(
        "span",
        el("b", "Simulateur — aucune identité réelle. "),
        el(
            "span",
            typo("Ces personnes n’existent pas ; rien ne sort de cette démonstration."),
            class_="fine",
        ),
    )
    return el("p", icon("flask-conical"), words, class_="mode demo")


def _mark() -> Html:
    name = el(
        "span",
        el("b", "PRO SANTE CONNECT"),
        el("span", "Simulateur de démonstration", class_="sm"),
    )
    return el(
        "div",
        el("span", icon("shield-check", "l"), name, class_="psc-mark"),
        el("a", icon("circle-question-mark", "s"), "Aide", href="/aide", class_="sm hl"),
        class_="psc-top",
    )


def card(*content: Child) -> Html:
    return el("div", *content, class_="card")


def title(words: str, lead: str) -> Html:
    return el("div", el("h1", words), el("p", lead, class_="muted") if lead else None)


def who(person: Person, more: str) -> Html:
    words = more or f"{person.label} · {person.shows}"
    initials = f"{person.given_name[0]}{person.family_name[0]}"
    return el(
        "span",
        el("span", initials, class_="avatar", aria_hidden="true"),
        el(
            "span",
            el("b", person.name),
            el("span", words, class_="sm muted"),
            el("span", f"RPPS {person.rpps}", class_="sm muted tn"),
            class_="t",
        ),
        class_="psc-who",
    )


def fault(error: str) -> Html | None:
    return callout(error, tone="danger", urgent=True) if error else None


def field_error(error: str) -> Html | None:
    if not error:
        return None
    return el(
        "p",
        icon("circle-alert", "s"),
        el("span", typo(f"Erreur : {error}")),
        class_="err",
        id="rpps-error",
    )


def act(words: str, path: str, *, primary: bool = False) -> Html:
    return el(
        "form",
        submit(words, kind="primary" if primary else ""),
        method="post",
        action=SIMULATOR + path,
    )


def again(words: str, *, primary: bool = False) -> Html:
    if primary:
        return el("a", words, href=f"{SIMULATOR}/connexion", class_="btn primary block")
    return el(
        "p", el("a", icon("arrow-left", "s"), words, href=f"{SIMULATOR}/connexion", class_="lnk")
    )


def give_up() -> Html:
    return el(
        "form",
        el("button", "Annuler et revenir à Liane", type="submit", class_="lnk"),
        method="post",
        action=f"{SIMULATOR}/annuler",
    )


def code_input() -> Html:
    return el(
        "input",
        type="password",
        name="code",
        id="code",
        inputmode="numeric",
        autocomplete="off",
        maxlength="8",
        class_="input",
        aria_describedby="code-hint",
    )
