"""What the import contracts cannot say."""

import ast
import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from app import migrations
from tests.architecture.sources import ROOT, called_name, docstrings, modules


def test_the_import_contracts_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_only_the_unit_of_work_commits():
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) == "commit"
    ]
    assert len(faults) == 1
    assert faults[0].startswith("app/db.py:")


def test_settings_alone_read_the_environment():
    readers = {
        name
        for name, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # These set, or are given, what a program they start is to find.
    assert readers == {"app/cli/build.py", "app/cli/server.py", "app/server.py"}


class TestSteps:
    script = ScriptDirectory(str(migrations.STEPS))

    def test_every_step_has_one_parent_and_there_is_one_newest(self):
        steps = list(self.script.walk_revisions())
        assert all(isinstance(step.down_revision, str | None) for step in steps)
        assert len([step for step in steps if step.down_revision is None]) == 1
        assert len(self.script.get_heads()) == 1

    def test_steps_import_nothing_of_the_application(self):
        faults = [
            f"{name}:{node.lineno}"
            for name, tree in modules("alembic/versions")
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for imported in _imported(node)
            if imported.split(".")[0] not in {"alembic", "sqlalchemy"}
        ]
        assert faults == []

    @pytest.mark.parametrize("name", [name for name, _ in modules("alembic/versions")])
    def test_every_step_can_be_taken_back(self, name):
        tree = dict(modules("alembic/versions"))[name]
        bodies = {
            node.name: [part for part in node.body if id(part) not in _docstring_lines(tree)]
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }
        assert bodies["upgrade"]
        assert bodies["downgrade"]
        assert not isinstance(bodies["downgrade"][0], ast.Pass | ast.Raise)


def _docstring_lines(tree: ast.Module) -> set[int]:
    texts = docstrings(tree)
    return {
        id(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and id(node.value) in texts
    }


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]
