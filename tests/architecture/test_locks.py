"""What is installed is what was chosen: exact versions, with the hash of each file."""

import json
import re
import tomllib

import pytest

from tests.architecture.sources import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ; .*?)? \\$", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def _lock(which: str) -> str:
    return (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(which: str) -> dict[str, str]:
    return {_normal(name): version for name, version in PIN.findall(_lock(which))}


@pytest.mark.parametrize("which", ["run", "dev"])
def test_every_pin_has_a_hash(which):
    blocks = re.split(r"^(?=[A-Za-z0-9])", _lock(which), flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("which", ["run", "dev"])
def test_locks_hold_nothing_but_pins(which):
    options = [line for line in _lock(which).splitlines() if line.startswith("-")]
    assert options == []


def test_the_development_lock_holds_the_other():
    run, dev = _pins("run"), _pins("dev")
    assert run
    assert {name: dev.get(name) for name in run} == run


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = {
        "run": [*project["project"]["dependencies"], *groups["build"]],
        "dev": groups["dev"],
    }
    for which, requirements in wanted.items():
        names = {_normal(NAME.match(line)[0]) for line in requirements}
        assert names - set(_pins(which)) == set()


def test_the_framework_stays_at_its_minor_version():
    assert _pins("run")["reflex"].startswith("0.10.")


def test_npm_packages_have_hashes_and_no_address():
    lock = json.loads((ROOT / "reflex.lock/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: data for name, data in lock["packages"].items() if name}
    assert packages
    assert [name for name, data in packages.items() if {"resolved", "funding"} & set(data)] == []
    assert [name for name, data in packages.items() if "integrity" not in data] == []
