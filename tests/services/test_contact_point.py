"""Addresses and telephones of one's own account (MM-41 to MM-48, S037, S054, S061, S070)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, NotFound, RuleViolation
from app.models.account import Account
from app.models.contact_point import EmailAddress, Phone
from app.models.session import SignInSession
from app.services import (
    contact_email,
    contact_phone,
    contact_point as contacts,
    session as sessions,
)
from tests.services.own_account import (
    address_id,
    code_sent_to,
    delegate_of,
    letters_to,
    signed_in,
    stale,
    subjects_to,
)

NEW = "nouvelle@exemple.test"
NUMBER = "+33612345678"

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


def login_of(session: Session, actor: Actor) -> str:
    return session.get_one(Account, actor.account_id).email


def add(session, actor, now, address=NEW, **more):
    assert contact_email.ask_address(session, actor, address, now=now).is_ok
    code = code_sent_to(session, address)
    assert contact_email.prove_address(session, actor, address, code, now=now, **more).is_ok
    return address_id(session, address)


class TestAddAddress:
    def test_MM42_MM43_is_added_with_the_code_sent_to_it(self, session, me, now):
        add(session, me, now)
        shown = contacts.read_contacts(session, me, now=now)
        assert [a.address for a in shown.addresses] == [login_of(session, me), NEW]
        assert shown.waiting_address is None

    def test_waits_for_its_code_until_then(self, session, me, now):
        contact_email.ask_address(session, me, "  NOUVELLE@Exemple.test ", now=now)
        shown = contacts.read_contacts(session, me, now=now)
        assert shown.waiting_address is not None
        assert shown.waiting_address.to == NEW
        assert len(shown.addresses) == 1

    def test_MM44_MM45_is_starred_only_when_asked(self, session, me, now):
        add(session, me, now)
        starred = [
            a.address
            for a in contacts.read_contacts(session, me, now=now).addresses
            if a.is_starred
        ]
        assert starred == [login_of(session, me)]

    def test_MM44_takes_the_notifications(self, session, me, now):
        add(session, me, now, is_starred=True)
        starred = [
            a.address
            for a in contacts.read_contacts(session, me, now=now).addresses
            if a.is_starred
        ]
        assert starred == [NEW]

    def test_S037_the_present_address_is_told(self, session, me, now):
        add(session, me, now)
        told = subjects_to(session, login_of(session, me))
        assert "Les adresses e-mail de votre compte ont changé" in told

    def test_S070_an_address_of_somebody_else_is_answered_the_same(self, session, me, other, now):
        theirs = login_of(session, other)
        outcome = contact_email.ask_address(session, me, theirs, now=now)
        assert outcome.is_ok
        waiting = contacts.read_contacts(session, me, now=now).waiting_address
        assert waiting is not None
        assert waiting.to == theirs
        letter = letters_to(session, theirs)[0]
        assert "a voulu ajouter votre adresse" in letter.subject
        assert not any(word.isdigit() and len(word) == 6 for word in letter.text.split())
        wrong = contact_email.prove_address(session, me, theirs, "123456", now=now)
        assert wrong.error == "code.wrong"

    def test_S070_the_same_waits_for_an_address_of_somebody_else(self, session, me, other, now):
        theirs = login_of(session, other)
        for address in (theirs, NEW):
            contact_email.ask_address(session, me, address, now=now)
            again = contact_email.ask_address(session, me, address, now=now + timedelta(seconds=30))
            assert again.error == "code.resend_wait"

    def test_S031_the_code_of_one_address_adds_no_other(self, session, me, now):
        contact_email.ask_address(session, me, NEW, now=now)
        code = code_sent_to(session, NEW)
        outcome = contact_email.prove_address(session, me, "autre@exemple.test", code, now=now)
        assert outcome.error == "code.missing"

    def test_S031_the_code_works_in_the_sign_in_that_asked(self, session, me, doctor, now):
        contact_email.ask_address(session, me, NEW, now=now)
        code = code_sent_to(session, NEW)
        elsewhere = signed_in(session, doctor, now)
        outcome = contact_email.prove_address(session, elsewhere, NEW, code, now=now)
        assert outcome.error == "code.missing"

    def test_S054_needs_a_fresh_factor(self, session, me, now):
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            contact_email.ask_address(session, stale(me, now), NEW, now=now)

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden, match=r"delegation\.own_account_only"):
            contact_email.ask_address(session, delegate_of(me, other), NEW, now=now)

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [("", "email.missing"), ("pas une adresse", "email.format"), ("a@b", "email.format")],
    )
    def test_refuses_what_is_no_address(self, session, me, now, typed, fault):
        with pytest.raises(Invalid) as refused:
            contact_email.ask_address(session, me, typed, now=now)
        assert refused.value.fields == {"email": fault}

    def test_refuses_an_address_one_has(self, session, me, now):
        with pytest.raises(Invalid) as refused:
            contact_email.ask_address(session, me, login_of(session, me).upper(), now=now)
        assert refused.value.fields == {"email": "email.already_yours"}

    def test_stops_at_ten(self, session, me, now):
        for n in range(9):
            session.add(
                EmailAddress(account_id=me.account_id, address=f"a{n}@x.test", verified_at=now)
            )
        session.flush()
        with pytest.raises(RuleViolation, match=r"email\.too_many"):
            contact_email.ask_address(session, me, NEW, now=now)


class TestChangeAddresses:
    def test_MM47_one_address_has_the_star(self, session, me, now):
        contact_email.star_address(session, me, add(session, me, now), now=now)
        rows = session.exec(
            select(EmailAddress).where(EmailAddress.account_id == me.account_id)
        ).all()
        assert [row.address for row in rows if row.is_starred] == [NEW]

    def test_MM41_the_last_one_stays(self, session, me, now):
        only = address_id(session, login_of(session, me))
        with pytest.raises(RuleViolation, match=r"email\.last"):
            contact_email.remove_address(session, me, only, now=now)

    def test_the_one_used_to_sign_in_stays(self, session, me, now):
        add(session, me, now)
        with pytest.raises(RuleViolation, match=r"email\.is_login"):
            contact_email.remove_address(
                session, me, address_id(session, login_of(session, me)), now=now
            )

    def test_a_removed_address_is_told_and_gives_its_star_back(self, session, me, now):
        contact_email.remove_address(session, me, add(session, me, now, is_starred=True), now=now)
        (left,) = contacts.read_contacts(session, me, now=now).addresses
        assert left.is_starred
        assert "Les adresses e-mail de votre compte ont changé" in subjects_to(session, NEW)

    def test_S037_the_old_sign_in_address_is_told(self, session, me, now):
        old = login_of(session, me)
        contact_email.use_for_sign_in(session, me, add(session, me, now), now=now)
        assert login_of(session, me) == NEW
        subject = "Les adresses e-mail de votre compte ont changé"
        assert subject in subjects_to(session, old)
        assert subject in subjects_to(session, NEW)

    def test_S053_the_other_sign_ins_end_with_it(self, session, me, doctor, now):
        elsewhere = signed_in(session, doctor, now)
        contact_email.use_for_sign_in(session, me, add(session, me, now), now=now)
        assert not sessions.is_open(session, elsewhere.session_id)
        assert sessions.is_open(session, me.session_id)

    @pytest.mark.parametrize(
        "act",
        [
            contact_email.star_address,
            contact_email.use_for_sign_in,
            contact_email.remove_address,
            contact_phone.remove_phone,
        ],
    )
    def test_S061_anothers_is_as_absent_as_none(self, session, me, other, now, act):
        theirs = address_id(session, login_of(session, other))
        if act is contact_phone.remove_phone:
            phone = Phone(
                account_id=other.account_id, number=NUMBER, created_at=now, verified_at=now
            )
            session.add(phone)
            session.flush()
            theirs = phone.id
        codes = []
        for wanted in (theirs, uuid4()):
            with pytest.raises(NotFound) as refused:
                act(session, me, wanted, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]
        assert login_of(session, other) not in codes[0]

    @pytest.mark.parametrize("act", [contact_email.use_for_sign_in, contact_email.remove_address])
    def test_S054_needs_a_fresh_factor(self, session, me, now, act):
        added = add(session, me, now)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            act(session, stale(me, now), added, now=now)


class TestPhones:
    def test_U03_is_added_with_the_code_sent_to_it(self, session, me, now):
        assert contact_phone.ask_phone(session, me, "06 12 34 56 78", now=now).is_ok
        code = code_sent_to(session, NUMBER)
        assert contact_phone.prove_phone(session, me, NUMBER, code, now=now).is_ok
        (shown,) = contacts.read_contacts(session, me, now=now).phones
        assert (shown.number, shown.verified_at) == (NUMBER, now)
        told = subjects_to(session, login_of(session, me))
        assert "Les téléphones de votre compte ont changé" in told

    def test_S038_nothing_is_added_without_its_code(self, session, me, now):
        contact_phone.ask_phone(session, me, NUMBER, now=now)
        real = code_sent_to(session, NUMBER)
        wrong = f"{(int(real) + 1) % 1_000_000:06d}"
        assert contact_phone.prove_phone(session, me, NUMBER, wrong, now=now).error == "code.wrong"
        assert contacts.read_contacts(session, me, now=now).phones == ()

    def test_S053_a_removed_one_ends_the_other_sign_ins(self, session, me, doctor, now):
        row = Phone(account_id=me.account_id, number=NUMBER, created_at=now, verified_at=now)
        session.add(row)
        session.flush()
        elsewhere = signed_in(session, doctor, now)
        contact_phone.remove_phone(session, me, row.id, now=now)
        assert contacts.read_contacts(session, me, now=now).phones == ()
        ended = session.get_one(SignInSession, elsewhere.session_id)
        session.refresh(ended)
        assert ended.end_reason == "phone_removed"

    @pytest.mark.parametrize(("typed", "fault"), [("", "phone.missing"), ("06 12", "phone.format")])
    def test_refuses_what_is_no_number(self, session, me, now, typed, fault):
        with pytest.raises(Invalid) as refused:
            contact_phone.ask_phone(session, me, typed, now=now)
        assert refused.value.fields == {"phone": fault}

    def test_S054_needs_a_fresh_factor(self, session, me, now):
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            contact_phone.ask_phone(session, stale(me, now), NUMBER, now=now)
