"""Every page and every handler says who it is for, and nothing answers that was not meant to."""

import importlib
import pkgutil
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

import app.api
from app.integrations.psc_settings import BACK_CHANNEL
from tests.architecture import handlers

FORBIDDEN = 403

# Reviewed: every plain HTTP endpoint, and why it needs no page.
ENDPOINTS = {
    ("POST", "/auth/sign-in"): "first step, open to all, counted",
    ("POST", "/auth/code"): "second step, holds the cookie of the attempt",
    ("POST", "/auth/code/resend"): "second step, holds the cookie of the attempt",
    ("POST", "/auth/member"): "third step of a shared account, holds the cookie of the attempt",
    ("POST", "/auth/member/new"): "adds a person to the shared account of its cookie",
    ("POST", "/auth/member/code"): "another code for a person of the account of its cookie",
    ("POST", "/auth/operator"): "open on a registered workstation, by its cookie; counted",
    ("POST", "/auth/workstation"): "registers the browser of the professional of its cookie",
    ("POST", "/auth/forgotten-password"): "open to all, counted; the same answer for everybody",
    ("POST", "/auth/forgotten-identifier"): "open to all, counted; the same answer for everybody",
    ("POST", "/auth/new-password"): "holds the token of a link, once",
    ("POST", "/auth/confirm/send"): "sends a code to the person of its cookie",
    ("POST", "/auth/confirm"): "a factor of the person of its cookie",
    ("POST", "/auth/sign-out"): "ends the sign-in of its cookie",
    ("POST", "/auth/sign-out-everywhere"): "ends the sign-ins of the account of its cookie",
    ("POST", "/api/admin/acceptances"): "administrators only, journalled",
    ("POST", "/api/admin/contract"): "administrators only, journalled",
    ("POST", "/api/admin/journal"): "administrators only, journalled",
    ("POST", "/api/admin/statistics"): "administrators only, journalled",
    ("POST", "/api/admin/instance"): "administrators only, journalled",
    ("GET", "/instance/logo"): "the logo every page shows",
    ("POST", "/auth/conditions"): "accepts a legal text for the person of its cookie",
    ("POST", "/auth/conditions/code"): "mails the person of its cookie the code that signs",
    ("POST", "/auth/psc/start"): "a click, open to all, counted; leaves for the provider",
    (
        "GET",
        "/auth/psc/callback",
    ): "the provider sends the browser back: its cookie, its state, once",
    ("POST", "/auth/psc/link"): "links the identity of its cookie to the account of its cookie",
    ("POST", "/auth/psc/abandon"): "forgets the identity of its cookie",
    (
        "GET",
        "/auth/psc/signed-out",
    ): "back from the provider's sign-out: its cookie, its state, once",
    (
        "POST",
        "/auth/psc/back-channel-logout",
    ): "the provider's server: a token checked as an id token",
    ("POST", "/api/documents/uploads"): "a file for a record one may add to, counted, judged apart",
    ("POST", "/api/documents/uploads/{upload_id}/discard"): "forgets a file of one's own account",
    (
        "POST",
        "/api/messages/draft",
    ): "keeps what the person of its cookie writes, in their own mailbox",
    (
        "POST",
        "/api/messages/attachments",
    ): "a file for a draft of one's own, counted, judged apart, within the room of one message",
    (
        "POST",
        "/api/messages/attachments/download",
    ): "the address of a file of a message one holds, for 60 s",
    ("POST", "/api/messages/send"): "sends it to those they may write to, counted, once a draft",
    ("POST", "/auth/account/email"): "gives back the code of a new address of one's own account",
    ("POST", "/auth/account/phone"): "gives back the code of a new telephone of one's own account",
    ("POST", "/auth/account/password"): "changes one's own password, with a fresh factor",
    ("POST", "/auth/account/authenticator"): "the first code of one's own authenticator",
    (
        "GET",
        "/api/account/authenticator.svg",
    ): "one's own seed, before its first code, factor fresh",
    ("GET", "/api/account/authenticator-key"): "the same, to type",
    ("POST", "/api/account/recovery-codes"): "makes and tells one's own codes, factor fresh",
    ("POST", "/api/account/export"): "serves one's own data once, with a fresh factor",
    ("POST", "/auth/act-for"): "begins to act under a delegation of the person of its cookie",
    ("POST", "/auth/act-for/stop"): "goes back to the account of its cookie",
    ("POST", "/auth/registration/begin"): "a door, open to all, counted",
    ("POST", "/auth/registration/certified"): "goes on with the identity of its cookie",
    ("POST", "/auth/registration/link"): "the token of a mailed link, once",
    ("POST", "/auth/registration/resume"): "open to all, counted; the same answer for any address",
    **{
        ("POST", f"/auth/registration/{act}"): "acts on the registration of its cookie alone"
        for act in (
            "abandon email email/resend email/code email/change phone phone/resend phone/code "
            "phone/remove phone/done password member member/remove password/done terms "
            "contract/code contract contract/provider contract/scan"
        ).split()
    },
    ("POST", "/api/record/history"): "the patient of its cookie, journalled",
    ("POST", "/api/drafts"): "keeps what the person of its cookie types",
    (
        "POST",
        "/api/documents/download",
    ): "documents the person of its cookie sees now: a link, or a ZIP",
    (
        "GET",
        "/api/documents/file/{ticket}",
    ): "of one sign-in and 60 s; sight is asked again, one line",
    ("GET", "/api/documents/page/{ticket}/{page:int}"): "the same, for a document that was opened",
    ("GET", "/demo/outbox.json"): "demonstration only, 404 otherwise",
}


