"""One's own profile: read, then edited in place (MM-35 to MM-40)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import select_field
from app.components.field import text_field
from app.components.form import error_summary, form, form_actions
from app.components.markup import Child, hidden_text
from app.components.panel import panel
from app.components.states import when_loaded
from app.i18n.format import NARROW
from app.pages.account.frame import account_page
from app.pages.account.practice import places
from app.pages.table import page
from app.state.base import Audience
from app.state.profile import ChangeRow, ProfileState


@page(
    route="/compte",
    title="Mon compte",
    audience=Audience.OWN_ACCOUNT,
    on_load=ProfileState.load,
)
def profile_page() -> rx.Component:
    """What the portal knows of the person, and what they may change of it."""
    return account_page(
        "Mon compte",
        when_loaded(
            ProfileState.is_loaded,
            rx.cond(ProfileState.is_editing, error_summary()),
            rx.el.div(
                rx.cond(~ProfileState.is_patient, _edit_box()),
                rx.cond(ProfileState.change_id, _waiting()),
                rx.cond(ProfileState.refusal, callout(ProfileState.refusal, tone="warning")),
                rx.cond(ProfileState.is_editing, _form(), _facts()),
                rx.cond(ProfileState.is_professional | ProfileState.is_shared, places()),
                class_name="stack wide",
            ),
        ),
        current="profile",
        lead="Ce que le portail sait de vous, et ce que les autres voient.",
    )


def _edit_box() -> rx.Component:
    """« J'édite mon profil », at the top left (MM-37)."""
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=ProfileState.is_editing,
                on_change=ProfileState.edit,
            ),
            rx.el.span("J’édite mon profil"),
            class_name="check",
        ),
        rx.cond(
            ProfileState.is_editing,
            rx.el.span("Rien ne change avant « VALIDER ».", class_name="sm muted"),
        ),
        class_name="editbar",
    )


def _waiting() -> rx.Component:
    """What an administrator is asked, side by side with what counts today (MM-40)."""
    return callout(
        rx.el.b("En attente d’approbation"),
        rx.el.span(" · ", ProfileState.change_asked),
        rx.el.dl(
            rx.foreach(ProfileState.change_rows, _change_row),
        ),
        button("Retirer ma demande", icon_name="undo-2", on_click=ProfileState.withdraw),
        tone="info",
        icon_name="clock",
        class_name="waits",
    )


def _change_row(row: rx.Var[ChangeRow]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(row.label),
        rx.el.dd(
            rx.el.span(hidden_text(f"Aujourd’hui{NARROW}: "), row.before, class_name="was"),
            " → ",
            hidden_text(f"Demandé{NARROW}: "),
            row.after,
        ),
    )


def _facts() -> rx.Component:
    me = ProfileState.me
    return rx.fragment(
        panel(
            rx.el.dl(
                _fact("Type de compte", me.role),
                rx.cond(me.shared_title, _fact("Intitulé du compte", me.shared_title)),
                rx.cond(
                    me.members,
                    _fact(
                        "Membres",
                        me.members,
                    ),
                ),
                rx.cond(
                    ProfileState.is_patient,
                    rx.fragment(
                        _fact("Identité", me.patient_name),
                        _fact("Date de naissance", me.patient_birth),
                    ),
                    rx.fragment(
                        _fact("Civilité", me.civility),
                        _fact("Prénom", me.given_name),
                        _fact("Nom", me.family_name),
                    ),
                ),
                rx.cond(
                    me.certified,
                    _fact(
                        "Identité certifiée",
                        badge("Pro Santé Connect", "success", "badge-check"),
                        under=rx.fragment("Le ", me.certified),
                    ),
                ),
                class_name="facts",
            ),
            title="Identité",
            title_id="identite",
            bare=True,
        ),
        rx.cond(ProfileState.is_patient, _patient_note()),
        rx.cond(ProfileState.is_professional, _practice_facts()),
        rx.cond(
            ~ProfileState.is_professional & (me.card_number != ""),
            panel(
                rx.el.dl(_fact("Carte CPE", me.card_number), class_name="facts"),
                title="Carte professionnelle",
                title_id="carte",
                bare=True,
            ),
        ),
        panel(
            rx.el.dl(
                _fact(
                    "Adresse de connexion",
                    me.email,
                    under=rx.el.a("Gérer mes adresses et téléphones", href="/compte/coordonnees"),
                ),
                rx.cond(me.login_name, _fact("Identifiant", me.login_name)),
                _fact("Compte créé le", me.since),
                class_name="facts",
            ),
            title="Connexion",
            title_id="connexion",
            bare=True,
        ),
    )


