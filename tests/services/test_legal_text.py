"""Legal texts: versions, acceptance with its proof, what opens before (U-25)."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, system
from app.crypto import content_digest
from app.db import unit_of_work
from app.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RuleViolation,
)
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.legal_text import AcceptanceMode, LegalAcceptance, LegalTextKind
from app.services import session as sessions
from app.services.contract_signature import (
    read_signature_code,
    send_signature_code,
    sign_text,
)
from app.services.legal_text import accept_text, current_text, ensure_reference_texts, list_owed
from app.services.legal_text_admin import (
    access_text,
    discard_draft,
    export_acceptances,
    list_acceptances,
    list_versions,
    publish_text,
    save_draft,
)
from app.services.legal_text_reference import REFERENCE_TEXTS
from app.services.notice import (
    access_notice,
    current_notice,
    ensure_reference_notice,
    publish_notice,
)
from tests import factories
from tests.services.own_account import code_sent_to, delegate_of, signed_in

TERMS, CONTRACT, NOTICE = LegalTextKind
BOX, TYPED = AcceptanceMode.BOX, AcceptanceMode.TYPED_NAME


@pytest.fixture
def administrator(session, now):
    return replace(factories.make_administrator(session, now), factor_at=now)


@pytest.fixture
def texts(session, now):
    """Our first versions, published after the people of the tests came."""
    ensure_reference_texts(session, system("test"), now=now)


def _publish(session, administrator, kind, now, body="## Nouveau\n\nTexte changé."):
    text_id = save_draft(session, administrator, kind, title="Texte", body=body, now=now)
    digest = access_text(session, administrator, text_id).digest
    publish_text(session, administrator, text_id, digest=digest, now=now)
    return text_id


class TestCurrentText:
    def test_U25_is_open_to_nobody_in_particular(self, session, texts, now):
        found = current_text(session, ANONYMOUS, TERMS, now=now)
        assert (found.version, found.published_at) == (1, now)
        assert found.digest == content_digest(f"{found.title}\n\n{found.body}".encode()).hex()

    def test_is_absent_before_any_publication(self, session, now):
        with pytest.raises(NotFound, match=r"legal_text\.none"):
            current_text(session, ANONYMOUS, CONTRACT, now=now)

    def test_is_the_newest_published(self, session, texts, administrator, now):
        published = _publish(session, administrator, TERMS, now)
        save_draft(session, administrator, TERMS, title="Suite", body="Brouillon.", now=now)
        assert current_text(session, ANONYMOUS, TERMS, now=now).id == published

    def test_our_first_versions_are_typeset_as_french_is(self, session, texts, now):
        for kind in LegalTextKind:
            text = current_text(session, ANONYMOUS, kind, now=now)
            assert not re.search(r"[^\W\d_]'[^\W\d_]| [;:!?»]|« ", text.body)
            assert "## " in text.body

    def test_a_second_start_publishes_nothing(self, session, texts, now):
        ensure_reference_texts(session, system("test"), now=now)
        assert current_text(session, ANONYMOUS, TERMS, now=now).version == 1

    def test_first_versions_name_messages_and_later_ones_of_ours_replace_nobody_s(
        self, session, texts, monkeypatch, now
    ):
        """Who reads a message and how long it is kept is said; an installation keeps what it published."""
        for kind, words in ((TERMS, "## Vos messages"), (NOTICE, "Un message reste tant que")):
            assert words in current_text(session, ANONYMOUS, kind, now=now).body
        before = current_text(session, ANONYMOUS, TERMS, now=now).digest
        monkeypatch.setitem(REFERENCE_TEXTS, TERMS, ("Conditions", "## Autre"))
        ensure_reference_texts(session, system("test"), now=now)
        assert current_text(session, ANONYMOUS, TERMS, now=now).digest == before


class TestAcceptText:
    def test_U25_asks_each_role_for_what_binds_it(
        self, session, doctor, patient_actor, administrator, texts, now
    ):
        assert [t.kind for t in list_owed(session, doctor, now=now)] == [TERMS, CONTRACT]
        assert [t.kind for t in list_owed(session, patient_actor, now=now)] == [TERMS]
        assert [t.kind for t in list_owed(session, administrator, now=now)] == [TERMS]

    def test_U25_keeps_the_proof(self, session, doctor, texts, now):
        text = current_text(session, doctor, TERMS, now=now)
        proof_id = accept_text(session, doctor, text.id, mode=BOX, now=now)
        proof = session.get(LegalAcceptance, proof_id)
        assert proof is not None
        assert (proof.account_id, proof.accepted_at, proof.address) == (
            doctor.account_id,
            now,
            doctor.address,
        )
        assert proof.text_digest.hex() == text.digest
        line = session.execute(
            select(JournalEntry).where(col(JournalEntry.action) == "legal_text.accepted")
        ).scalar_one()
        assert (line.account_id, line.object_id) == (doctor.account_id, text.id)

    def test_twice_makes_one_proof(self, session, doctor, texts, now):
        text = current_text(session, doctor, TERMS, now=now)
        first = accept_text(session, doctor, text.id, mode=BOX, now=now)
        assert accept_text(session, doctor, text.id, mode=BOX, now=now) == first

    @pytest.mark.parametrize("signed", ["Claire Martin", "  martin  CLAIRE ", "Dre Claire Martin"])
    def test_a_contract_is_signed_with_ones_name(self, session, doctor, texts, now, signed):
        text = current_text(session, doctor, CONTRACT, now=now)
        assert accept_text(session, doctor, text.id, mode=TYPED, signed_name=signed, now=now)

    @pytest.mark.parametrize("signed", ["", "Claire", "Paul Denis", "clairemartin"])
    def test_and_with_no_other(self, session, doctor, texts, now, signed):
        text = current_text(session, doctor, CONTRACT, now=now)
        with pytest.raises(Invalid):
            accept_text(session, doctor, text.id, mode=TYPED, signed_name=signed, now=now)

    def test_a_box_does_not_sign_a_contract(self, session, doctor, texts, now):
        text = current_text(session, doctor, CONTRACT, now=now)
        with pytest.raises(Invalid):
            accept_text(session, doctor, text.id, mode=BOX, now=now)

    def test_refuses_what_does_not_bind_them(self, session, patient_actor, texts, now):
        text = current_text(session, patient_actor, CONTRACT, now=now)
        with pytest.raises(RuleViolation, match="not_concerned"):
            accept_text(session, patient_actor, text.id, mode=BOX, now=now)

    def test_refuses_an_older_version(self, session, doctor, administrator, texts, now):
        old = current_text(session, doctor, TERMS, now=now)
        _publish(session, administrator, TERMS, now)
        with pytest.raises(Conflict):
            accept_text(session, doctor, old.id, mode=BOX, now=now)

    def test_refuses_a_draft_and_nothing(self, session, doctor, administrator, texts, now):
        draft = save_draft(session, administrator, TERMS, title="T", body="B", now=now)
        for text_id in (draft, uuid4()):
            with pytest.raises(NotFound, match=r"legal_text\.not_found"):
                accept_text(session, doctor, text_id, mode=BOX, now=now)

    def test_refuses_to_accept_for_another(self, session, doctor, stranger, texts, now):
        text = current_text(session, doctor, TERMS, now=now)
        with pytest.raises(Forbidden):
            accept_text(session, doctor, text.id, mode=BOX, account_id=stranger.account_id, now=now)
        for account_id in (None, stranger.account_id):
            with pytest.raises(NotAuthenticated):
                accept_text(session, ANONYMOUS, text.id, mode=BOX, account_id=account_id, now=now)

    def test_U25_a_delegate_accepts_for_themselves(self, session, doctor, stranger, texts, now):
        acting = replace(
            stranger, on_behalf_of_id=doctor.account_id, professional_id=doctor.professional_id
        )
        text = current_text(session, acting, TERMS, now=now)
        proof = session.get(
            LegalAcceptance, accept_text(session, acting, text.id, mode=BOX, now=now)
        )
        assert proof is not None
        assert proof.account_id == stranger.account_id


class TestSignContract:
    """D-11: a new version is signed as at registration, with one's name and a single-use code."""

    @pytest.fixture
    def signatory(self, session, doctor, now):
        return signed_in(session, doctor, now)

    @pytest.fixture
    def text_id(self, session, signatory, texts, now):
        return current_text(session, signatory, CONTRACT, now=now).id

    @staticmethod
    def _email(session, actor):
        return session.get_one(Account, actor.account_id).email

    def _send(self, session, actor, text_id, now):
        assert send_signature_code(session, actor, text_id, now=now).is_ok
        return code_sent_to(session, self._email(session, actor))

    def test_D11_signs_with_name_and_code(self, session, signatory, text_id, now):
        code = self._send(session, signatory, text_id, now)
        assert read_signature_code(session, signatory, text_id, now=now) is not None
        outcome = sign_text(session, signatory, text_id, name="Claire Martin", code=code, now=now)
        assert outcome.is_ok
        proof = session.exec(select(LegalAcceptance)).scalars().one()
        assert (proof.legal_text_id, proof.mode, proof.signed_name) == (
            text_id,
            TYPED,
            "Claire Martin",
        )

    @pytest.mark.parametrize("typed", ["", "000000", "12"])
    def test_D11_a_name_without_its_code_signs_nothing(
        self, session, signatory, text_id, now, typed
    ):
        code = self._send(session, signatory, text_id, now)
        if typed == code:
            typed = "111111"
        outcome = sign_text(session, signatory, text_id, name="Claire Martin", code=typed, now=now)
        assert not outcome.is_ok
        assert session.exec(select(LegalAcceptance)).all() == []

    def test_nor_a_code_with_another_name(self, session, signatory, text_id, now):
        code = self._send(session, signatory, text_id, now)
        with pytest.raises(Invalid) as raised:
            sign_text(session, signatory, text_id, name="Paul Denis", code=code, now=now)
        assert raised.value.fields == {"signed_name": "legal_text.signature"}
        assert session.exec(select(LegalAcceptance)).all() == []

    def test_S031_the_code_is_bound_to_the_sign_in_and_the_version(
        self, session, signatory, stranger, doctor, administrator, text_id, now
    ):
        code = self._send(session, signatory, text_id, now)
        elsewhere = signed_in(session, doctor, now)
        newer = _publish(session, administrator, CONTRACT, now)
        for who, version in ((elsewhere, text_id), (signatory, newer)):
            outcome = sign_text(session, who, version, name="Claire Martin", code=code, now=now)
            assert outcome.error == "code.missing"
        with pytest.raises(NotAuthenticated):
            sign_text(session, ANONYMOUS, newer, name="Claire Martin", code=code, now=now)

    def test_a_delegate_signs_nothing_of_the_holder(
        self, session, signatory, stranger, text_id, now
    ):
        code = self._send(session, signatory, text_id, now)
        acting = delegate_of(signed_in(session, stranger, now), signatory)
        with pytest.raises(Invalid):
            sign_text(session, acting, text_id, name="Claire Martin", code=code, now=now)


