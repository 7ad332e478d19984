"""Every use case says who acts (architecture, « Where authorization lives »)."""

import ast

from tests.architecture.sources import modules

# Reviewed: what runs before anybody is known, and what the process does for itself. None of them is
# reachable from a page: the guard, the sign-in endpoints, the outbox job and the command line call them.
WITHOUT_ACTOR = {
    "access_mode.list_ended": "asked by the live tabs of the process itself",
    "care_circle.list_touched": "read by the live tabs of the process itself",
    "delegation.list_over": "asked by the live tabs of the process itself",
    "document_statistic.count_deposit": "counted by a use case that checked its actor",
    "journal.head": "copied outside by the hourly upkeep",
    "journal.last_seq": "read by the live tabs of the process itself",
    "journal.list_changes_since": "read by the live tabs of the process itself",
    "journal.newest_on": "read by the live tabs of the process itself",
    "journal.written_here": "what this unit of work wrote",
    "journal.verify": "read by the command line",
    "mailbox_touched.list_touched_mailboxes": "read by the live tabs of the process itself",
    "matrix.depositable_types": "the rights of a profession, asked by use cases that checked their actor",
    "matrix.read_cells": "read by use cases that checked their actor",
    "matrix.readable_types": "the rights of a profession, asked by the one function of visibility",
    "outbox.claim_due": "taken by the outbox job",
    "outbox.is_any_due": "asked by the outbox job",
    "outbox.list_newest": "shown where the demonstration mode was checked",
    "outbox.mark_failed": "settled by the outbox job",
    "outbox.mark_sent": "settled by the outbox job",
    "outbox.post_email": "written by a use case that checked its actor",
    "outbox.post_sms": "written by a use case that checked its actor",
    "record_settings.settings_of": "read for a use case that checked its actor",
    "session.is_open": "asked by the live tabs about themselves",
    "session.look_up": "finds the actor",
    "session.open_session": "makes the actor",
    "sign_in.access_attempt": "holds the attempt's own token",
    "throttle.blocked_until": "counts those nobody knows yet",
    "throttle.count": "counts those nobody knows yet",
    "throttle.hold": "counts those nobody knows yet",
    "throttle.forgive": "counts those nobody knows yet",
    "throttle.left": "counts those nobody knows yet",
    "visibility.has_administrator_status": "asked by the one function of visibility",
    "visibility.is_blocked": "asked by the one function of visibility",
    "treatment_query.count_entries": "counted for a use case that checked its actor",
}


def _public_functions():
    for name, tree in modules("app/services"):
        module = name.removeprefix("app/services/").removesuffix(".py").replace("/", ".")
        for node in tree.body:
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and not node.name.startswith("_"):
                yield f"{module}.{node.name}", node


def _parameters(function) -> list[str]:
    arguments = function.args
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def test_every_service_that_takes_a_session_takes_its_actor_next():
    """Or `seen`, what the actor sees of a record: `visibility.sight` makes it of them alone."""
    faults = {
        name
        for name, function in _public_functions()
        if "session" in _parameters(function)
        and _parameters(function)[:2] not in (["session", "actor"], ["session", "seen"])
    }
    assert faults - set(WITHOUT_ACTOR) == set()


def test_every_exception_is_still_one():
    exceptions = {
        name
        for name, function in _public_functions()
        if "session" in _parameters(function) and _parameters(function)[1:2] != ["actor"]
    }
    assert set(WITHOUT_ACTOR) - exceptions == set()


def test_services_are_synchronous():
    assert [
        name for name, function in _public_functions() if isinstance(function, ast.AsyncFunctionDef)
    ] == []


def test_services_are_given_the_time():
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in modules("app/services", "app/authz", "app/models")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _reads_the_clock(node)
    ]
    assert faults == []


def _reads_the_clock(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {"now", "utcnow", "today", "time"}
        and isinstance(function.value, ast.Name)
        and function.value.id in {"datetime", "date", "time"}
    )