def _practice_facts() -> rx.Component:
    me = ProfileState.me
    return panel(
        rx.el.dl(
            _fact(
                "Profession",
                me.profession,
                under="Elle vient de l’annuaire national des professionnels de santé.",
            ),
            _fact("Spécialité affichée", me.speciality),
            _fact("N° RPPS", me.rpps_label),
            _fact(
                "Carte CPS ou CPE",
                me.card_number,
                under="Sert à vous désigner dans une délégation.",
            ),
            class_name="facts",
        ),
        title="Informations professionnelles",
        title_id="exercice",
        bare=True,
    )


def _fact(label: str, value: Child, *, under: Child = "") -> rx.Component:
    shown = (
        rx.cond(value, value, rx.el.span("Non renseigné", class_name="muted"))
        if isinstance(value, rx.Var)
        else value
    )
    more = [] if under == "" else [rx.el.p(under, class_name="hint")]
    return rx.el.div(rx.el.dt(label), rx.el.dd(shown, *more))


def _patient_note() -> rx.Component:
    return callout(
        rx.el.p(
            "Votre identité est vérifiée et tenue par votre équipe de soins, pour que personne ne se trompe "
            f"de dossier. Une erreur{NARROW}? Parlez-en à un professionnel de votre cercle."
        ),
        tone="neutral",
        icon_name="shield-check",
    )


def _form() -> rx.Component:
    me = ProfileState.me
    is_locked = ProfileState.change_id != ""
    return form(
        rx.el.input(type="hidden", name="key", value=ProfileState.form_key),
        rx.cond(
            ProfileState.is_shared,
            panel(
                text_field(
                    "Intitulé du compte",
                    "shared_title",
                    value=me.shared_title,
                    required=True,
                    max_length=100,
                ),
                title="Compte partagé",
                title_id="partage",
            ),
        ),
        rx.cond(
            ProfileState.is_professional,
            panel(
                text_field(
                    "Spécialité affichée",
                    "speciality",
                    value=me.speciality,
                    hint="Telle que vos confrères et patients la lisent, par exemple « oncologue ».",
                    max_length=100,
                ),
                title="Pris en compte aussitôt",
                title_id="aussitot",
            ),
        ),
        rx.cond(
            is_locked,
            callout(
                "Une demande de changement d’identité attend déjà. Retirez-la pour en faire une autre.",
                tone="neutral",
            ),
            panel(
                rx.el.div(
                    select_field(
                        "Civilité", "civility", ProfileState.civilities, value=me.civility
                    ),
                    text_field(
                        "Prénom",
                        "given_name",
                        value=me.given_name,
                        required=True,
                        auto_complete="given-name",
                        max_length=100,
                    ),
                    text_field(
                        "Nom",
                        "family_name",
                        value=me.family_name,
                        required=True,
                        auto_complete="family-name",
                        max_length=100,
                    ),
                    rx.cond(
                        ProfileState.is_professional,
                        text_field(
                            "N° RPPS",
                            "rpps",
                            value=me.rpps,
                            required=True,
                            input_mode="numeric",
                            max_length=20,
                        ),
                    ),
                    text_field(
                        "Carte CPS ou CPE",
                        "card_number",
                        value=me.card_number,
                        hint="Le numéro imprimé sur la carte",
                        max_length=30,
                        auto_complete="off",
                    ),
                    class_name="fieldgrid",
                ),
                title="Soumis à l’approbation d’un administrateur",
                title_id="approbation",
            ),
        ),
        form_actions(
            submit_button("VALIDER"),
            button("Annuler", on_click=ProfileState.cancel),
        ),
        on_submit=ProfileState.save,
        key=ProfileState.form_key,
        class_name="stack wide",
    )
