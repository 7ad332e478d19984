"""What one posts about one's own account: codes, passwords, factors, one's data (S005, S034, S035, S099)."""

import io
import re
import zipfile
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from app import cookies
from app.authz.actor import Actor
from app.db import keyring_of, unit_of_work
from app.jobs import account_export as job
from app.models.account import Account
from app.models.account_export import AccountExport
from app.models.contact_point import EmailAddress, Phone
from app.models.factor import TotpFactor
from app.models.form_reply import FormReply
from app.models.session import SignInSession
from app.services import (
    account_export,
    contact_email,
    contact_phone,
    session as sessions,
    totp,
)
from app.state.clock import utc_now
from tests.api.conftest import PASSWORD

NEW_PASSWORD = "Sureau-noir-77!"
NEW = "nouvelle@exemple.test"
NUMBER = "+33612345678"
POSTS = (
    "/auth/account/email",
    "/auth/account/phone",
    "/auth/account/password",
    "/auth/account/authenticator",
    "/api/account/export",
    "/api/account/recovery-codes",
)


@pytest.fixture
def acting(database, signed_in: TestClient):
    """`with acting() as (session, actor):` a piece of work as whoever the browser is."""

    class Work:
        def __enter__(self):
            self._unit = unit_of_work(database)
            session = self._unit.__enter__()
            token = signed_in.cookies.get(cookies.SESSION)
            identity = sessions.look_up(session, token, now=utc_now())
            assert identity is not None
            return session, identity.actor

        def __exit__(self, *failure):
            return self._unit.__exit__(*failure)

    return Work


@pytest.fixture
def stale(acting):
    """The factor of the browser's sign-in is six minutes old."""
    with acting() as (session, actor):
        session.execute(
            update(SignInSession)
            .where(col(SignInSession.id) == actor.session_id)
            .values(factor_at=utc_now() - timedelta(minutes=6))
        )


def newest_code(client: TestClient, to: str) -> str:
    messages = client.get("/demo/outbox.json").json()
    text = next(m["text"] for m in messages if m["to"] == to)
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None
    return found[0]


def reply(acting, form: str) -> FormReply | None:
    with acting() as (session, actor):
        return session.get(FormReply, (actor.session_id, form))


class TestDoors:
    @pytest.mark.parametrize("path", POSTS)
    def test_S082_only_our_own_pages_post_there(self, signed_in, path):
        answer = signed_in.post(path, data={}, headers={"Origin": "https://ailleurs.example"})
        assert answer.status_code == 403

    @pytest.mark.parametrize("path", POSTS)
    def test_nobody_is_nobody(self, client, path):
        answer = client.post(path, data={"code": "123456"})
        assert answer.status_code in {303, 401}
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/connexion?suite=/compte/")

    @pytest.mark.parametrize("path", POSTS[2:5])
    def test_S054_a_stale_factor_is_asked_for_again(self, signed_in, stale, path):
        answer = signed_in.post(path, data={"export": str(uuid4()), "code": "123456"})
        assert answer.headers["location"].startswith("/connexion/confirmer?suite=/compte/")

    def test_S054_no_codes_with_a_stale_factor(self, signed_in, stale):
        assert signed_in.post("/api/account/recovery-codes").status_code == 403

    @pytest.mark.parametrize(
        "path", ["/api/account/authenticator.svg", "/api/account/authenticator-key"]
    )
    def test_there_is_no_seed_for_nobody_nor_before_one_was_asked(self, client, signed_in, path):
        assert signed_in.get(path).status_code == 404
        client.cookies.clear()
        assert client.get(path).status_code == 404


class TestContacts:
    def test_MM43_the_code_adds_the_address(self, signed_in, acting):
        with acting() as (session, actor):
            contact_email.ask_address(session, actor, NEW, now=utc_now())
        answer = signed_in.post(
            "/auth/account/email",
            data={"to": NEW, "code": newest_code(signed_in, NEW), "is_starred": "on"},
        )
        assert answer.headers["location"] == "/compte/coordonnees"
        with acting() as (session, actor):
            row = session.exec(select(EmailAddress).where(EmailAddress.address == NEW)).one()
            assert (row.account_id, row.is_starred) == (actor.account_id, True)
        left = reply(acting, "account_email")
        assert left is not None
        assert left.context == {"done": "email"}

    def test_a_wrong_code_is_told_by_the_page(self, signed_in, acting):
        with acting() as (session, actor):
            contact_phone.ask_phone(session, actor, NUMBER, now=utc_now())
        real = newest_code(signed_in, NUMBER)
        wrong = f"{(int(real) + 1) % 1_000_000:06d}"
        signed_in.post("/auth/account/phone", data={"to": NUMBER, "code": wrong})
        left = reply(acting, "account_phone")
        assert left is not None
        assert (left.faults, left.context) == ({"code": "code.wrong"}, {"to": NUMBER})
        signed_in.post("/auth/account/phone", data={"to": NUMBER, "code": real})
        with acting() as (session, actor):
            assert session.exec(select(Phone.number)).all() == [NUMBER]

    def test_S061_an_unknown_application_adds_nothing(self, signed_in, acting):
        with acting() as (session, actor):
            contact_email.ask_address(session, actor, NEW, now=utc_now())
        code = newest_code(signed_in, NEW)
        signed_in.post(
            "/auth/account/email", data={"to": NEW, "code": code, f"app_{uuid4()}": "on"}
        )
        with acting() as (session, _):
            assert session.exec(select(EmailAddress).where(EmailAddress.address == NEW)).all() == []


