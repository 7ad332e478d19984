"""The failures the product expects. Services raise them by code; the sentence lives in `app.i18n`."""

from typing import ClassVar


class AppError(Exception):
    """An expected failure, named by a stable code such as `treatment.not_found`."""

    default_code: ClassVar[str] = "error"

    def __init__(self, code: str = "", /, **context: object) -> None:
        self.code = code or self.default_code
        self.context = context
        super().__init__(self.code)


class NotAuthenticated(AppError):
    """No valid session: the person signs in, then comes back to where they were."""

    default_code = "session.missing"


class NotFound(AppError):
    """Absent, or not theirs to know."""

    default_code = "page.not_found"


class Forbidden(AppError):
    """Visible, but not theirs to do."""

    default_code = "action.forbidden"


class Invalid(AppError):
    """The input cannot be read. `fields` maps each field to the code of its fault."""

    default_code = "form.invalid"

    def __init__(self, **fields: str) -> None:
        super().__init__(self.default_code)
        self.fields = fields


class Unusual(AppError):
    """Readable and possible but unlikely: the person confirms or corrects it."""

    default_code = "form.unusual"


class RuleViolation(AppError):
    """Well-formed, but care or the present state forbids it."""

    default_code = "rule.violated"


class Conflict(AppError):
    """Somebody changed it meanwhile."""

    default_code = "record.changed"


class Unavailable(AppError):
    """An outside system, or our own capacity, failed for now."""

    default_code = "service.unavailable"


class SetupError(Exception):
    """The installation itself is wrong. The message is one French sentence for the operator."""
