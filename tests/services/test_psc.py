"""Signing in with Pro Santé Connect (PS-22, PS-23; S040, S042, S043, S044)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.authz.actor import Actor, system
from app.errors import Forbidden, NotFound, RuleViolation
from app.integrations.psc_identity import Activity, Exercise, PscIdentity
from app.models.account import Account, AccountState, Role
from app.models.factor import FederatedIdentity
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMessage
from app.models.professional import Professional
from app.models.psc import PendingIdentity
from app.models.session import SignInMethod, SignInSession
from app.services import open_sign_in, psc, psc_link, session as sessions
from tests import factories

ISSUER = "https://identite.exemple.test"
NOBODY = Actor(address="192.0.2.7")
ID_TOKEN = "entete.charge.signature"


def identity_of(session, actor, **changes):
    """What the provider would say of this professional."""
    professional = session.get_one(Professional, actor.professional_id)
    account = session.get_one(Account, actor.account_id)
    known = {
        "issuer": ISSUER,
        "subject": f"f:annuaire:{professional.rpps}",
        "national_id": f"8{professional.rpps}",
        "rpps": professional.rpps,
        "family_name": account.family_name.upper(),
        "given_name": account.given_name.upper(),
        "profession_codes": ("10",),
        "exercises": (Exercise(profession_code="10", activities=(Activity(name="Cabinet"),)),),
        "sid": "session-1",
    }
    return PscIdentity(**known | changes)


def sign_in(session, identity, now, **changes):
    known = {"device": "Firefox sur Linux", "now": now}
    return psc.sign_in(session, NOBODY, identity, ID_TOKEN, **known | changes)


def links(session):
    return session.exec(select(FederatedIdentity)).all()


def subjects(session):
    return [mail.subject for mail in session.exec(select(OutboxMessage))]


def opened_newest(session):
    return session.exec(select(SignInSession).order_by(SignInSession.created_at.desc())).first()


def opened(session, account_id):
    return session.exec(select(SignInSession).where(SignInSession.account_id == account_id)).one()


@pytest.fixture
def identity(session, doctor):
    return identity_of(session, doctor)


class TestSignIn:
    def test_PS22_the_rpps_number_opens_the_account(self, session, doctor, identity, now):
        done = sign_in(session, identity, now, next_path="/patients")
        assert (done.account_id, done.next_path, done.role) == (
            doctor.account_id,
            "/patients",
            "professional",
        )
        found = sessions.look_up(session, done.token, now=now)
        assert (found.actor.method, found.actor.factor_at) == (SignInMethod.PSC, now)

    def test_S042_links_issuer_and_subject_and_tells_the_holder(
        self, session, doctor, identity, now
    ):
        sign_in(session, identity, now)
        [link] = links(session)
        assert (link.issuer, link.subject, link.account_id) == (
            ISSUER,
            identity.subject,
            doctor.account_id,
        )
        sign_in(session, identity, now)
        assert len(links(session)) == 1
        linked = [s for s in subjects(session) if s == "Pro Santé Connect relié à votre compte"]
        assert len(linked) == 1

    def test_S037_a_new_browser_is_told_a_known_one_is_not(self, session, doctor, identity, now):
        new = "Nouvelle connexion à votre compte"
        first = sign_in(session, identity, now)
        assert subjects(session).count(new) == 1
        again = sign_in(session, identity, now, device_ids=[first.device_id])
        assert again.device_id == first.device_id
        assert opened_newest(session).device_id == first.device_id
        assert subjects(session).count(new) == 1
        assert sign_in(session, identity, now).device_id != first.device_id
        assert subjects(session).count(new) == 2

    def test_S037_nobody_is_told_of_a_sign_in_that_did_not_open(
        self, session, doctor, identity, now
    ):
        session.get_one(Account, doctor.account_id).state = AccountState.SUSPENDED
        session.flush()
        with pytest.raises(RuleViolation):
            sign_in(session, identity, now)
        assert subjects(session) == []

    def test_a_certified_name_and_number_are_noted(self, session, doctor, identity, now):
        sign_in(session, identity, now)
        assert session.get_one(Account, doctor.account_id).identity_certified_at == now

    def test_S042_the_link_is_enough_once_made(self, session, doctor, identity, now):
        sign_in(session, identity, now)
        married = replace(identity, family_name="AUTRE-NOM")
        assert sign_in(session, married, now).account_id == doctor.account_id

    @pytest.mark.parametrize(
        "changes",
        [
            {"rpps": "99700218896", "national_id": "899700218896", "subject": "f:annuaire:1"},
            {"rpps": "", "national_id": "", "subject": "f:annuaire:1"},
            {"family_name": "AUBERT", "subject": "f:annuaire:1"},
        ],
    )
    def test_PS23_another_number_or_name_opens_nothing(self, session, doctor, now, changes):
        assert sign_in(session, identity_of(session, doctor, **changes), now) is None
        assert links(session) == []
        assert session.exec(select(SignInSession)).all() == []

    def test_S042_another_issuer_with_the_same_subject_opens_nothing(self, session, identity, now):
        sign_in(session, identity, now)
        stranger = replace(
            identity, issuer="https://ailleurs.test", rpps="", national_id="", family_name="X"
        )
        assert sign_in(session, stranger, now) is None

    def test_S042_a_subject_given_to_somebody_else_opens_nothing(
        self, session, doctor, stranger, identity, now
    ):
        sign_in(session, identity, now)
        other = identity_of(session, stranger, subject=identity.subject)
        with pytest.raises(RuleViolation) as caught:
            sign_in(session, other, now)
        assert caught.value.code == "psc.linked_elsewhere"

    def test_FA19_a_new_subject_of_the_same_number_takes_the_place_of_the_old(
        self, session, doctor, identity, now
    ):
        sign_in(session, identity, now)
        newer = replace(identity, subject="5f0c9f5e-0000-4000-8000-000000000000")
        assert sign_in(session, newer, now).account_id == doctor.account_id
        assert [link.subject for link in links(session)] == [newer.subject]

    def test_the_name_of_an_exercise_counts_too(self, session, doctor, now):
        account = session.get_one(Account, doctor.account_id)
        exercise = Exercise(profession_code="10", family_name=account.family_name)
        identity = identity_of(session, doctor, family_name="NOM-CIVIL", exercises=(exercise,))
        assert sign_in(session, identity, now).account_id == doctor.account_id

    @pytest.mark.parametrize(
        ("state", "code"),
        [
            (AccountState.PENDING, "psc.account_pending"),
            (AccountState.SUSPENDED, "psc.account_suspended"),
            (AccountState.CLOSED, "psc.account_closed"),
        ],
    )
    def test_an_account_that_is_not_open_says_why(
        self, session, doctor, identity, now, state, code
    ):
        session.get_one(Account, doctor.account_id).state = state
        session.flush()
        with pytest.raises(RuleViolation) as caught:
            sign_in(session, identity, now)
        assert caught.value.code == code

    def test_S042_an_e_mail_address_finds_nobody(self, session, doctor, now):
        email = session.get_one(Account, doctor.account_id).email
        identity = PscIdentity(issuer=ISSUER, subject=email, family_name="MARTIN")
        assert sign_in(session, identity, now) is None

    def test_FA10_lasts_no_longer_than_the_providers_session(self, session, doctor, identity, now):
        done = sign_in(session, identity, now)
        last = now + timedelta(hours=4)
        sessions.touch(session, _actor(session, done, now), now=last - timedelta(minutes=1))
        assert sessions.look_up(session, done.token, now=last - timedelta(seconds=1)) is not None
        assert sessions.look_up(session, done.token, now=last) is None

    def test_S043_the_id_token_is_kept_sealed(self, session, doctor, identity, now):
        done = sign_in(session, identity, now)
        kept = opened(session, doctor.account_id).sealed_id_token
        assert ID_TOKEN.encode() not in kept
        assert psc.id_token_of(session, _actor(session, done, now)) == ID_TOKEN

    def test_S043_another_accounts_token_cannot_be_read(
        self, session, doctor, stranger, identity, now
    ):
        sign_in(session, identity, now)
        row = opened(session, doctor.account_id)
        row.account_id = stranger.account_id
        session.flush()
        thief = Actor(account_id=stranger.account_id, session_id=row.id)
        assert psc.id_token_of(session, thief) == ""

    def test_a_sign_in_by_password_has_none(self, session, doctor, now):
        account = session.get_one(Account, doctor.account_id)
        row, _ = sessions.open_session(session, account, device="", address="", now=now)
        assert psc.id_token_of(session, replace(doctor, session_id=row.id)) == ""


def _actor(session, done, now):
    return sessions.look_up(session, done.token, now=now).actor


class TestPending:
    def test_keeps_the_identity_for_the_browser_that_brought_it(self, session, identity, now):
        token = psc.keep_pending(session, NOBODY, identity=identity, id_token=ID_TOKEN, now=now)
        found = psc.pending_identity(session, NOBODY, token, now=now)
        assert (found.identity, found.id_token) == (identity, ID_TOKEN)
        assert psc.pending_identity(session, NOBODY, "autre", now=now) is None
        assert psc.pending_identity(session, NOBODY, "", now=now) is None

    def test_S043_nothing_of_it_is_readable_in_the_base(self, session, identity, now):
        psc.keep_pending(session, NOBODY, identity=identity, id_token=ID_TOKEN, now=now)
        row = session.exec(select(PendingIdentity)).one()
        assert identity.rpps.encode() not in row.sealed
        assert ID_TOKEN.encode() not in row.sealed

    def test_lives_half_an_hour(self, session, identity, now):
        token = psc.keep_pending(session, NOBODY, identity=identity, now=now)
        late = now + timedelta(minutes=30)
        assert psc.read_pending(session, NOBODY, token, now=late) is None
        psc.forget_stale(session, system("upkeep"), now=late + timedelta(seconds=1))
        assert session.exec(select(PendingIdentity)).all() == []

    def test_a_sealed_row_moved_to_another_browser_is_refused(self, session, identity, now):
        mine = psc.keep_pending(session, NOBODY, fault="psc.refused", now=now)
        psc.keep_pending(session, NOBODY, identity=identity, now=now)
        rows = session.exec(select(PendingIdentity)).all()
        empty, full = sorted(rows, key=lambda row: row.sealed is not None)
        empty.sealed = full.sealed
        session.flush()
        assert psc.read_pending(session, NOBODY, mine, now=now).person is None


class TestLink:
    def wait(self, session, identity, now):
        return psc.keep_pending(session, NOBODY, identity=identity, id_token=ID_TOKEN, now=now)

    def test_PS23_ties_the_identity_to_ones_own_account(self, session, doctor, now):
        identity = identity_of(session, doctor, family_name="AUTRE")
        token = self.wait(session, identity, now)
        psc.link_pending(session, replace(doctor, factor_at=now), token, now=now)
        assert [link.account_id for link in links(session)] == [doctor.account_id]
        assert psc.read_pending(session, NOBODY, token, now=now) is None
        assert sign_in(session, identity, now).account_id == doctor.account_id
        actions = session.exec(select(JournalEntry.action)).all()
        assert "psc.linked" in actions

    def test_another_name_is_not_certified_by_linking(self, session, doctor, now):
        token = self.wait(session, identity_of(session, doctor, family_name="AUTRE"), now)
        psc.link_pending(session, replace(doctor, factor_at=now), token, now=now)
        assert session.get_one(Account, doctor.account_id).identity_certified_at is None

    def test_PS23_refuses_another_number(self, session, doctor, stranger, now):
        token = self.wait(session, identity_of(session, doctor), now)
        with pytest.raises(RuleViolation) as caught:
            psc.link_pending(session, replace(stranger, factor_at=now), token, now=now)
        assert caught.value.code == "psc.other_rpps"
        assert links(session) == []

    def test_refuses_an_identity_without_a_number(self, session, doctor, now):
        token = self.wait(session, identity_of(session, doctor, rpps=""), now)
        with pytest.raises(RuleViolation) as caught:
            psc.link_pending(session, replace(doctor, factor_at=now), token, now=now)
        assert caught.value.code == "psc.other_rpps"

    def test_refuses_a_patients_account(self, session, doctor, patient_actor, now):
        token = self.wait(session, identity_of(session, doctor), now)
        with pytest.raises(RuleViolation) as caught:
            psc.link_pending(session, replace(patient_actor, factor_at=now), token, now=now)
        assert caught.value.code == "psc.not_a_professional"

    @pytest.mark.parametrize("minutes", [5, 60])
    def test_S054_asks_for_a_factor_given_just_now(self, session, doctor, now, minutes):
        token = self.wait(session, identity_of(session, doctor), now)
        stale = replace(doctor, factor_at=now - timedelta(minutes=minutes))
        with pytest.raises(Forbidden):
            psc.link_pending(session, stale, token, now=now)
        assert links(session) == []

    def test_a_delegate_links_nothing(self, session, doctor, stranger, now):
        token = self.wait(session, identity_of(session, doctor), now)
        acting = replace(doctor, factor_at=now, on_behalf_of_id=stranger.account_id)
        with pytest.raises(Forbidden):
            psc.link_pending(session, acting, token, now=now)

    def test_nothing_waits(self, session, doctor, now):
        with pytest.raises(NotFound):
            psc.link_pending(session, replace(doctor, factor_at=now), "autre", now=now)

    def test_an_administrator_has_no_number_to_compare(self, session, doctor, now):
        administrator = factories.make_administrator(session, now)
        assert administrator.role is Role.ADMINISTRATOR
        token = self.wait(session, identity_of(session, doctor), now)
        with pytest.raises(RuleViolation):
            psc.link_pending(session, replace(administrator, factor_at=now), token, now=now)


class TestUnlink:
    @pytest.fixture
    def linked(self, session, doctor, identity, now):
        """The doctor, linked, with a password, a factor given just now."""
        session.get_one(Account, doctor.account_id).password_hash = "x"
        done = sign_in(session, identity, now)
        return _actor(session, done, now)

    def test_S054_pro_sante_connect_opens_the_account_no_more(self, session, linked, identity, now):
        psc_link.unlink_identity(session, linked, now=now)
        assert links(session) == []
        assert sign_in(session, identity, now) is None
        assert links(session) == []
        view = open_sign_in.read_security(session, linked, now=now)
        assert (view.psc_since, view.psc_unlinked_at) == (None, now)
        assert "psc.unlinked" in session.exec(select(JournalEntry.action)).all()

    def test_S053_S037_the_other_sign_ins_end_and_the_holder_is_told(
        self, session, linked, identity, now
    ):
        other = sign_in(session, identity, now)
        told = subjects(session).count("Pro Santé Connect relié à votre compte")
        psc_link.unlink_identity(session, linked, now=now)
        assert sessions.look_up(session, other.token, now=now) is None
        assert sessions.is_open(session, linked.session_id)
        assert len(subjects(session)) > told

    def test_PS23_its_holder_links_it_again(self, session, linked, identity, now):
        psc_link.unlink_identity(session, linked, now=now)
        token = psc.keep_pending(session, NOBODY, identity=identity, id_token=ID_TOKEN, now=now)
        psc.link_pending(session, linked, token, now=now)
        assert sign_in(session, identity, now).account_id == linked.account_id

    def test_S038_the_only_way_in_stays(self, session, linked, now):
        session.get_one(Account, linked.account_id).password_hash = ""
        with pytest.raises(RuleViolation, match=r"psc\.only_way_in"):
            psc_link.unlink_identity(session, linked, now=now)
        assert len(links(session)) == 1

    def test_S054_asks_for_a_factor_given_just_now(self, session, linked, now):
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            psc_link.unlink_identity(session, linked, now=now + timedelta(minutes=5))
        assert len(links(session)) == 1

    def test_a_delegate_and_somebody_else_unlink_nothing(self, session, linked, stranger, now):
        acting = replace(linked, on_behalf_of_id=stranger.account_id)
        with pytest.raises(Forbidden):
            psc_link.unlink_identity(session, acting, now=now)
        session.get_one(Account, stranger.account_id).password_hash = "x"
        with pytest.raises(NotFound, match=r"psc\.not_linked"):
            psc_link.unlink_identity(session, replace(stranger, factor_at=now), now=now)
        assert len(links(session)) == 1


class TestBackChannel:
    def test_S044_ends_the_session_of_that_name_only(self, session, doctor, identity, now):
        first = sign_in(session, identity, now)
        second = sign_in(session, replace(identity, sid="session-2"), now)
        ended = psc.end_from_provider(
            session, system("test"), ISSUER, identity.subject, "session-1", now=now
        )
        assert ended == 1
        assert sessions.look_up(session, first.token, now=now) is None
        assert sessions.look_up(session, second.token, now=now) is not None

    def test_S044_a_subject_alone_ends_all_its_sessions_of_the_provider(
        self, session, doctor, identity, now
    ):
        account = session.get_one(Account, doctor.account_id)
        _, by_password = sessions.open_session(session, account, device="", address="", now=now)
        sign_in(session, identity, now)
        sign_in(session, replace(identity, sid="session-2"), now)
        ended = psc.end_from_provider(
            session, system("test"), ISSUER, identity.subject, "", now=now
        )
        assert ended == 2
        assert sessions.look_up(session, by_password, now=now) is not None

    @pytest.mark.parametrize(("subject", "sid"), [("inconnu", ""), ("", "inconnue"), ("", "")])
    def test_S044_an_unknown_name_ends_nothing(self, session, doctor, identity, now, subject, sid):
        sign_in(session, identity, now)
        assert psc.end_from_provider(session, system("t"), ISSUER, subject, sid, now=now) == 0

    def test_nobody_ends_it_from_a_page(self, session, doctor, identity, now):
        with pytest.raises(Forbidden):
            psc.end_from_provider(session, doctor, ISSUER, identity.subject, "", now=now)
