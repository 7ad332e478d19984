"""Forgotten password, step-up, known browsers and workstations over HTTP (S025, S036, S050, S054, S070)."""

import re

import pytest
from sqlmodel import select

from app import cookies
from app.api import confirmation, member, operator, password
from app.db import unit_of_work
from app.models.account import Account, AccountState
from app.models.registration import Registration, RegistrationKind
from app.models.session import SignInSession
from app.state.clock import utc_now
from tests.api.conftest import PASSWORD

NEW = "Tisane-douce-17!"
MORE_ROUTES = [*confirmation.routes, *member.routes, *operator.routes, *password.routes]


@pytest.fixture
def client(client):
    """With the endpoints of these doors."""
    client.app.app.router.routes.extend(MORE_ROUTES)
    return client


def newest(client, word):
    return next(m["text"] for m in client.get("/demo/outbox.json").json() if word in m["subject"])


def code_of(client):
    return re.search(r"\d{6}", newest(client, "code"))[0]


class TestForgottenPassword:
    def test_S036_from_the_request_to_the_new_password(self, client, account):
        answer = client.post("/auth/forgotten-password", data={"email": account.email})
        assert answer.headers["location"] == "/connexion/mot-de-passe-oublie?suite=envoye"
        token = re.search(r"#(\S+)", newest(client, "nouveau mot de passe"))[1]
        refused = client.post(
            "/auth/new-password", data={"token": token, "password": "x", "password_again": "y"}
        )
        assert refused.headers["location"] == "/connexion/nouveau-mot-de-passe"
        # The fragment is gone from the address: a cookie of this browser stands for it.
        done = client.post("/auth/new-password", data={"password": NEW, "password_again": NEW})
        assert done.headers["location"] == "/connexion"
        data = {"identifier": account.email, "password": NEW}
        assert client.post("/auth/sign-in", data=data).headers["location"] == "/connexion/code"
        again = client.post(
            "/auth/new-password", data={"token": token, "password": NEW, "password_again": NEW}
        )
        assert again.headers["location"] == "/connexion/nouveau-mot-de-passe"

    def test_an_empty_address_is_told(self, client):
        for path in ("password", "identifier"):
            answer = client.post(f"/auth/forgotten-{path}", data={"email": " "})
            assert answer.headers["location"].endswith("?suite=vide")


class TestDevice:
    def _enter(self, client, account, **more):
        data = {"identifier": account.email, "password": PASSWORD}
        client.post("/auth/sign-in", data=data)
        return client.post("/auth/code", data={"code": code_of(client), **more})

    def _cookie(self, answer):
        found = [c for c in answer.headers.get_list("set-cookie") if cookies.DEVICE in c]
        return found[0] if found else ""

    def test_S025_lasts_90_days_when_asked_else_as_long_as_the_browser(self, client, account):
        assert "max-age" not in self._cookie(self._enter(client, account)).lower()
        client.cookies.clear()
        kept = self._cookie(self._enter(client, account, keeps_device="on")).lower()
        assert f"max-age={90 * 86_400}" in kept

    def test_S025_a_forged_one_is_not_known(self, client, account):
        self._enter(client, account, keeps_device="on")
        value = client.cookies[cookies.DEVICE]
        with unit_of_work() as session:
            keyring = session.info["keyring"]

        assert len(cookies.device_ids(keyring, value, now=utc_now())) == 1
        for forged in ("", "x", "..", f"{value[:-1]}0", value.replace(".", ".9", 1), "~~"):
            if forged != value:
                assert cookies.device_ids(keyring, forged, now=utc_now()) == ()


class TestConfirmation:
    def test_S050_S054_the_token_changes_and_one_comes_back(self, signed_in, account, client):
        before = signed_in.cookies[cookies.SESSION]
        with unit_of_work() as session:
            row = session.exec(select(SignInSession)).one()
            row.factor_at = None
        data = {"way": "email_code", "next": "/patients"}
        sent = signed_in.post("/auth/confirm/send", data=data)
        assert sent.headers["location"] == "/connexion/confirmer?suite=/patients"
        wrong = signed_in.post("/auth/confirm", data={**data, "code": "000000"})
        assert wrong.headers["location"] == "/connexion/confirmer?suite=/patients"
        right = signed_in.post("/auth/confirm", data={**data, "code": code_of(signed_in)})
        assert right.headers["location"] == "/patients"
        assert signed_in.cookies[cookies.SESSION] != before
        draft = {"form": "f", "scope": "", "fields": {}}
        old = signed_in.post(
            "/api/drafts", json=draft, headers={"Cookie": f"{cookies.SESSION}={before}"}
        )
        assert old.status_code == 401

    def test_nobody_signed_out_confirms(self, client):
        answer = client.post("/auth/confirm", data={"way": "email_code", "code": "1"})
        assert answer.headers["location"] == "/connexion"


class TestWorkstation:
    def test_S054_registering_asks_for_a_fresh_factor(self, signed_in):
        done = signed_in.post("/auth/workstation", data={"name": "Comptoir 1"})
        assert done.headers["location"] == "/compte/equipe"
        assert cookies.WORKSTATION in signed_in.cookies
        with unit_of_work() as session:
            session.exec(select(SignInSession)).one().factor_at = None
        refused = signed_in.post("/auth/workstation", data={"name": "Comptoir 2"})
        assert refused.headers["location"] == "/connexion/confirmer?suite=/compte/equipe"

    def test_S038_the_operators_door_is_shut_elsewhere(self, client, account):
        data = {"operator_code": "12", "password": PASSWORD}
        answer = client.post("/auth/operator", data=data)
        assert answer.headers["location"] == "/connexion"
        assert cookies.SESSION not in client.cookies


class TestWaiting:
    def test_a_waiting_account_is_led_to_its_registration(self, client, account):

        with unit_of_work() as session:
            session.get_one(Account, account.id).state = AccountState.PENDING
            session.add(
                Registration(
                    kind=RegistrationKind.PROFESSIONAL,
                    account_id=account.id,
                    created_at=utc_now(),
                    updated_at=utc_now(),
                )
            )
        data = {"identifier": account.email, "password": PASSWORD}
        client.post("/auth/sign-in", data=data)
        answer = client.post("/auth/code", data={"code": code_of(client)})
        assert answer.headers["location"] == "/inscription/suivi"
        assert cookies.REGISTRATION in client.cookies
        assert cookies.SESSION not in client.cookies
