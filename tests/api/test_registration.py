"""Registration over HTTP: cookies, answers that tell nothing, files, double clicks (S070, S082, S143)."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import cookies
from app.authz.actor import system
from app.db import unit_of_work
from app.models.account import Account
from app.models.legal_text import LegalTextKind
from app.models.registration import ContractScan, Registration, RegistrationState
from app.services.legal_text import current_text, ensure_reference_texts
from app.services.registration import KEEP
from app.state.clock import utc_now
from tests import factories
from tests.services import registrations as flow
from tests.services.registrations import EMAIL, visitor

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def begun(client, database):
    """A browser in which a registration has begun."""
    with unit_of_work(database) as session:
        ensure_reference_texts(session, system("test"), now=utc_now())
    client.post("/auth/registration/begin", data={"kind": "professional"})
    return client


@pytest.fixture
def ready(client, database):
    """A browser whose registration lacks its contract only."""
    now = utc_now()
    with unit_of_work(database) as session:
        ensure_reference_texts(session, system("test"), now=now)
        token = flow.ready_to_sign(session, now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
    client.cookies.set(cookies.REGISTRATION, token)
    return client, str(text.id)


def _only(database, table=Registration):
    with unit_of_work(database) as session:
        return session.execute(select(table)).scalar_one_or_none()


class TestBegin:
    def test_S051_the_cookie_is_host_only_secure_and_closed_to_scripts(self, client):
        answer = client.post("/auth/registration/begin", data={"kind": "secretary"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/inscription/identite")
        attributes = answer.headers["set-cookie"].lower()
        assert attributes.startswith("__host-liane-inscription=")
        assert all(word in attributes for word in ("secure", "httponly", "samesite=lax", "path=/"))
        assert f"max-age={int(KEEP.total_seconds())}" in attributes

    @pytest.mark.parametrize(
        "act", ["begin", "email", "link", "resume", "password", "contract", "abandon"]
    )
    def test_S082_refuses_another_origin_and_a_get(self, client, act):
        path = f"/auth/registration/{act}"
        answer = client.post(path, headers={"Origin": "https://ailleurs.test"}, data={})
        assert answer.status_code == 403
        assert client.get(path).status_code == 405

    def test_without_a_registration_every_act_leads_to_the_doors(self, client):
        for act in ("email", "phone", "password", "terms", "contract", "contract/code"):
            answer = client.post(f"/auth/registration/{act}", data={"email": EMAIL})
            assert (answer.status_code, answer.headers["location"]) == (303, "/inscription")

    def test_giving_up_drops_the_cookie(self, begun, database):
        answer = begun.post("/auth/registration/abandon", data={})
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        assert _only(database) is None


class TestEmail:
    def test_what_went_wrong_waits_beside_its_field(self, begun, database):
        answer = begun.post("/auth/registration/email", data={"email": "claire"})
        assert answer.headers["location"] == "/inscription/email"
        kept = _only(database)
        assert kept.faults["fields"] == {"email": "email.format"}
        assert kept.typed["email"] == {"email": "claire"}

    def test_S070_taken_or_not_the_answer_is_the_same(self, begun, database):
        with unit_of_work(database) as session:
            factories.make_account(session, email="prise@exemple.test")
        answers = [
            begun.post("/auth/registration/email", data={"email": who})
            for who in ("prise@exemple.test", "libre@exemple.test")
        ]
        assert {(a.status_code, a.headers["location"], a.text) for a in answers} == {
            (303, "/inscription/email", "")
        }

    def test_S070_asking_for_the_way_back_answers_the_same(self, begun):
        begun.post("/auth/registration/email", data={"email": EMAIL})
        answers = [
            begun.post("/auth/registration/resume", data={"email": who})
            for who in (EMAIL, "personne@exemple.test")
        ]
        assert {(a.status_code, a.headers["location"]) for a in answers} == {
            (303, "/inscription?reprise=envoyee")
        }

    def test_U02_the_link_opens_another_browser_and_leaves_no_token_in_an_address(
        self, begun, client
    ):
        begun.post("/auth/registration/email", data={"email": EMAIL})
        text = client.get("/demo/outbox.json").json()[0]["text"]
        link = text.split("/inscription/lien#")[1].split()[0]
        client.cookies.clear()
        answer = client.post("/auth/registration/link", data={"token": link})
        assert answer.headers["location"] == "/inscription?suite=1"
        assert cookies.REGISTRATION in answer.headers["set-cookie"]
        again = client.post("/auth/registration/link", data={"token": link})
        assert again.headers["location"] == "/inscription/lien?perime=1"


class TestPassword:
    def test_S020_the_hash_alone_is_kept(self, begun, database):
        form = {"password": flow.PASSWORD, "password_again": flow.PASSWORD}
        begun.post("/auth/registration/password", data=form)
        kept = _only(database)
        assert kept.password_hash.startswith("$argon2id$")
        assert flow.PASSWORD not in str(kept.typed) + str(kept.faults)

    def test_a_weak_one_is_told_and_nothing_of_it_is_kept(self, begun, database):
        form = {"password": "Azerty123!", "password_again": "Azerty123!"}
        answer = begun.post("/auth/registration/password", data=form)
        assert answer.headers["location"] == "/inscription/mot-de-passe"
        kept = _only(database)
        assert kept.faults["fields"] == {"password": "password.known"}
        assert "Azerty" not in str(kept.typed)


class TestDraft:
    def test_what_is_typed_is_kept_without_an_account(self, begun, database):
        body = {"form": "registration", "scope": "identity", "fields": {"family_name": "Va"}}
        assert begun.post("/api/drafts", json=body).status_code == 204
        assert _only(database).typed == {"identity": {"family_name": "Va"}}

    def test_without_a_registration_nothing_is(self, client):
        body = {"form": "registration", "scope": "identity", "fields": {"family_name": "Va"}}
        assert client.post("/api/drafts", json=body).status_code == 400


class TestScan:
    def _send(self, client, text_id, content, name="contrat.png"):
        return client.post(
            "/auth/registration/contract/scan",
            data={"text_id": text_id},
            files={"scan": (name, content, "image/png")},
        )

    def test_D11_a_scan_ends_the_registration(self, ready, database):
        client, text_id = ready
        answer = self._send(client, text_id, PNG)
        assert (answer.status_code, answer.headers["location"]) == (303, "/inscription/terminee")
        assert _only(database).state is RegistrationState.TO_VALIDATE
        assert PNG not in _only(database, ContractScan).sealed

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"MZ" + bytes(30), "scan_kind"),
            (b"", "scan_missing"),
            (PNG + bytes(5 * 1024 * 1024), "scan_too_large"),
            (PNG + bytes(6 * 1024 * 1024), "scan_too_large"),
        ],
    )
    def test_another_file_is_refused_in_words(self, ready, database, content, code):
        client, text_id = ready
        answer = self._send(client, text_id, content)
        assert answer.headers["location"] == "/inscription/contrat"
        assert _only(database).faults["fields"] == {"scan": f"registration.{code}"}
        assert _only(database, ContractScan) is None

    def test_S072_thirty_files_in_ten_minutes(self, ready, database):
        client, text_id = ready
        for _ in range(30):
            self._send(client, text_id, b"MZ")
        self._send(client, text_id, PNG)
        assert _only(database).faults["fields"] == {"": "registration.too_many_uploads"}

    def test_what_is_no_form_is_refused(self, ready):
        client, _ = ready
        answer = client.post("/auth/registration/contract/scan", content=b"x")
        assert answer.status_code == 415

    def test_only_administrators_read_it(self, ready, signed_in, database):
        client, text_id = ready
        self._send(client, text_id, PNG)
        registration_id = str(_only(database).id)
        answer = signed_in.post("/api/admin/contract", data={"registration_id": registration_id})
        assert answer.status_code == 404
        assert PNG not in answer.content


def test_S143_signing_twice_makes_one_account(ready, database):
    client, text_id = ready
    client.post("/auth/registration/contract/code", data={"way": ""})
    with unit_of_work(database) as session:
        code = flow.code_of(flow.newest(session, EMAIL, "signature"))
    form = {"text_id": text_id, "signed_name": "Claire Vasseur", "code": code}
    first = client.post("/auth/registration/contract", data=form)
    second = client.post("/auth/registration/contract", data=form)
    assert first.headers["location"] == "/inscription/terminee"
    assert second.headers["location"] == "/inscription/suivi"
    with unit_of_work(database) as session:
        found = session.execute(select(Account).where(col(Account.email) == EMAIL)).scalars()
        assert len(list(found)) == 1
