"""Acting for a holder over HTTP: a new token each way, and nothing for anybody else (S050, S061, S082)."""

from uuid import uuid4

import pytest

from app import cookies
from app.db import unit_of_work
from app.models.account import Account
from app.services.session import open_session
from app.state.clock import utc_now
from tests import factories

ENTER, STOP = "/auth/act-for", "/auth/act-for/stop"


@pytest.fixture
def people(database):
    """A holder, their delegate, a stranger; the key of the delegation."""
    now = utc_now()
    with unit_of_work(database) as session:
        holder, delegate, stranger = (factories.make_professional(session, now) for _ in range(3))
        made = factories.make_delegation(session, holder, delegate, now=now)
    return holder, delegate, stranger, made


@pytest.fixture
def token_of(database):
    def sign_in(actor):
        with unit_of_work(database) as session:
            account = session.get_one(Account, actor.account_id)
            return open_session(session, account, device="", address="", now=utc_now())[1]

    return sign_in


def post(client, path, token, **data):
    return client.post(path, data=data, headers={"Cookie": f"{cookies.SESSION}={token}"})


def renewed(answer) -> str:
    name, _, rest = answer.headers.get("set-cookie", "").partition("=")
    return rest.partition(";")[0] if name == cookies.SESSION else ""


def test_S050_each_way_takes_a_new_token(client, people, token_of):
    _, delegate, _, made = people
    old = token_of(delegate)
    entered = post(client, ENTER, old, delegation_id=str(made))
    acting = renewed(entered)
    assert entered.headers["location"] == "/tableau-de-bord"
    assert acting
    assert acting != old
    assert post(client, STOP, old).headers["location"] == "/connexion"
    left = post(client, STOP, acting)
    assert left.headers["location"] == "/compte/delegations"
    assert renewed(left) not in {"", old, acting}
    assert post(client, STOP, acting).headers["location"] == "/connexion"


def test_S061_anothers_answers_as_an_unknown_one(client, people, token_of):
    _, _, stranger, made = people
    token = token_of(stranger)
    answers = [
        post(client, ENTER, token, delegation_id=wanted)
        for wanted in (str(made), str(uuid4()), "x", "")
    ]
    assert {(a.status_code, a.headers["location"], a.text, renewed(a)) for a in answers} == {
        (303, "/compte/delegations", "", "")
    }


@pytest.mark.parametrize("path", [ENTER, STOP])
def test_nobody_is_sent_to_sign_in(client, people, path):
    answer = client.post(path, data={"delegation_id": str(people[3])})
    assert (answer.headers["location"], renewed(answer)) == ("/connexion", "")


@pytest.mark.parametrize("path", [ENTER, STOP])
def test_S082_from_elsewhere_is_refused(client, people, token_of, path):
    headers = {
        "Origin": "https://ailleurs.test",
        "Cookie": f"{cookies.SESSION}={token_of(people[1])}",
    }
    assert (
        client.post(path, data={"delegation_id": str(people[3])}, headers=headers).status_code
        == 403
    )