class TestWhatOpensBefore:
    """The flag that comes with the identity."""

    @staticmethod
    def _identity(session, actor, now):
        account = session.get(Account, actor.account_id)
        _, token = sessions.open_session(session, account, device="x", address="", now=now)
        session.flush()
        found = sessions.look_up(session, token, now=now)
        assert found is not None
        return found

    def test_U25_no_role_until_it_is_accepted(self, session, doctor, texts, now):
        actor = self._identity(session, doctor, now).actor
        assert actor.owes_acceptance
        assert actor.is_signed_in
        assert not actor.is_professional
        for kind in (TERMS, CONTRACT):
            text = current_text(session, actor, kind, now=now)
            accept_text(session, actor, text.id, mode=TYPED, signed_name="Claire Martin", now=now)
        after = self._identity(session, doctor, now).actor
        assert not after.owes_acceptance
        assert after.is_professional

    def test_U25_a_new_version_asks_again(self, session, patient_actor, administrator, now):
        ensure_reference_texts(session, system("test"), now=now)
        text = current_text(session, patient_actor, TERMS, now=now)
        accept_text(session, patient_actor, text.id, mode=BOX, now=now)
        accept_text(session, administrator, text.id, mode=BOX, now=now)
        assert self._identity(session, patient_actor, now).actor.is_patient
        _publish(session, administrator, CONTRACT, now)
        assert self._identity(session, patient_actor, now).actor.is_patient
        _publish(session, administrator, TERMS, now)
        assert not self._identity(session, patient_actor, now).actor.is_patient
        assert not self._identity(session, administrator, now).actor.is_administrator

    def test_nothing_is_owed_where_nothing_is_published(self, session, doctor, now):
        assert self._identity(session, doctor, now).actor.is_professional

    def test_costs_no_query_of_its_own(self, session, doctor, texts, now):
        account = session.get(Account, doctor.account_id)
        _, token = sessions.open_session(session, account, device="x", address="", now=now)
        session.flush()
        said = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *a: said.append(a[2]))
        sessions.look_up(session, token, now=now)
        assert len(said) == 1


