"""The patient's own page: who follows them, what they agreed to, and what they may do about it."""

import reflex as rx

from app.components.badge import avatar, badge
from app.components.callout import callout
from app.components.icons import icon
from app.components.panel import page_head, panel, stack
from app.components.shell import patient_shell
from app.components.states import empty, when_loaded
from app.homes import MESSAGES_PAGE
from app.i18n.format import NARROW
from app.i18n.own_record import NO_CONSENT, NO_MEMBER
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.own_record import ConsentView, MemberView, OwnRecordState


@page(
    route="/accueil",
    title="Mon espace",
    audience=Audience.PATIENT,
    on_load=OwnRecordState.load,
)
def own_record_page() -> rx.Component:
    """The circle, then the consents."""
    return patient_shell(
        rx.el.div(
            page_head(
                rx.fragment("Bonjour ", AppState.viewer_name),
                lead="Voici les professionnels qui suivent vos traitements, et les accords que vous avez donnés.",
            ),
            when_loaded(
                OwnRecordState.is_loaded,
                _messages(),
                stack(_circle(), _consents(), _rights(), wide=True),
            ),
            class_name="narrow",
        ),
        current="home",
    )


def _messages() -> rx.Component:
    """Messages not read, with the way to them; nothing when all are."""
    return rx.cond(
        AppState.unread > 0,
        rx.el.p(
            icon("mail"),
            rx.el.a(
                rx.cond(
                    AppState.unread > 1,
                    rx.fragment("Vous avez ", AppState.unread, " messages non lus"),
                    "Vous avez un message non lu",
                ),
                href=MESSAGES_PAGE,
            ),
            class_name="panel unread-line",
        ),
    )


def _circle() -> rx.Component:
    return panel(
        rx.cond(
            OwnRecordState.members.length() > 0,
            rx.el.ul(rx.foreach(OwnRecordState.members, _member), class_name="people"),
            empty(NO_MEMBER, icon_name="users", bare=True),
        ),
        title="Votre cercle de soins",
        title_id="cercle",
        beside=rx.el.span(OwnRecordState.members.length(), class_name="count"),
        bare=True,
    )


def _member(member: rx.Var[MemberView]) -> rx.Component:
    return rx.el.li(
        avatar(member.initials),
        rx.el.div(
            rx.el.p(rx.el.b(member.name), class_name="who-name"),
            rx.el.p(member.role, rx.cond(member.place, rx.fragment(" · ", member.place))),
            rx.el.p(member.since, class_name="sm muted"),
            class_name="grow",
        ),
        key=member.id,
    )


def _consents() -> rx.Component:
    return panel(
        rx.cond(
            OwnRecordState.consents.length() > 0,
            rx.el.ul(rx.foreach(OwnRecordState.consents, _consent), class_name="people"),
            empty(NO_CONSENT, icon_name="handshake", bare=True),
        ),
        title="Vos accords",
        title_id="accords",
        beside=rx.el.span(OwnRecordState.consents.length(), class_name="count"),
        bare=True,
    )


def _consent(consent: rx.Var[ConsentView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("check"), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(
                rx.el.b(consent.title),
                rx.cond(consent.withdrawn, badge(consent.withdrawn, "line")),
                class_name="row wrap",
            ),
            rx.el.p(consent.given),
            rx.el.p(rx.el.a(consent.notice, href=consent.notice_href), class_name="sm"),
            class_name="grow",
        ),
        key=consent.id,
    )


def _rights() -> rx.Component:
    return callout(
        rx.el.p(
            "Vous pouvez revenir sur un accord à tout moment, sans donner de raison"
            f"{NARROW}: parlez-en à un professionnel de votre cercle, ou bloquez-le dans ",
            rx.el.a("Qui peut voir mes informations", href="/parametres/confidentialite"),
            ".",
        ),
        rx.el.p(
            rx.el.a("Relire la notice d’information", href="/notice"),
        ),
        tone="neutral",
        icon_name="shield-check",
        title="Vous gardez la main.",
    )
