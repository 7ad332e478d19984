"""Rules of safe code that a reader might forget (S011, S013)."""

import ast
import re
import tomllib

from tests.architecture.sources import ROOT, modules, texts

# Framework features that would run a browser's text, serve files unchecked, or leave identity to the client.
CLOSED = {
    "Cookie": "readable and writable by scripts: sign-in has its own HttpOnly cookie (S005)",
    "LocalStorage": "set by the client at will",
    "SessionStorage": "set by the client at will",
    "Model": "deprecated: tables are plain SQLModel",
    "asession": "services are given a session",
    "session": "services are given a session",
    "call_function": "runs text in the browser",
    "call_script": "runs text in the browser",
    "run_script": "runs text in the browser",
    "download": "bytes leave through an endpoint, after a service call",
    "get_upload_dir": "is served without a check (S009)",
    "get_upload_url": "is served without a check (S009)",
    "upload": "is open to strangers (S009)",
    "upload_files": "is open to strangers (S009)",
    "html": "raw HTML",
    "markdown": "raw HTML unless told otherwise",
}
NOQA = re.compile(r"#\s*noqa(?!:\s*[A-Z]+\d+)")
IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[)")
NEVER_SILENCED = re.compile(r"#\s*noqa:[^-]*\b(?:S102|S307|S506|S602|S605|S608|S701|S704)\b")


def _python_lines():
    for name, text in texts():
        if name.endswith(".py") and name != "tests/architecture/test_safety.py":
            for number, line in enumerate(text.splitlines(), 1):
                yield f"{name}:{number}", name, line


def test_S011_no_feature_that_trusts_the_browser():
    faults = [
        f"{name}:{node.lineno}: rx.{node.attr} {CLOSED[node.attr]}"
        for name, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOSED
        and isinstance(node.value, ast.Name)
        and node.value.id == "rx"
    ]
    assert faults == []


def test_S013_the_linter_looks_for_injections():
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert ruff["lint"]["select"] == ["ALL"]
    security = {rule for rule in ruff["lint"]["ignore"] if re.fullmatch(r"S(\d+)?", rule)}
    assert security == {"S101"}
    for files, rules in ruff["lint"]["per-file-ignores"].items():
        if files.startswith("app"):
            assert [rule for rule in rules if re.fullmatch(r"S(\d+)?", rule)] == []


def test_S013_no_injection_rule_is_silenced_in_the_product():
    faults = [
        place
        for place, name, line in _python_lines()
        if name.startswith(("app/", "alembic/")) and NEVER_SILENCED.search(line)
    ]
    assert faults == []


def test_every_silenced_rule_is_named():
    faults = [
        place for place, _, line in _python_lines() if NOQA.search(line) or IGNORE.search(line)
    ]
    assert faults == []


def test_every_ignored_rule_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:ignore|\"[^\"]+\") = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in lists for line in block.splitlines()]
    rules = [line for line in lines if re.match(r"\"[A-Z]+\d*\",", line)]
    assert rules
    assert [line for line in rules if not re.search(r"#\s*\S.{10,}", line)] == []
