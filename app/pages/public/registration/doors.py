"""The three doors, the way back to a registration under way, the link of the mail, and what happens after."""

import reflex as rx

from app.components.button import link_button, submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.field import text_field
from app.components.form import link_token, native_form
from app.components.icons import icon
from app.components.markup import Child, Text
from app.components.panel import disclosure
from app.components.signed_out import card, signed_out_shell, under_card
from app.components.states import page_error, ready, skeleton_rows
from app.i18n.format import NARROW
from app.i18n.registration import KINDS
from app.models.registration import RegistrationKind
from app.pages.public.registration.contract import provider_form
from app.pages.public.registration.frame import at_step, small_form, step_page
from app.pages.table import page
from app.state.base import Audience
from app.state.registration import RegistrationFlow
from app.state.registration_steps import END, LINK, START, Step


@page(
    route=START,
    title="Créer un compte",
    audience=Audience.PUBLIC,
    on_load=RegistrationFlow.load,
)
def doors_page() -> rx.Component:
    flow = RegistrationFlow
    return signed_out_shell(
        card(
            "Créez votre compte en quelques clics",
            ready(
                page_error(),
                _told(),
                rx.cond(flow.waiting_name, _certified()),
                rx.cond(flow.resume_path, _resume()),
                _door(
                    KINDS[RegistrationKind.PROFESSIONAL],
                    "Médecin, pharmacien, infirmier… Ayez votre numéro RPPS sous la main.",
                    _begin(RegistrationKind.PROFESSIONAL, "Je suis un médecin ou un autre PdS"),
                ),
                _door(
                    KINDS[RegistrationKind.SECRETARY],
                    "Pour une personne, ou pour un secrétariat partagé.",
                    _begin(RegistrationKind.SECRETARY, "Créer un compte Secrétariat"),
                ),
                _door(
                    "Pro Santé Connect",
                    "Avec l’application e-CPS, la carte CPS ou une clé de sécurité. Votre identité se "
                    "remplit toute seule.",
                    provider_form("S’inscrire avec Pro Santé Connect"),
                ),
                _other_browser(),
                loading=skeleton_rows(3),
            ),
        ),
        under_card(
            rx.el.p(
                f"Vous avez déjà un compte{NARROW}? ", rx.el.a("Connectez-vous", href="/connexion")
            )
        ),
        wide=True,
    )


def _door(title: str, lead: str, act: Child) -> rx.Component:
    return rx.el.section(rx.el.h2(title), rx.el.p(lead, class_name="muted"), act, class_name="door")


def _begin(kind: RegistrationKind, words: str) -> rx.Component:
    return small_form(
        "begin",
        rx.el.input(type="hidden", name="kind", value=kind.value),
        submit_button(words, icon("arrow-right", "s"), kind=""),
    )


def _certified() -> rx.Component:
    flow = RegistrationFlow
    return callout(
        rx.el.p("Vous êtes ", rx.el.b(flow.waiting_name), "."),
        small_form(
            "certified",
            rx.cond(
                flow.waiting_professions.length() > 0,
                radio_cards(
                    "Profession de ce compte",
                    "profession",
                    flow.waiting_professions,
                    hint="Pro Santé Connect vous en connaît plusieurs",
                    required=True,
                ),
            ),
            submit_button("Continuer l’inscription avec cette identité", icon("arrow-right", "s")),
            class_name="stack form",
        ),
        tone="success",
        icon_name="shield-check",
        title="Identité certifiée par Pro Santé Connect.",
    )


def _resume() -> rx.Component:
    flow = RegistrationFlow
    return callout(
        rx.cond(
            flow.has_ended,
            rx.el.p(rx.el.b("Votre inscription a été envoyée.")),
            rx.fragment(
                rx.el.p(rx.el.b("Vous avez commencé une inscription.")),
                rx.el.p(flow.kind, ". Enregistrée le ", flow.saved, "."),
                rx.el.p(flow.remaining, class_name="sm"),
            ),
        ),
        rx.el.p(
            link_button(
                rx.cond(flow.has_ended, "Suivre mon inscription", "Reprendre mon inscription"),
                icon("arrow-right", "s"),
                href=flow.resume_path,
                kind="primary",
            )
        ),
        tone="neutral",
        icon_name="history",
    )


