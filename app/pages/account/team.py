"""« Mon équipe »: operators by invitation, workstations, and the teams one is in (PS-11, PS-16)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.dialog import dialog, lose_or_keep
from app.components.field import text_field
from app.components.form import error_summary, form, form_actions, native_form
from app.components.panel import panel, stack
from app.components.states import empty, page_error, ready
from app.components.table import cell, row, row_head
from app.i18n.format import NARROW
from app.pages.account.frame import account_page
from app.pages.account.parts import remove_button, table_panel
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.team import MemberLine, TeamLine, TeamState, WorkstationLine


@page(
    route="/compte/equipe",
    title="Mon équipe",
    audience=Audience.OWN_ACCOUNT,
    on_load=TeamState.load_team,
)
def team_page() -> rx.Component:
    """What a responsible professional manages, and what anybody invited answers."""
    return account_page(
        "Mon équipe",
        ready(
            error_summary(),
            page_error(),
            stack(
                rx.cond(TeamState.teams.length() > 0, _teams()),
                rx.cond(
                    AppState.viewer_role == "professional",
                    rx.fragment(_members(), _workstations()),
                    rx.cond(TeamState.teams.length() == 0, _no_team()),
                ),
                wide=True,
            ),
        ),
        _end_dialog(),
        _end_workstation_dialog(),
        current="team",
        lead="Sur un poste enregistré, chaque membre se connecte avec son code opérateur et son propre "
        "mot de passe.",
    )


def _teams() -> rx.Component:
    def line(team: TeamLine) -> rx.Component:
        return row(
            row_head(team.responsible, under=team.place),
            cell(team.operator_code, label="Code opérateur"),
            cell(
                rx.cond(
                    team.is_accepted,
                    button("Quitter l’équipe", on_click=TeamState.quit(team.id)),
                    rx.el.div(
                        button("Rejoindre", kind="primary", on_click=TeamState.join(team.id)),
                        button("Refuser", on_click=TeamState.quit(team.id)),
                        class_name="row wrap",
                    ),
                )
            ),
        )

    return table_panel(
        "Équipes dont je suis membre",
        "equipes",
        ("Responsable", "Code opérateur"),
        TeamState.teams,
        line,
    )


def _no_team() -> rx.Component:
    return panel(
        empty(
            "Vous ne faites partie d’aucune équipe.",
            "Un professionnel de santé peut vous inviter dans la sienne\u202f: son invitation vous "
            "attendra ici.",
            icon_name="users",
            bare=True,
        )
    )


def _members() -> rx.Component:
    def line(member: MemberLine) -> rx.Component:
        return row(
            row_head(member.name, under=rx.cond(member.name == member.email, "", member.email)),
            cell(member.operator_code, label="Code opérateur"),
            cell(member.status, label="État"),
            cell(remove_button(member.name, TeamState.ask_end(member.id))),
        )

    invitation = form(
        rx.el.input(type="hidden", name="key", value=TeamState.team_key),
        text_field(
            "E-mail du membre",
            "email",
            kind="email",
            auto_complete="off",
            max_length=254,
            hint="Il reçoit une invitation, puis la confirme avec son propre compte.",
        ),
        text_field(
            "Code opérateur",
            "operator_code",
            auto_complete="off",
            max_length=20,
            hint="Celui qu’il saisira sur vos postes, par exemple 12.",
        ),
        form_actions(submit_button("Inviter")),
        on_submit=TeamState.invite,
        key=TeamState.team_key,
    )
    return table_panel(
        "Membres de l’équipe",
        "membres",
        ("Membre", "Code opérateur", "État"),
        TeamState.members,
        line,
        rx.el.div(rx.el.h3("Inviter un membre"), invitation, class_name="body stack slim"),
        nothing=empty("Votre équipe n’a pas encore de membre.", icon_name="users", bare=True),
    )


def _workstations() -> rx.Component:
    def line(workstation: WorkstationLine) -> rx.Component:
        return row(
            row_head(
                workstation.name, rx.cond(workstation.is_this_one, badge("Ce navigateur", "info"))
            ),
            cell(workstation.since, label="Enregistré"),
            cell(workstation.last_seen, label="Dernière connexion"),
            cell(remove_button(workstation.name, TeamState.ask_end_workstation(workstation.id))),
        )

    registration = native_form(
        text_field(
            "Nom de ce poste",
            "name",
            error=TeamState.workstation_error,
            auto_complete="off",
            max_length=100,
            hint="Par exemple « Comptoir 1 ». N’enregistrez pas un ordinateur personnel.",
        ),
        form_actions(submit_button("Enregistrer ce navigateur", kind="soft")),
        action="/auth/workstation",
        class_name="stack form",
    )
    return table_panel(
        "Postes de travail",
        "postes",
        ("Poste", "Enregistré", "Dernière connexion"),
        TeamState.workstations,
        line,
        rx.cond(
            TeamState.is_workstation,
            rx.fragment(),
            rx.el.div(
                rx.el.h3("Enregistrer ce navigateur"), registration, class_name="body stack slim"
            ),
        ),
        nothing=empty("Aucun poste n’est enregistré.", icon_name="monitor", bare=True),
    )


def _end_dialog() -> rx.Component:
    return dialog(
        f"Retirer ce membre{NARROW}?",
        rx.el.p(
            rx.el.b(TeamState.ending_name),
            " ne pourra plus se connecter sur vos postes. Ses connexions ouvertes se ferment aussitôt.",
        ),
        is_open=TeamState.ending_name != "",
        on_close=TeamState.keep,
        actions=lose_or_keep("Retirer ce membre", TeamState.end, keep=TeamState.keep),
        dialog_id="retirer-membre",
    )


def _end_workstation_dialog() -> rx.Component:
    return dialog(
        f"Retirer ce poste{NARROW}?",
        rx.el.p(
            "Plus personne ne pourra se connecter avec un code opérateur sur le poste ",
            rx.el.b(TeamState.ending_workstation_name),
            ". Les connexions ouvertes s’y ferment aussitôt.",
        ),
        is_open=TeamState.ending_workstation_name != "",
        on_close=TeamState.keep,
        actions=lose_or_keep("Retirer ce poste", TeamState.end_workstation, keep=TeamState.keep),
        dialog_id="retirer-poste",
    )
