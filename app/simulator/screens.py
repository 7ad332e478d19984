"""The steps after the choice: the phone (DM-20 to DM-22), the card (PS-20), and what ends a request."""

from app.integrations.psc_settings import SIMULATOR
from app.simulator.frame import (
    CARD,
    MEANS,
    SECRET_CODE,
    act,
    again,
    card,
    code_input,
    fault,
    give_up,
    page,
    title,
    who,
)
from app.simulator.markup import Html, callout, el, icon, submit, typo
from app.simulator.memory import MAX_TRIES, PHONE_LIFE, Request, Session
from app.simulator.people import Person


def phone(request: Request, person: Person, *, seconds: int) -> Html:
    """The request is on its way: the number to compare, and the phone beside it."""
    return page(
        "Confirmez sur votre téléphone",
        card(
            title("Confirmez sur votre téléphone", f"Demande envoyée à l’e-CPS de {person.name}"),
            el("p", "Vérifiez que ce nombre est aussi celui de votre téléphone", class_="center"),
            el("p", request.number, class_="number"),
            el(
                "p",
                icon("clock", "s"),
                el("span", _remaining(seconds), data_countdown=seconds),
                class_="sm muted row center-row",
            ),
            el(
                "ol",
                el(
                    "li",
                    el("b", "Identification. "),
                    "Ouvrez l’application e-CPS et comparez les deux nombres.",
                ),
                el(
                    "li",
                    el("b", "Saisie d’un code sécurisé. "),
                    "Tapez votre code secret e-CPS, puis confirmez.",
                ),
                class_="how sm",
            ),
            again("Revenir au choix de l’identité"),
        ),
        aside=_phone(request),
        is_error=bool(request.error),
    )


def pin(request: Request, person: Person, *, tries: int) -> Html:
    """« Saisissez votre Code Porteur » (PS-20)."""
    return page(
        "Saisissez votre Code Porteur",
        card(
            title("Saisissez votre Code Porteur", person.name),
            fault(request.error),
            el(
                "p",
                icon("id-card"),
                el(
                    "span",
                    f"Il vous reste {tries} tentative(s) pour la carte ",
                    el("b", person.card, class_="nw"),
                ),
                class_="row top-al",
            ),
            el(
                "form",
                el(
                    "div",
                    el("label", "Code Porteur", for_="code"),
                    el(
                        "p",
                        typo(f"4 chiffres. Dans ce simulateur : {SECRET_CODE}"),
                        class_="hint",
                        id="code-hint",
                    ),
                    code_input(),
                    class_="field",
                ),
                submit("Valider"),
                method="post",
                action=f"{SIMULATOR}/carte/code",
                class_="code",
            ),
            again("Choisir un autre certificat"),
        ),
        is_error=bool(request.error),
    )


def blocked(person: Person, means: str) -> Html:
    """Three wrong codes: the card or the application is blocked."""
    thing = f"La carte {person.card}" if means == CARD else f"L’application e-CPS de {person.name}"
    return page(
        "Trop de codes faux",
        card(
            title("Trop de codes faux", person.name),
            callout(
                f"{thing} est bloquée après {MAX_TRIES} codes faux.", tone="danger", urgent=True
            ),
            el(
                "p",
                "Une vraie carte se débloque avec le code de déblocage reçu par courrier. Ici, un bouton suffit.",
            ),
            act("Débloquer (simulateur)", "/debloquer", primary=True),
            again("Choisir une autre identité"),
            give_up(),
        ),
        is_error=True,
    )


def stopped(words: str, sentence: str) -> Html:
    """The request was refused on the phone, or nobody answered in time."""
    return page(
        words,
        card(
            title(words, ""),
            callout(sentence, tone="warning", urgent=True),
            again("Recommencer", primary=True),
            give_up(),
        ),
        is_error=True,
    )


def unanswerable(words: str, sentence: str) -> Html:
    """A request that cannot be answered, and whom there is nobody to send back to."""
    return page(
        words,
        card(
            title(words, ""),
            callout(sentence, tone="danger", urgent=True),
            el("p", el("a", "Revenir à Liane", href="/connexion")),
        ),
        is_error=True,
    )


def home(session: Session | None) -> Html:
    """Who is signed in at the provider, and the way to end it there (single logout)."""
    if session is None:
        body = (
            title("Aucune session ouverte", "Simulateur Pro Santé Connect"),
            el("p", "Personne n’est authentifié dans ce navigateur."),
            el("p", el("a", "Aller à la connexion de Liane", href="/connexion")),
        )
    else:
        body = (
            title("Session ouverte", "Simulateur Pro Santé Connect"),
            who(session.person, f"authentifié avec {MEANS[session.means]}"),
            el(
                "p",
                "Un autre service s’ouvrirait sans nouvelle preuve. Fermer la session ici déconnecte aussi de Liane.",
            ),
            act("Fermer ma session Pro Santé Connect", "/fermer", primary=True),
        )
    return page("Simulateur Pro Santé Connect", card(*body))


def _phone(request: Request) -> Html:
    return el(
        "section",
        el(
            "div",
            el("p", icon("shield-check", "s"), "e-CPS", class_="psc-app"),
            el("h2", "Demande de connexion"),
            el("p", "Service : Liane".replace(" :", "\u202f:"), class_="sm"),
            el("p", request.number, class_="number small", aria_label=f"Nombre {request.number}"),
            fault(request.error),
            el(
                "form",
                el(
                    "div",
                    el("label", "Code secret e-CPS", for_="code"),
                    el(
                        "p",
                        typo(f"4 chiffres. Dans ce simulateur : {SECRET_CODE}"),
                        class_="hint",
                        id="code-hint",
                    ),
                    code_input(),
                    class_="field",
                ),
                submit("Confirmer", name="acte", value="confirmer"),
                submit("Refuser", kind="", name="acte", value="refuser"),
                method="post",
                action=f"{SIMULATOR}/telephone",
                class_="code",
            ),
            class_="screen",
        ),
        class_="psc-phone",
        aria_label="Votre téléphone",
    )


def _remaining(seconds: int) -> str:
    whole = max(0, min(seconds, int(PHONE_LIFE.total_seconds())))
    return f"Il reste {whole // 60}\u202fmin {whole % 60:02d}\u202fs"