def _told() -> rx.Component:
    told = RegistrationFlow.told
    return rx.match(
        told,
        (
            "reprise-envoyee",
            callout(
                "Si une inscription est en cours avec cette adresse, un e-mail vient de partir. "
                "Ouvrez son lien pour la reprendre ici.",
                tone="success",
                urgent=True,
            ),
        ),
        (
            "reprise-adresse",
            _alert("Saisissez une adresse e-mail, par exemple nom@exemple.fr"),
        ),
        (
            "trop",
            _alert(
                "Beaucoup d’inscriptions viennent d’être commencées depuis cette adresse. Réessayez dans une heure."
            ),
        ),
        rx.fragment(),
    )


def _alert(words: str) -> rx.Component:
    return callout(words, tone="danger", urgent=True, is_page_error=True)


def _other_browser() -> rx.Component:
    return disclosure(
        "Reprendre une inscription commencée sur un autre appareil",
        native_form(
            text_field(
                "E-mail donné à l’inscription",
                "email",
                kind="email",
                error="",
                hint="Vous y recevrez un lien",
                auto_complete="email",
                input_mode="email",
                max_length=254,
            ),
            submit_button("Recevoir le lien", kind="", icon_name="mail"),
            action="/auth/registration/resume",
            no_validate=True,
            class_name="stack form",
        ),
    )


@page(
    route=LINK,
    title="Validation de l’adresse e-mail",
    audience=Audience.PUBLIC,
    on_load=RegistrationFlow.load_link,
)
def link_page() -> rx.Component:
    """Opened by the link of the mail: its token stands in the fragment, and the script posts it."""
    return signed_out_shell(
        card(
            "Validation de votre adresse",
            ready(
                rx.cond(
                    RegistrationFlow.told == "expired",
                    rx.fragment(
                        _alert("Ce lien a déjà servi, ou il a expiré."),
                        rx.el.p(
                            link_button("Reprendre mon inscription", href=START, kind="primary")
                        ),
                    ),
                    native_form(
                        link_token(send=True),
                        rx.el.p("Votre adresse est en cours de validation…", role="status"),
                        submit_button("Valider mon adresse", block=True),
                        action="/auth/registration/link",
                    ),
                ),
            ),
        ),
    )


@page(
    route=END,
    title="Inscription envoyée",
    audience=Audience.PUBLIC,
    on_load=RegistrationFlow.load_end,
)
def end_page() -> rx.Component:
    """A moment on the way to the sign-in page."""
    return signed_out_shell(card("Inscription envoyée", skeleton_rows(2)))


@at_step(Step.REVIEW)
def review_page() -> rx.Component:
    flow = RegistrationFlow
    return step_page(
        Step.REVIEW,
        rx.match(
            flow.outcome,
            ("approved", "Votre compte est ouvert"),
            ("refused", "Votre inscription n’a pas été acceptée"),
            "En attente de vérification",
        ),
        rx.match(
            flow.outcome,
            ("approved", _approved()),
            ("refused", _refused()),
            _waiting(),
        ),
    )


def _line(icon_name: str, title: Text, words: Text) -> rx.Component:
    return rx.el.li(
        icon(icon_name),
        rx.el.div(rx.el.p(rx.el.b(title)), rx.el.p(words, class_name="sm muted")),
    )


def _waiting() -> rx.Component:
    flow = RegistrationFlow
    return rx.fragment(
        rx.el.ol(
            _line("circle-check", "Inscription envoyée", flow.submitted),
            _line(
                "loader",
                "Vérification par un administrateur",
                "En cours. Rien d’autre ne vous est demandé.",
            ),
            _line(
                "circle",
                "Ouverture du compte",
                rx.el.span("Un e-mail vous préviendra à ", rx.el.b(flow.email), "."),
            ),
            class_name="track",
        ),
        rx.el.p(link_button("Aller à la connexion", href="/connexion")),
    )


def _approved() -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            _line("circle-check", "Inscription envoyée", RegistrationFlow.submitted),
            _line("circle-check", "Identité vérifiée", RegistrationFlow.decided),
            _line("circle-check", "Compte ouvert", "Connectez-vous avec votre adresse e-mail."),
            class_name="track",
        ),
        rx.el.p(link_button("Se connecter", href="/connexion", kind="primary")),
    )


def _refused() -> rx.Component:
    flow = RegistrationFlow
    return rx.fragment(
        callout(
            rx.el.p(flow.reason),
            tone="warning",
            title=f"Motif{NARROW}:",
        ),
        rx.el.p("Réponse donnée le ", flow.decided, ".", class_name="sm muted"),
        rx.el.p(
            link_button("Commencer une autre inscription", href=START, kind="primary"),
        ),
    )
