"""The French sentence of every error code. Each feature keeps its own in `app/i18n/<feature>.py`."""

import importlib
import pkgutil

import app.i18n
from app.errors import AppError

_NOT_FEATURES = {"messages", "format"}


def _collect() -> dict[str, str]:
    collected: dict[str, str] = {}
    for module in pkgutil.iter_modules(app.i18n.__path__):
        if module.name in _NOT_FEATURES:
            continue
        feature = importlib.import_module(f"app.i18n.{module.name}")
        for code, sentence in getattr(feature, "MESSAGES", {}).items():
            assert code not in collected, f"two sentences for {code}"
            collected[code] = sentence
    return collected


MESSAGES = _collect()


def sentence(code: str, **context: object) -> str:
    """The sentence of a code, with its values filled in."""
    return MESSAGES[code].format(**context)


def sentence_of(error: AppError) -> str:
    """The sentence of an expected failure."""
    return sentence(error.code, **error.context)
