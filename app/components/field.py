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
from app.components.markup import UNDEFINED, Child, Text, ident, shown, when
from app.i18n.format import NARROW, NO_BREAK
from app.state.base import AppState

# After the words of a mandatory field; it never stands alone on a line.
MANDATORY = f"{NO_BREAK}*"


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
        told_by: str = "",
    ) -> None:
        """`told_by`: the id of further words about the field, drawn by whoever asks for it."""
        self.id = element_id or name
        self.told_by = told_by
        self.hint = hint
        self.error: Any = AppState.field_errors[name] if error is None else error
        self.required = required
        self.label: list[Child] = [label, MANDATORY] if required else [label]

    def described(self) -> dict[str, Any]:
        """`aria-describedby` and `aria-invalid`, as hint and error come and go."""
        hint_id = f"{self.id}-hint" if self.hint is not None and not _is_empty(self.hint) else ""
        hint_id = f"{hint_id} {self.told_by}".strip()
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
    auto_complete: Literal["current-password", "new-password", "off"],
    hint: Text = "",
    error: Text | None = None,
    id: str = "",  # noqa: A002 - the name of the attribute
    told_by: str = "",
) -> rx.Component:
    """A password, shown on demand. Only for native forms: it must not enter page state."""
    parts = FieldParts(
        label, name, element_id=id, hint=hint, error=error, required=False, told_by=told_by
    )
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
