"""The form of a professional's deposit: the file, its type among the national ones, its date, who will read it."""

import reflex as rx

from app.components.button import button, icon_button, submit_button, text_button
from app.components.callout import callout
from app.components.choice_field import checkbox, radio_cards
from app.components.combobox import combobox, picked
from app.components.field import date_fields, text_field
from app.components.file_drop import file_drop
from app.components.form import form, form_actions, mandatory_note
from app.components.icons import icon
from app.components.panel import panel
from app.i18n.format import NARROW
from app.models.document import MAX_TITLE
from app.pages.professional.entry_parts import error_of
from app.state.record_deposit import EDIT, RecordDepositState
from app.state.record_deposit_view import TypeOption, UploadView

_STATE = RecordDepositState


def deposit_panel() -> rx.Component:
    """What is there while somebody deposits, replaces or corrects a document."""
    has_form = (_STATE.file.id != "") | (_STATE.purpose == EDIT)
    return rx.cond(
        _STATE.purpose,
        panel(
            rx.cond(
                _STATE.purpose == EDIT,
                rx.fragment(),
                file_drop(
                    on_arrived=_STATE.arrived,
                    patient=_STATE.banner.id,
                    label="Choisir le fichier",
                ),
            ),
            rx.cond(_STATE.uploads.length() > 1, _waiting()),
            rx.cond(has_form, _form()),
            title=_STATE.title,
            title_id="depot-titre",
            end=icon_button("x", "Fermer", on_click=_STATE.cancel),
            class_name="deposit",
        ),
    )


def _typed(name: str) -> rx.Var[str]:
    return _STATE.fields.get(name, "")


def _waiting() -> rx.Component:
    """The other files that wait for their form."""

    def line(upload: rx.Var[UploadView]) -> rx.Component:
        return rx.el.li(
            icon("file-text", "s"),
            rx.el.span(upload.name, " · ", upload.about),
            rx.cond(
                upload.id == _STATE.file.id,
                rx.el.b("en cours"),
                text_button("Remplir ce formulaire", on_click=_STATE.choose_file(upload.id)),
            ),
            text_button("Retirer", on_click=_STATE.discard(upload.id)),
            key=upload.id,
        )

    return rx.el.ul(
        rx.foreach(_STATE.uploads, line),
        class_name="files-waiting",
        aria_label="Fichiers en attente",
    )


def _form() -> rx.Component:
    is_edit = _STATE.purpose == EDIT
    return form(
        rx.cond(is_edit, rx.fragment(), _file()),
        mandatory_note(),
        rx.el.div(
            rx.el.div(
                _type_field(),
                text_field(
                    "Titre",
                    "title",
                    value=_typed("title"),
                    hint="Tel que le liront le patient et les professionnels",
                    error=error_of("title"),
                    required=True,
                    max_length=MAX_TITLE,
                ),
                date_fields(
                    "Date du document",
                    "document",
                    day=_typed("document_day"),
                    month=_typed("document_month"),
                    year=_typed("document_year"),
                    error=error_of("document"),
                    required=True,
                ),
                rx.cond(is_edit, rx.fragment(), _visibility()),
                class_name="stack form",
            ),
            _readers(),
            class_name="cols",
        ),
        rx.cond(_STATE.doubt, _doubt()),
        form_actions(
            submit_button(_STATE.verb),
            button("Annuler", on_click=_STATE.cancel),
        ),
        rx.el.input(type="hidden", name="key", value=_STATE.form_key, read_only=True),
        on_submit=_STATE.submit,
        key=_STATE.form_key,
    )


def _file() -> rx.Component:
    """Which file the form is about."""
    return rx.el.div(
        icon("file-text", "s"),
        rx.el.b(_STATE.file.name),
        rx.el.span(_STATE.file.about, class_name="muted"),
        rx.foreach(_STATE.file.notices, lambda words: rx.el.span(words)),
        class_name="of-file sm",
    )


def _type_field() -> rx.Component:
    """A search by first letters among the types this profession deposits, grouped by class (U-16)."""
    chosen = rx.el.div(
        rx.el.p("Type de document", class_name="fw"),
        picked(
            rx.fragment(
                rx.el.b(_STATE.kind.label), rx.el.p(_STATE.kind.under, class_name="sm muted")
            ),
            on_change=_STATE.unpick_type,
            name="type",
            value=_STATE.kind.code,
        ),
        class_name="field",
    )
    return rx.cond(
        _STATE.kind.code,
        chosen,
        combobox(
            "Type de document",
            "type_search",
            on_search=_STATE.search_type,
            results=_STATE.kinds,
            draw=_option,
            on_pick=lambda kind: _STATE.pick_type(kind.code),
            heading=lambda kind: kind.heading,
            status=_STATE.kinds_status,
            hint="Les premières lettres d’un mot, par exemple «\u202fcompte\u202f» ou «\u202fbio\u202f»",
            error=error_of("type"),
            required=True,
            id="type",
        ),
    )


def _option(kind: rx.Var[TypeOption]) -> rx.Component:
    return rx.fragment(rx.el.b(kind.label), rx.el.span(kind.under, class_name="sm muted"))


def _visibility() -> rx.Component:
    return rx.fragment(
        radio_cards(
            "Visibilité",
            "visibility",
            _STATE.visibilities,
            value=_STATE.visibility,
            error=error_of("visibility"),
            two=False,
            on_change=_STATE.choose_visibility,
        ),
        rx.cond(
            _STATE.visibility == "hidden_from_patient",
            date_fields(
                "Date d’annonce prévue",
                "announce",
                day=_typed("announce_day"),
                month=_typed("announce_month"),
                year=_typed("announce_year"),
                hint="Facultative. Ce jour-là, cette page vous le rappelle.",
                error=error_of("announce"),
            ),
        ),
        rx.cond(
            _STATE.is_minor,
            checkbox(
                "Non visible des représentants légaux",
                "hidden_from_representatives",
                is_checked=_typed("hidden_from_representatives") == "1",
                hint="À la demande du patient mineur",
                value="1",
            ),
        ),
    )


def _readers() -> rx.Component:
    return rx.el.div(
        rx.el.h3(f"Qui le verra{NARROW}?"),
        rx.cond(
            _STATE.readers.length() > 0,
            rx.el.ul(rx.foreach(_STATE.readers, lambda who: rx.el.li(who))),
            rx.el.p("Choisissez le type du document pour le savoir."),
        ),
        class_name="readers",
        role="status",
    )


def _doubt() -> rx.Component:
    return callout(
        rx.el.p(_STATE.doubt),
        rx.el.input(type="hidden", name="confirmed", value="1", read_only=True),
        submit_button("L’ajouter quand même", kind=""),
        tone="warning",
        urgent=True,
    )
