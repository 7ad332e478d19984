"""Form fields: label, hint, error, control, in that order, tied together for those who hear the page.

Every field reads its error from `AppState.field_errors[name]` unless `error=` says otherwise. Fields are
uncontrolled: `value` is what they start with, so a form is drawn once its values are there (`states.ready`)
and starts afresh when its `key` changes. The id of a control is its name; give `id=` where two forms of
one page share a name.
"""

from typing import Any, Literal

import reflex as rx
from reflex_base.vars.base import Var

from app.components.icons import icon
from app.components.markup import (
    UNDEFINED,
    Child,
    Flag,
    Handler,
    Text,
    anchor,
    each,
    ident,
    pair,
    shown,
    when,
)
from app.i18n.format import NARROW
from app.state.base import AppState


def form(
    *children: Child,
    on_submit: Handler,
    draft: str = "",
    scope: Text = "",
    class_name: str = "stack form",
    **props: Any,
) -> rx.Component:
    """A form sent to a handler. `draft`: its name, to keep what is typed on the server as it is typed."""
    if draft:
        props.update(data_draft=draft, data_scope=scope)
    return rx.el.form(
        *children, on_submit=on_submit, no_validate=True, class_name=class_name, **props
    )


def native_form(*children: Child, action: str, **props: Any) -> rx.Component:
    """A form the browser posts to a plain endpoint, once: what it carries never enters page state."""
    return rx.el.form(
        *children, action=action, method="post", on_submit=None, data_once="", **props
    )


def draft_status() -> rx.Component:
    """« Enregistré à 10 h 12 », written by the browser script inside a form with a draft."""
    return rx.el.p(role="status", class_name="hint", data_draft_status="")


def mandatory_note(*, all_of_them: bool = False) -> rx.Component:
    """The line « * Champs obligatoires » that stands above a form."""
    words = "Tous les champs sont obligatoires" if all_of_them else "* Champs obligatoires"
    return rx.el.p(words, class_name="hint")


def form_actions(*children: Child) -> rx.Component:
    """The buttons of a form: the primary one first."""
    return rx.el.div(*children, class_name="form-acts")


def text_field(
    label: Text,
    name: str,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    kind: str = "text",
    id: str = "",  # noqa: A002 - the name of the attribute
    suffix: Child = None,
    **props: Any,
) -> rx.Component:
    """One line of text. Further attributes pass through: `auto_complete`, `input_mode`, `max_length`."""
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    control = rx.el.input(
        type=kind,
        name=name,
        default_value=value,
        class_name="input",
        **parts.control(props),
    )
    if suffix is not None:
        control = rx.el.div(control, suffix, class_name="row")
    return parts.wrap(control)


