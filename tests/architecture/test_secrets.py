"""Nothing in the repository gives access to anything, nor tells where it was written."""

import re

from tests.architecture.sources import texts

OWN = "tests/architecture/test_secrets.py"
LOCKS = ("requirements/", "reflex.lock/")

SECRETS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "service token": re.compile(
        r"\b(?:gh[pousr]_|glpat-|xox[abpr]-|sk_live_|npm_|pypi-)[A-Za-z0-9]{20,}"
    ),
    "address with a password": re.compile(r"\b[a-z+]+://[^/\s:@\"'{}]+:[^/\s@\"'{}]+@[\w.]+\w"),
    "256-bit key": re.compile(r"\b[0-9a-fA-F]{64}\b"),
}
PLACES = {
    "package registry": re.compile(
        r"npmjs\.(?:org|com)|yarnpkg\.com|pypi\.org|pythonhosted\.org|deb\.debian\.org|jsdelivr|unpkg\.com"
        r"|https?://[^\s\"']*/(?:npm|pypi)/"
    ),
    "folder of one machine": re.compile(r"(?<![\w.])/(?:work|tmp|root|home)/\w"),
}
# Brackets, so that this line is not one of them.
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
# Reviewed: examples in sentences for the operator, and addresses that lead nowhere.
EXAMPLES = re.compile(r"smtp://utilisateur:secret@|user:password@|example-")


def _found(pattern: re.Pattern[str], *, skip: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in texts()
        if name != OWN and not name.startswith(skip or "\0")
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line) and not EXAMPLES.search(line)
    ]


def test_no_secret():
    faults = {what: _found(pattern, skip=LOCKS) for what, pattern in SECRETS.items()}
    assert {what: places for what, places in faults.items() if places} == {}


def test_the_scan_sees_a_secret():
    planted = "postgresql://liane:" + "hunter2" + "@db.interne"
    assert SECRETS["address with a password"].search(planted)
    assert SECRETS["256-bit key"].search("ab" * 32)


def test_no_name_of_a_registry_nor_of_a_machine():
    faults = {what: _found(pattern) for what, pattern in PLACES.items()}
    assert {what: places for what, places in faults.items() if places} == {}


def test_nothing_is_left_for_later():
    assert _found(UNFINISHED, skip=LOCKS) == []