class TestVersions:
    def test_a_published_version_never_changes(self, session, administrator, texts, now):
        first = current_text(session, administrator, TERMS, now=now)
        for act in (
            lambda: discard_draft(session, administrator, first.id, now=now),
            lambda: publish_text(session, administrator, first.id, digest=first.digest, now=now),
        ):
            with pytest.raises(RuleViolation, match="published_already"):
                act()
        draft = save_draft(session, administrator, TERMS, title="Autre", body="Autre.", now=now)
        assert draft != first.id
        assert access_text(session, administrator, first.id) == first

    def test_one_draft_of_each_kind(self, session, administrator, texts, now):
        first = save_draft(session, administrator, TERMS, title="A", body="A", now=now)
        assert save_draft(session, administrator, TERMS, title="B", body="B", now=now) == first
        rows = [r for r in list_versions(session, administrator) if r.kind is TERMS]
        assert [(r.version, r.title, r.is_in_force) for r in rows] == [
            (2, "B", False),
            (1, "Conditions générales d’utilisation", True),
        ]
        discard_draft(session, administrator, first, now=now)
        assert len(list_versions(session, administrator)) == len(LegalTextKind)

    def test_a_draft_is_typeset_as_french_is(self, session, administrator, now):
        draft = save_draft(
            session, administrator, TERMS, title="Quoi ?", body="« Oui » : non ; si !", now=now
        )
        text = access_text(session, administrator, draft)
        assert text.title == "Quoi\u202f?"
        assert text.body == "«\u202fOui\u202f»\u202f: non\u202f; si\u202f!"

    def test_all_faults_at_once(self, session, administrator, now):
        with pytest.raises(Invalid) as raised:
            save_draft(session, administrator, TERMS, title=" ", body="\n", now=now)
        assert set(raised.value.fields) == {"title", "body"}

    def test_publishes_only_what_was_read(self, session, administrator, now):
        draft = save_draft(session, administrator, TERMS, title="A", body="A", now=now)
        read = access_text(session, administrator, draft).digest
        save_draft(session, administrator, TERMS, title="A", body="Autre.", now=now)
        with pytest.raises(Conflict, match="draft_changed"):
            publish_text(session, administrator, draft, digest=read, now=now)

    def test_S054_publishing_needs_a_fresh_factor(self, session, administrator, now):
        draft = save_draft(session, administrator, TERMS, title="A", body="A", now=now)
        digest = access_text(session, administrator, draft).digest
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            publish_text(
                session, replace(administrator, factor_at=None), draft, digest=digest, now=now
            )

    def test_CX14_the_notice_is_published_as_the_other_texts_and_binds_nobody(
        self, session, doctor, administrator, texts, now
    ):
        handed = ensure_reference_notice(session, system("test"), now=now)
        later = now + timedelta(days=1)
        fresh = replace(administrator, factor_at=later)
        owed = list_owed(session, doctor, now=later)
        draft = save_draft(
            session, fresh, NOTICE, title="Notice", body="## Vos droits\n\n- Refuser.", now=later
        )
        assert current_notice(session, doctor).id == handed
        digest = access_text(session, fresh, draft).digest
        publish_text(session, fresh, draft, digest=digest, now=later)
        new = current_notice(session, doctor)
        assert (new.version, new.title, new.published_at) == ("2", "Notice", later)
        # What was handed before stays as it was handed.
        assert access_notice(session, doctor, handed).version == "1"
        assert list_owed(session, doctor, now=later) == owed
        with pytest.raises(RuleViolation, match="not_concerned"):
            accept_text(session, doctor, draft, mode=BOX, now=later)
        with pytest.raises(Forbidden):
            publish_notice(session, doctor, version=3, title="T", body="B", now=later)

    def test_S067_only_administrators(self, session, doctor, patient_actor, texts, now):
        text = current_text(session, ANONYMOUS, TERMS, now=now)
        acts = (
            lambda who: list_versions(session, who),
            lambda who: access_text(session, who, text.id),
            lambda who: save_draft(session, who, TERMS, title="A", body="A", now=now),
            lambda who: discard_draft(session, who, text.id, now=now),
            lambda who: publish_text(session, who, text.id, digest="", now=now),
            lambda who: list_acceptances(session, who, text.id, now=now),
            lambda who: export_acceptances(session, who, text.id, now=now),
        )
        for act in acts:
            for who in (doctor, patient_actor):
                with pytest.raises(Forbidden, match="administrators_only"):
                    act(who)
            with pytest.raises(NotAuthenticated):
                act(ANONYMOUS)