def textarea_field(
    label: Text,
    name: str,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    rows: int = 3,
    max_length: int = 2_000,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """Several lines of text; the count of characters appears from 80 % of `max_length`."""
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    control = rx.el.textarea(
        name=name,
        default_value=value,
        rows=str(rows),
        max_length=max_length,
        class_name="input",
        data_count=f"{parts.id}-count",
        **parts.control(props),
    )
    return parts.wrap(
        control, rx.el.p(role="status", class_name="hint", **ident(f"{parts.id}-count"))
    )


def select_field(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text = "",
    empty: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """A choice in a native list. `options`: `(value, label)` pairs, or a list of `Choice` in the state.

    `empty`: the label of the first line, which chooses nothing (« Choisir un grade »).
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    return parts.wrap(
        _select(
            options,
            empty,
            name=name,
            default_value=value,
            class_name="input",
            **parts.control(props),
        )
    )


def mini_select(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text = "",
    empty: str = "",
    on_change: Handler = None,
    **props: Any,
) -> rx.Component:
    """A filter in the head of a panel: label and list on one line. `empty`: « Tous »."""
    select = _select(
        options,
        empty,
        name=name,
        class_name="input mini",
        **({"default_value": value} if on_change is None else {"value": value}),
        **({} if on_change is None else {"on_change": on_change}),
        **ident(f"filter-{name}"),
        **props,
    )
    return rx.el.label(label, " ", select, html_for=f"filter-{name}", class_name="row sm")


def _select(options: Any, empty: Text, **props: Any) -> rx.Component:
    def line(option: Any) -> rx.Component:
        choice, words = pair(option)
        return rx.el.option(words, value=choice)

    # A list in the state arrives after the first drawing: the key draws it anew, with its choice made.
    if isinstance(options, Var):
        props.setdefault("key", options.length().to_string())
    first = [rx.el.option(empty, value="")] if empty else []
    return rx.el.select(*first, each(options, line), **props)


def radio_cards(
    label: Text,
    name: str,
    options: Any,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    two: bool = True,
    on_change: Handler = None,
    id: str = "",  # noqa: A002 - the name of the attribute
) -> rx.Component:
    """A choice among few, each on a line that is a target as a whole. `two`: two columns where they fit.

    `options`: `(value, label)` or `(value, label, hint)`, or a list of `Choice` in the state.
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)
    events = {} if on_change is None else {"on_change": on_change}

    def card(option: Any) -> rx.Component:
        choice, words = pair(option)
        explained = option[2] if isinstance(option, tuple) and len(option) > 2 else ""  # noqa: PLR2004
        more = [rx.el.span(explained, class_name="hint")] if explained else []
        return rx.el.label(
            rx.el.input(
                type="radio", name=name, value=choice, default_checked=value == choice, **events
            ),
            rx.el.span(words, *more),
            class_name="opt",
        )

    return parts.group(rx.el.div(each(options, card), class_name="radios two" if two else "radios"))


def checkbox(
    label: Child,
    name: str,
    *,
    is_checked: Flag = False,
    hint: Text = "",
    error: Text | None = None,
    id: str = "",  # noqa: A002 - the name of the attribute
    **props: Any,
) -> rx.Component:
    """A box to tick, with its words as part of the target."""
    parts = FieldParts("", name, element_id=id, hint="", error=error, required=False)
    more = [rx.el.span(hint, class_name="hint")] if hint else []
    return rx.el.div(
        *parts.messages(),
        rx.el.label(
            rx.el.input(
                type="checkbox", name=name, default_checked=is_checked, **parts.control(props)
            ),
            rx.el.span(label, *more),
            class_name="check",
        ),
        class_name=parts.look(),
    )


def switch(
    label: Child, name: str, *, is_on: Flag, on_change: Handler, hint: Text = "", **props: Any
) -> rx.Component:
    """A setting that acts at once."""
    more = [rx.el.span(hint, class_name="hint")] if hint else []
    return rx.el.label(
        rx.el.input(
            type="checkbox", role="switch", name=name, checked=is_on, on_change=on_change, **props
        ),
        rx.el.span(label, *more),
        class_name="switch",
    )


def segmented(
    label: Text, name: str, options: Any, *, value: Text, on_change: Handler
) -> rx.Component:
    """A choice among few views of one thing: « 7 jours », « 30 jours », « 3 mois », « 1 an »."""

    def piece(option: Any) -> rx.Component:
        choice, words = pair(option)
        return rx.el.label(
            rx.el.input(
                type="radio",
                name=name,
                value=choice,
                checked=value == choice,
                on_change=on_change,
            ),
            rx.el.span(words),
        )

    return rx.el.fieldset(
        rx.el.legend(label, class_name="vh"), rx.el.div(each(options, piece), class_name="seg")
    )


def date_fields(
    label: Text,
    name: str,
    *,
    day: Text = "",
    month: Text = "",
    year: Text = "",
    hint: Text = "",
    error: Text | None = None,
    required: bool = False,
    birth: bool = False,
    id: str = "",  # noqa: A002 - the name of the attribute
) -> rx.Component:
    """A date as three short fields, sent as `<name>_day`, `<name>_month`, `<name>_year`.

    `birth`: lets the browser fill in a birth date.
    """
    parts = FieldParts(label, name, element_id=id, hint=hint, error=error, required=required)

    def one(words: str, part: str, value: Text, length: int) -> rx.Component:
        filled = {"auto_complete": f"bday-{part}"} if birth else {"auto_complete": "off"}
        attributes = {**parts.described(), **ident(f"{parts.id}-{part}")}
        return rx.el.label(
            words,
            rx.el.input(
                type="text",
                name=f"{name}_{part}",
                default_value=value,
                input_mode="numeric",
                max_length=length,
                class_name="input",
                **filled,
                **attributes,
            ),
            class_name="y" if part == "year" else "",
        )

    return parts.group(
        rx.el.div(
            one("Jour", "day", day, 2),
            one("Mois", "month", month, 2),
            one("Année", "year", year, 4),
            class_name="date3",
        )
    )


def password_field(
    label: Text,
    name: str,
    *,
    auto_complete: Literal["current-password", "new-password"],
    hint: Text = "",
    error: Text | None = None,
) -> rx.Component:
    """A password, shown on demand. Only for native forms: it must not enter page state."""
    parts = FieldParts(label, name, element_id="", hint=hint, error=error, required=False)
    return parts.wrap(
        rx.el.div(
            rx.el.input(
                type="password",
                name=name,
                auto_complete=auto_complete,
                class_name="input",
                **parts.control({}),
            ),
            rx.el.button(
                icon("eye"),
                type="button",
                aria_label="Afficher le mot de passe",
                aria_pressed="false",
                data_toggle_password=parts.id,
            ),
            class_name="pw",
        )
    )


def error_summary(errors: Any = None) -> rx.Component:
    """« Il y a 2 erreurs dans le formulaire », one link per field, first in the main region.

    It takes the focus when it arrives, and the title of the page gains « Erreur – ». `errors`: sentences by
    field name, `AppState.field_errors` unless said otherwise.
    """
    found = AppState.field_errors if errors is None else errors
    number = found.keys().length()
    return rx.cond(
        number > 0,
        rx.el.div(
            rx.el.h2(
                rx.cond(
                    number > 1,
                    f"Il y a {number} erreurs dans le formulaire",
                    "Il y a 1 erreur dans le formulaire",
                )
            ),
            rx.el.ul(
                rx.foreach(
                    found,
                    lambda item: rx.el.li(anchor(item[1], target=item[0])),
                )
            ),
            role="alert",
            tab_index=-1,
            class_name="errsum",
        ),
    )


class FieldParts:
    """What a field has around its control, and the attributes that tie them together."""

    def __init__(
        self,
        label: Text,
        name: str,
        *,
        element_id: str,
        hint: Text,
        error: Text | None,
        required: bool,
    ) -> None:
        self.id = element_id or name
        self.hint = hint
        self.error: Any = AppState.field_errors[name] if error is None else error
        self.required = required
        self.label: list[Child] = [label, " *"] if required else [label]

    def described(self) -> dict[str, Any]:
        """`aria-describedby` and `aria-invalid`, as hint and error come and go."""
        hint_id = f"{self.id}-hint" if self.hint is not None and not _is_empty(self.hint) else ""
        error_id = f"{self.id}-error"
        both = f"{hint_id} {error_id}".strip()
        if isinstance(self.error, Var):
            described = rx.cond(self.error, both, hint_id or UNDEFINED)
        else:
            described = (both if self.error else hint_id) or None
        attributes: dict[str, Any] = {"aria_invalid": when(self.error, "true")}
        if described is not None:
            attributes["aria_describedby"] = described
        return attributes

    def control(self, props: dict[str, Any]) -> dict[str, Any]:
        """The attributes of the control itself."""
        attributes = {**self.described(), **props}
        if self.required:
            attributes["aria_required"] = "true"
        own = attributes.pop("custom_attrs", {})
        return {**attributes, **ident(self.id, **own)}

    def messages(self) -> list[Child]:
        """Hint, then error."""
        return [
            *([] if _is_empty(self.hint) else [_hint(self.id, self.hint)]),
            shown(self.error, _error(self.id, self.error)),
        ]

    def look(self) -> Any:
        """The class of the field."""
        if isinstance(self.error, Var):
            return rx.cond(self.error, "field bad", "field")
        return "field bad" if self.error else "field"

    def wrap(self, *control: Child) -> rx.Component:
        """A field with one control."""
        label = rx.el.label(*self.label, html_for=self.id)
        return rx.el.div(label, *self.messages(), *control, class_name=self.look())

    def group(self, *controls: Child) -> rx.Component:
        """A field with several controls: a named group."""
        return rx.el.fieldset(
            rx.el.legend(*self.label),
            *self.messages(),
            *controls,
            class_name=self.look(),
            **self.described(),
            **ident(self.id),
        )


def _hint(field_id: str, words: Text) -> rx.Component:
    return rx.el.p(words, class_name="hint", **ident(f"{field_id}-hint"))


def _error(field_id: str, sentence: Any) -> rx.Component:
    return rx.el.p(
        icon("circle-alert", "s"),
        rx.el.span(f"Erreur{NARROW}: ", _lower_first(sentence)),
        class_name="err",
        **ident(f"{field_id}-error"),
    )


def _lower_first(sentence: Any) -> Any:
    """The sentence as it follows a colon; an acronym at its head keeps its capitals."""
    if not isinstance(sentence, Var):
        starts_as_word = sentence[1:2].islower() or sentence[1:2] in {" ", "’"}
        return sentence[:1].lower() + sentence[1:] if starts_as_word else sentence
    script = f"""(({sentence!s}) ?? "").replace(/^\\p{{Lu}}(?=[\\p{{Ll}} ’])/u, (c) => c.toLowerCase())"""
    return sentence._replace(_js_expr=script, _var_type=str)


def _is_empty(text: Any) -> bool:
    return not isinstance(text, Var) and not text
