"""Every act of the journal has French words, for whoever reads their own history."""

import ast

from app.i18n.journal import ACTIONS, action_label
from app.models.journal import JournalKind
from tests.architecture.sources import modules


def _recorded() -> set[str]:
    """The actions that the services write as they are, not those composed of a value."""
    found = set()
    for _, tree in modules("app/services"):
        for node in ast.walk(tree):
            is_record = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"record", "record_read"}
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "journal"
            )
            if is_record and len(node.args) > 2 and isinstance(node.args[2], ast.Constant):
                found.add(node.args[2].value)
    return found


def test_every_recorded_action_has_words():
    assert _recorded() - set(ACTIONS) == set()


def test_an_action_without_words_says_its_kind():
    assert action_label("anything.else", JournalKind.REFUSAL) == "Action refusée"