def _route_of(page: Any) -> str:
    route = page.route.strip("/")
    return route or "index"


@pytest.fixture
def pages(product: Any) -> list[Any]:
    """The page table."""
    from app.pages.table import PAGES  # noqa: PLC0415 - filled by the product

    assert PAGES
    return list(PAGES.values())


class TestPages:
    def test_every_route_is_in_the_page_table(self, product, pages):
        assert set(product._unevaluated_pages) == {_route_of(page) for page in pages}

    def test_every_page_declares_its_audience(self, pages):
        from app.state.base import Audience  # noqa: PLC0415

        assert [p.route for p in pages if not isinstance(p.audience, Audience)] == []

    def test_every_page_can_be_drawn(self, pages):
        for page in pages:
            assert str(page.build())

    def test_every_title_is_its_own(self, pages):
        titles = [page.title for page in pages]
        assert sorted(set(titles)) == sorted(titles)

    def test_what_a_page_loads_is_for_its_audience(self, pages):
        from app.state.base import Audience  # noqa: PLC0415

        faults = []
        for page in pages:
            loads = page.on_load if isinstance(page.on_load, list) else [page.on_load]
            for load in filter(None, loads):
                audience = getattr(getattr(load, "handler", load).fn, "_audience", None)
                allowed = {page.audience} | (
                    {Audience.SIGNED_IN} if page.audience is not Audience.PUBLIC else set()
                )
                if audience not in allowed:
                    faults.append(f"{page.route}: {audience}")
        assert faults == []


class TestHandlers:
    def test_S001_the_inventory_was_read(self, product):
        expected = handlers.INVENTORY.read_text(encoding="utf-8")
        assert handlers.inventory() == expected, (
            "what browsers can call changed: run python -m tests.architecture.handlers, and read it"
        )

    def test_S001_every_handler_has_an_audience(self, product):
        from app.guard import FRAMEWORK_EVENTS  # noqa: PLC0415

        faults = [
            name
            for name, function in handlers.registered()
            if getattr(function, "_audience", None) is None
            and name not in FRAMEWORK_EVENTS
            # The guard refuses it on every state, having no audience; nothing of ours calls it.
            and not name.endswith(".setvar")
        ]
        assert faults == []

    def test_S001_every_exemption_of_the_guard_is_the_frameworks(self, product):
        from app.guard import FRAMEWORK_EVENTS  # noqa: PLC0415

        functions = dict(handlers.registered())
        modules = {functions[name].__module__ for name in FRAMEWORK_EVENTS if name in functions}
        assert modules == {"reflex.state"}

    def test_no_state_has_a_setter_for_setvar_to_call(self, product):
        from reflex_base.registry import RegistrationContext  # noqa: PLC0415

        faults = [
            f"{state.__name__}.{name}"
            for state in RegistrationContext.get().base_states.values()
            if state.__module__.startswith("app.")
            for name in vars(state)
            if name.startswith("set_")
        ]
        assert faults == []


class TestEndpoints:
    @staticmethod
    def _routes() -> set[tuple[str, str]]:
        found = set()
        for module in pkgutil.iter_modules(app.api.__path__):
            for route in getattr(importlib.import_module(f"app.api.{module.name}"), "routes", []):
                assert isinstance(route, Route)
                methods = (route.methods or set()) - {"HEAD"}
                found |= {(method, route.path) for method in methods}
        return found

    def test_S082_every_post_of_another_sites_page_is_refused(self):
        """But the one of another server, which proves itself (Pro Santé Connect's sign-out)."""
        routes = [
            route
            for module in pkgutil.iter_modules(app.api.__path__)
            for route in getattr(importlib.import_module(f"app.api.{module.name}"), "routes", [])
        ]
        paths = {path for method, path in self._routes() if method == "POST"} - {BACK_CHANNEL}
        browser = TestClient(Starlette(routes=routes), headers={"Origin": "https://ailleurs.test"})
        answers = {path: browser.post(path, follow_redirects=False).status_code for path in paths}
        assert [path for path, status in answers.items() if status != FORBIDDEN] == []

    def test_every_endpoint_was_reviewed(self):
        assert self._routes() == set(ENDPOINTS)

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_nothing_changes_outside_auth_and_api(self, method):
        paths = {path for its_method, path in self._routes() if its_method == method}
        assert [path for path in paths if not path.startswith(("/auth/", "/api/"))] == []
