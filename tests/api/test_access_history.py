"""« Qui a consulté » as a table, over HTTP: the patient's own, and nobody else's."""

import csv
import io

import pytest
from sqlmodel import col, select

from app import cookies
from app.db import unit_of_work
from app.models.account import Account
from app.models.journal import JournalEntry
from app.services import patient as patients
from app.services.session import open_session
from app.state.clock import utc_now
from tests.services.circle import make_circle

PATH = "/api/record/history"


@pytest.fixture
def circle(database):
    """A circle whose doctor and pharmacist opened the record."""
    now = utc_now()
    with unit_of_work(database) as session:
        made = make_circle(session, now)
        for who in (made.doctor, made.pharmacist):
            patients.open_patient(session, who, made.patient_id, now=now)
        return made


@pytest.fixture
def ask(client, database):
    """`ask(actor, **filters)`: the answer to the form of the page."""

    def post(actor, **filters):
        with unit_of_work(database) as session:
            account = session.get_one(Account, actor.account_id)
            token = open_session(session, account, device="", address="", now=utc_now())[1]
        cookie = {"Cookie": f"{cookies.SESSION}={token}"}
        return client.post(PATH, data={"qui": "", **filters}, headers=cookie)

    return post


def test_FC12_a_patient_takes_their_history_away(ask, circle, database):
    answer = ask(circle.patient_actor)
    assert answer.headers["content-disposition"] == 'attachment; filename="qui-a-consulte.csv"'
    assert answer.headers["cache-control"] == "no-store"
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(line["Qui"], line["Acte"], line["Urgence"]) for line in lines] == [
        ("Karim Haddad", "a ouvert votre dossier", "non"),
        ("Claire Martin", "a ouvert votre dossier", "non"),
    ]
    with unit_of_work(database) as session:
        newest = select(JournalEntry).order_by(col(JournalEntry.seq).desc()).limit(1)
        last = session.exec(newest).one()
        assert (last.action, last.account_id) == (
            "access_history.exported",
            circle.patient_actor.account_id,
        )


def test_keeps_what_the_page_was_filtered_by(ask, circle):
    answer = ask(circle.patient_actor, qui=str(circle.doctor.professional_id))
    assert b"Claire Martin" in answer.content
    assert b"Karim Haddad" not in answer.content


def test_S061_is_nothing_for_anybody_else(ask, circle):
    for who in (circle.doctor, circle.stranger):
        answer = ask(who)
        assert (answer.status_code, answer.content) == (404, b"")


def test_leads_whoever_is_not_signed_in_to_the_door(client):
    assert client.post(PATH, data={"qui": ""}).headers["location"] == "/connexion"
