"""Every act of the journal has its words: whoever reads a line reads French."""

import ast

from app.i18n.journal import ACTIONS
from tests.architecture.sources import called_name, modules

RECORDING = {"record", "record_read", "record_reading", "note"}


def test_S132_every_act_has_its_words():
    acts = {
        argument.value: name
        for name, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) in RECORDING
        for argument in node.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and "." in argument.value
    }
    assert len(acts) > 50
    assert {act: name for act, name in acts.items() if act not in ACTIONS} == {}