class TestProofs:
    def test_are_listed_and_exported(
        self, session, doctor, patient_actor, administrator, texts, now
    ):
        text = current_text(session, doctor, TERMS, now=now)
        for who in (doctor, patient_actor):
            accept_text(session, who, text.id, mode=BOX, now=now)
        page = list_acceptances(session, administrator, text.id, now=now)
        assert page.total == 2
        assert {row.account_id for row in page.rows} == {
            doctor.account_id,
            patient_actor.account_id,
        }
        assert list(export_acceptances(session, administrator, text.id, now=now)) == list(page.rows)

    def test_come_50_at_a_time(self, session, administrator, texts, now):
        for _ in range(53):
            factories.make_account(session, now)
        text = current_text(session, administrator, TERMS, now=now)
        first = list_acceptances(session, administrator, text.id, now=now)
        rest = list_acceptances(session, administrator, text.id, after=first.following, now=now)
        assert (len(first.rows), len(rest.rows), rest.following) == (50, 3, None)
        assert {r.id for r in first.rows}.isdisjoint(r.id for r in rest.rows)


def test_S066_fifty_acceptances_at_once_make_one_proof(database, now):
    with unit_of_work(database) as session:
        ensure_text = ensure_reference_texts(session, system("test"), now=now)
        assert ensure_text is None
        text = current_text(session, ANONYMOUS, TERMS, now=now)
        actor = factories.make_professional(session, now)
        session.execute(LegalAcceptance.__table__.delete())

    def accept(_):
        try:
            with unit_of_work(database) as session:
                return accept_text(session, actor, text.id, mode=BOX, now=now)
        except AppError as failure:
            return failure.code

    with ThreadPoolExecutor(10) as pool:
        results = set(pool.map(accept, range(50)))
    with unit_of_work(database) as session:
        count = session.execute(select(func.count()).select_from(LegalAcceptance)).scalar_one()
    assert count == 1
    assert len(results) == 1
