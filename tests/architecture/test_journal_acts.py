"""Every act of the journal has its words: whoever reads a line reads French."""

import ast

from app.i18n.journal import ACTIONS
from tests.architecture.sources import JOURNALING, called_name, modules

# What was refused is named by what was asked, in the words of the program.
ACTS = JOURNALING - {"record_refusal"}


def test_S132_every_act_has_its_words():
    acts = {
        argument.value: name
        for name, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) in ACTS
        for given in node.args
        for argument in ([given.body, given.orelse] if isinstance(given, ast.IfExp) else [given])
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and "." in argument.value
    }
    assert len(acts) > 50
    assert {act: name for act, name in acts.items() if act not in ACTIONS} == {}
