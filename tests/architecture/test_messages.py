"""Every failure has its French sentence, and the sentences are typeset as French is."""

import ast
import re

from app.i18n.messages import MESSAGES
from tests.architecture.sources import JOURNALING, called_name, docstrings, modules

CODE = re.compile(r"[a-z][a-z_]*\.(?!json$|csv$|tsv$|svg$|txt$|db$)[a-z][a-z0-9_]*")
# What else is written like a code: acts of the journal and names of loggers.
NOT_FAILURES = {*JOURNALING, "getLogger"}
RAISING = ("app/services", "app/authz", "app/integrations", "app/state", "app/api")

STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]|\.\.\.")
ORDINARY_SPACE = re.compile(r"\w [;:!?](?!\w)|\w »|« \w")
# Reviewed: a list of the very characters.
QUOTING = {"password.no_special"}


def _codes() -> dict[str, str]:
    """Every literal that names a failure, and where it stands."""
    found: dict[str, str] = {}
    for name, tree in modules(*RAISING):
        other = set()
        for node in ast.walk(tree):
            is_act = isinstance(node, ast.Call) and called_name(node) in NOT_FAILURES
            if is_act or isinstance(node, ast.Compare):
                other |= {id(part) for part in ast.walk(node)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in other and CODE.fullmatch(node.value):
                found.setdefault(node.value, f"{name}:{node.lineno}")
    return found


def test_every_code_has_a_sentence():
    assert {code: place for code, place in _codes().items() if code not in MESSAGES} == {}


def test_every_sentence_belongs_to_a_code():
    spoken_of = set()
    for _, tree in modules("app"):
        tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
        keys = {id(key) for table in tables for key in table.keys}
        spoken_of |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in keys
        }
    assert sorted(set(MESSAGES) - spoken_of) == []


def test_sentences_are_typeset_as_french_is():
    faults = [
        f"{code}: {sentence}"
        for code, sentence in MESSAGES.items()
        if code not in QUOTING and (STRAIGHT.search(sentence) or ORDINARY_SPACE.search(sentence))
    ]
    assert faults == []


def test_so_is_every_other_text_of_the_interface():
    faults = [
        f"{name}:{node.lineno}: {node.value[:80]}"
        for name, tree in modules("app/i18n", "app/pages", "app/components", "app/state")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings(tree)
        and node.value not in {MESSAGES[code] for code in QUOTING}
        and (STRAIGHT.search(node.value) or ORDINARY_SPACE.search(node.value))
    ]
    assert faults == []