class TestPassword:
    def test_S023_S050_changes_it_and_the_cookie(self, signed_in, acting, account, database):
        before = signed_in.cookies.get(cookies.SESSION)
        answer = signed_in.post(
            "/auth/account/password",
            data={"current": PASSWORD, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD},
        )
        assert answer.headers["location"] == "/compte/securite"
        assert signed_in.cookies.get(cookies.SESSION) != before
        with unit_of_work(database) as session:
            assert sessions.look_up(session, before, now=utc_now()) is None
            kept = session.get_one(Account, account.id).password_hash
            assert keyring_of(session).verify_password(NEW_PASSWORD, kept)

    def test_S005_what_is_wrong_is_told_without_any_password(self, signed_in, acting):
        signed_in.post(
            "/auth/account/password",
            data={"current": "Faux-mot-1!", "password": "court", "password_again": "court"},
        )
        left = reply(acting, "account_password")
        assert left is not None
        assert left.faults == {
            "current": "password.current_wrong",
            "password": "password.too_short",
        }
        assert "court" not in str(left.context)


class TestAuthenticator:
    def _start(self, acting) -> str:
        with acting() as (session, actor):
            return totp.start_totp(session, actor, now=utc_now()).seed

    def test_S034_the_seed_is_drawn_and_told_outside_page_state(self, signed_in, acting):
        seed = self._start(acting)
        drawn = signed_in.get("/api/account/authenticator.svg")
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert drawn.headers["cache-control"] == "no-store"
        assert drawn.text.startswith("<svg")
        told = signed_in.get("/api/account/authenticator-key")
        assert told.text.replace(" ", "") == seed
        assert told.headers["cache-control"] == "no-store"

    def test_its_first_code_takes_it_into_use_and_hides_the_seed(self, signed_in, acting):
        seed, before = self._start(acting), signed_in.cookies.get(cookies.SESSION)
        signed_in.post("/auth/account/authenticator", data={"code": pyotp.TOTP(seed).now()})
        assert signed_in.cookies.get(cookies.SESSION) != before
        with acting() as (session, actor):
            factor = session.get_one(TotpFactor, actor.account_id)
            assert factor.confirmed_at is not None
        assert signed_in.get("/api/account/authenticator-key").status_code == 404

    def test_a_wrong_code_leaves_it_waiting(self, signed_in, acting):
        seed = self._start(acting)
        right = pyotp.TOTP(seed).now()
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        signed_in.post("/auth/account/authenticator", data={"code": wrong})
        left = reply(acting, "account_totp")
        assert left is not None
        assert set(left.faults) == {"code"}
        assert signed_in.get("/api/account/authenticator-key").status_code == 200


class TestRecoveryCodes:
    def test_S035_ten_are_told_once(self, signed_in, acting):
        first = signed_in.post("/api/account/recovery-codes")
        assert first.headers["cache-control"] == "no-store"
        codes = first.json()["lines"]
        assert len(set(codes)) == 10
        assert not set(codes) & set(signed_in.post("/api/account/recovery-codes").json()["lines"])


class TestExport:
    def _prepare(self, acting) -> str:
        with acting() as (session, actor):
            export_id = account_export.ask_export(session, actor, key=uuid4(), now=utc_now())
        assert job.prepare_next()
        return str(export_id)

    def test_S099_is_the_answer_to_the_post_once(self, signed_in, acting, account):
        export_id = self._prepare(acting)
        answer = signed_in.post("/api/account/export", data={"export": export_id})
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert len(answer.content) == int(answer.headers["content-length"])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert account.email in archive.read("donnees.json").decode()
        again = signed_in.post("/api/account/export", data={"export": export_id})
        assert (again.status_code, again.headers["location"]) == (303, "/compte/donnees")

    def test_S061_anothers_answers_as_none_does(self, signed_in, acting, database):
        from tests import factories  # noqa: PLC0415
        from tests.services.own_account import signed_in as sign_in  # noqa: PLC0415

        now = utc_now()
        with unit_of_work(database) as session:
            other: Actor = sign_in(session, factories.make_professional(session, now), now)
            theirs = account_export.ask_export(session, other, key=uuid4(), now=now)
        assert job.prepare_next()
        answers = [
            signed_in.post("/api/account/export", data={"export": str(wanted)})
            for wanted in (theirs, uuid4(), "nimporte")
        ]
        assert {(a.status_code, a.headers["location"], a.content) for a in answers} == {
            (303, "/compte/donnees", b"")
        }
        with acting() as (session, _):
            assert session.get_one(AccountExport, theirs).state.value == "ready"
