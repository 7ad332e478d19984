"""A registration from its first page to the account that waits (CX-03 to CX-08, MM-04 to MM-31, U-04)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz.actor import system
from app.errors import Invalid, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress
from app.models.legal_text import AcceptanceMode, LegalAcceptance
from app.models.outbox import OutboxMessage, OutboxState
from app.models.practice import Practice
from app.models.professional import Professional
from app.models.registration import (
    Registration,
    RegistrationBrowser,
    RegistrationKind,
    RegistrationState,
)
from app.models.team import AccountMember
from app.services import (
    registration as registrations,
    registration_identity as identities,
    registration_secret as secret,
)
from app.services.legal_text import ensure_reference_texts
from app.services.registration_contract import send_contract_code
from app.services.registration_email import send_proof
from app.services.registration_outcome import activate, close
from app.services.registration_progress import STEPS, Step, read_progress
from app.services.registration_submit import hand_in
from app.services.registration_view import read_registration
from tests import factories
from tests.services import registrations as flow
from tests.services.registrations import EMAIL, visitor


@pytest.fixture(autouse=True)
def texts(session, now):
    ensure_reference_texts(session, system("test"), now=now)


def _account(session: Session, email: str = EMAIL) -> Account | None:
    return session.execute(select(Account).where(col(Account.email) == email)).scalar_one_or_none()


def _progress(session, token, now):
    registration = flow.row(session, token, now)
    return read_progress(session, visitor(), registration, now=now)


class TestBegin:
    def test_keeps_only_the_digest_of_the_cookie(self, session, now):
        token = flow.begin(session, now)
        stored = session.execute(select(RegistrationBrowser)).scalar_one()
        assert token.encode() not in stored.token_digest
        assert len(stored.token_digest) == 32
        assert stored.expires_at == now + timedelta(days=30)

    def test_another_token_opens_nothing(self, session, now):
        flow.begin(session, now)
        with pytest.raises(NotFound, match=r"registration\.none"):
            flow.row(session, "x" * 43, now)
        assert read_registration(session, visitor(), "", None, now=now) is None

    def test_is_over_after_thirty_days(self, session, now):
        token = flow.begin(session, now)
        with pytest.raises(NotFound):
            flow.row(session, token, now + timedelta(days=30))

    def test_thirty_an_hour_from_one_address(self, session, now, monkeypatch):
        monkeypatch.setattr(
            registrations, "BEGINNINGS", replace(registrations.BEGINNINGS, demo_limit=None)
        )
        for _ in range(30):
            flow.begin(session, now)
        with pytest.raises(RuleViolation, match=r"registration\.too_many"):
            flow.begin(session, now)
        registrations.begin(session, visitor("203.0.113.8"), RegistrationKind.SECRETARY, now=now)

    def test_what_nobody_came_back_to_is_forgotten(self, session, now):
        token = flow.begin(session, now)
        flow.give_identity(session, token, now)
        flow.give_place(session, token, now)
        registrations.forget_stale(session, visitor(), now=now + timedelta(days=29))
        flow.row(session, token, now)
        registrations.forget_stale(session, visitor(), now=now + timedelta(days=31))
        assert session.execute(select(func.count()).select_from(Registration)).scalar() == 0

    def test_giving_up_erases_everything(self, session, now):
        token = flow.begin(session, now)
        flow.give_place(session, token, now)
        registrations.abandon(session, visitor(), token, now=now)
        assert session.execute(select(func.count()).select_from(Registration)).scalar() == 0
        with pytest.raises(NotFound):
            flow.row(session, token, now)


class TestProgress:
    def test_CX08_says_what_remains_step_by_step(self, session, now):
        token = flow.begin(session, now)
        assert _progress(session, token, now).next_step is Step.IDENTITY
        flow.give_identity(session, token, now)
        assert _progress(session, token, now).next_step is Step.PLACES
        flow.give_place(session, token, now)
        assert _progress(session, token, now).next_step is Step.EMAIL
        flow.prove_email(session, token, now)
        assert _progress(session, token, now).next_step is Step.PHONE
        flow.give_rest(session, token, now)
        progress = _progress(session, token, now)
        assert progress.next_step is progress.reached is Step.CONTRACT
        flow.sign(session, token, now)
        assert _progress(session, token, now).done == frozenset(STEPS[:-1])

    def test_a_later_step_does_not_open_before_its_time(self, session, now):
        token = flow.begin(session, now)
        flow.give_identity(session, token, now)
        progress = _progress(session, token, now)
        assert progress.may_open(Step.PLACES)
        assert not progress.may_open(Step.EMAIL)

    def test_a_late_mail_holds_up_the_contract_only(self, session, now):
        token = flow.begin(session, now)
        flow.give_identity(session, token, now)
        flow.give_place(session, token, now)
        send_proof(session, visitor(), token, EMAIL, now=now)
        flow.give_rest(session, token, now)
        progress = _progress(session, token, now)
        assert progress.may_open(Step.TERMS)
        assert not progress.may_open(Step.CONTRACT)
        assert progress.next_step is Step.EMAIL

    def test_a_new_version_of_the_terms_asks_again(self, session, now):
        token = flow.ready_to_sign(session, now)
        flow.row(session, token, now).terms_id = None
        assert _progress(session, token, now).next_step is Step.TERMS


class TestTyped:
    def test_what_is_typed_is_kept_and_secrets_are_not(self, session, now):
        token = flow.begin(session, now)
        typed = {"family_name": "Vass", "code": "123456", "password": "x", "member_code": "1"}
        registrations.save_typed(session, visitor(), token, "identity", typed, now=now)
        view = read_registration(session, visitor(), token, Step.IDENTITY, now=now)
        assert view.typed["family_name"] == "Vass"
        assert not {"code", "password"} & set(view.typed)

    def test_forms_of_one_step_add_up(self, session, now):
        token = flow.begin(session, now)
        for typed in ({"search_rpps": "99"}, {"rpps": "998"}):
            registrations.save_typed(session, visitor(), token, "identity", typed, now=now)
        view = read_registration(session, visitor(), token, Step.IDENTITY, now=now)
        assert view.typed == {"search_rpps": "99", "rpps": "998"}

    def test_refuses_a_step_that_does_not_exist(self, session, now):
        with pytest.raises(NotFound):
            registrations.save_typed(session, visitor(), flow.begin(session, now), "x", {}, now=now)


@pytest.mark.databases("sqlite", "postgresql")
class TestHandIn:
    def test_U04_makes_a_pending_account_with_all_that_was_given(self, session, now):
        admin = factories.make_administrator(session, now, email="admin@exemple.test")
        token = flow.ready_to_sign(session, now)
        assert _account(session) is None
        flow.sign(session, token, now)
        account = _account(session)
        assert account.state is AccountState.PENDING
        assert account.role is Role.PROFESSIONAL
        registration = flow.row(session, token, now)
        assert registration.state is RegistrationState.TO_VALIDATE
        assert registration.account_id == account.id
        professional = session.execute(select(Professional)).scalar_one()
        assert professional.rpps == registration.rpps
        assert (professional.place_name, professional.place_city) == ("Cabinet des Halles", "Niort")
        address = session.execute(select(EmailAddress)).scalar_one()
        assert (address.address, address.is_starred) == (EMAIL, True)
        assert session.execute(select(Practice)).scalar_one().laboratory_id is not None
        modes = session.execute(select(col(LegalAcceptance.mode))).scalars().all()
        assert set(modes) == {AcceptanceMode.BOX, AcceptanceMode.TYPED_NAME}
        assert admin.account_id is not None
        warned = flow.newest(session, "admin@exemple.test", "vérification")
        assert "Vasseur" not in warned.text + warned.subject

    def test_S143_asking_again_makes_one_account(self, session, now):
        token = flow.hand_in(session, now)
        account_id = _account(session).id
        assert hand_in(session, visitor(), token, now=now) == account_id
        assert session.execute(select(func.count()).select_from(Account)).scalar() == 1

    def test_nothing_may_change_afterwards(self, session, now):
        token = flow.hand_in(session, now)
        with pytest.raises(RuleViolation, match=r"registration\.handed_in"):
            flow.give_identity(session, token, now)

    def test_refuses_while_a_step_is_missing(self, session, now):
        token = flow.begin(session, now)
        flow.give_identity(session, token, now)
        with pytest.raises(RuleViolation, match=r"registration\.steps_missing"):
            hand_in(session, visitor(), token, now=now)

    def test_S070_a_taken_rpps_goes_to_review_without_a_word(self, session, now):
        other = factories.make_professional(session, now)
        rpps = session.get_one(Professional, other.professional_id).rpps
        token = flow.hand_in(session, now, rpps=rpps)
        registration = flow.row(session, token, now)
        assert registration.state is RegistrationState.TO_VALIDATE
        assert registration.is_rpps_taken
        account = session.get_one(Account, registration.account_id)
        assert account.state is AccountState.PENDING
        count = session.execute(select(func.count()).select_from(Professional)).scalar()
        assert count == 1

    def test_the_owner_of_an_address_taken_meanwhile_is_told(self, session, now):
        token = flow.ready_to_sign(session, now)
        factories.make_account(session, now, email=EMAIL)
        with pytest.raises(RuleViolation, match=r"registration\.email_taken"):
            flow.sign(session, token, now)

    def test_MM25_a_shared_secretariat_has_its_members(self, session, now):
        token = flow.begin(session, now, RegistrationKind.SECRETARY)
        typed = {
            **flow.NAMES,
            "civility": "Mme",
            "occupation": "medical_secretary",
            "is_shared": "on",
            "shared_title": "Secrétariat d’oncologie",
        }
        identities.type_secretary(session, visitor(), token, typed, now=now)
        flow.give_place(session, token, now)
        flow.prove_email(session, token, now)
        flow.give_rest(session, token, now)
        assert _progress(session, token, now).next_step is Step.PASSWORD
        fields = {"member_family_name": "Roy", "member_given_name": "Lina"}
        member = secret.check_member(session, visitor(), token, fields, "582914", now=now)
        key = uuid4()
        for _ in range(2):
            secret.add_member(session, visitor(), token, member, "hash", key=key, now=now)
        assert Step.CONTRACT not in _progress(session, token, now).steps
        secret.require_secrets(session, visitor(), token, now=now)
        account = _account(session)
        assert (account.role, account.shared_title) == (
            Role.SECRETARY,
            "Secrétariat d’oncologie",
        )
        assert session.execute(select(AccountMember)).scalar_one().family_name == "Roy"
        assert session.execute(select(Professional)).first() is None

    def test_MM28_a_secretariat_hands_in_with_the_terms_and_signs_no_contract(self, session, now):
        token = flow.begin(session, now, RegistrationKind.SECRETARY)
        typed = {**flow.NAMES, "civility": "Mme", "occupation": "medical_secretary"}
        identities.type_secretary(session, visitor(), token, typed, now=now)
        flow.give_place(session, token, now)
        flow.prove_email(session, token, now)
        assert not _progress(session, token, now).may_open(Step.CONTRACT)
        with pytest.raises(RuleViolation, match=r"registration\.steps_missing"):
            send_contract_code(session, visitor(), token, now=now)
        flow.give_rest(session, token, now)
        assert flow.row(session, token, now).state is RegistrationState.TO_VALIDATE
        modes = session.execute(select(col(LegalAcceptance.mode))).scalars().all()
        assert modes == [AcceptanceMode.BOX]

    def test_CX06_a_secretariat_proves_its_address_before_the_terms(self, session, now):
        token = flow.begin(session, now, RegistrationKind.SECRETARY)
        typed = {**flow.NAMES, "civility": "Mme", "occupation": "medical_secretary"}
        identities.type_secretary(session, visitor(), token, typed, now=now)
        flow.give_place(session, token, now)
        assert send_proof(session, visitor(), token, EMAIL, now=now).is_ok
        flow.give_rest(session, token, now)
        assert not _progress(session, token, now).may_open(Step.TERMS)
        assert _account(session) is None


@pytest.mark.databases("sqlite", "postgresql")
class TestOutcome:
    def test_activation_opens_the_account_and_tells_its_owner(self, session, now):
        token = flow.hand_in(session, now)
        admin = factories.make_administrator(session, now)
        registration = flow.row(session, token, now)
        account_id = activate(session, admin, registration.id, now=now)
        assert session.get_one(Account, account_id).state is AccountState.ACTIVE
        assert registration.state is RegistrationState.APPROVED
        assert registration.decided_by_id == admin.account_id
        assert flow.newest(session, EMAIL, "ouvert")
        assert activate(session, admin, registration.id, now=now) == account_id

    def test_activation_waits_for_a_taken_rpps(self, session, now):
        other = factories.make_professional(session, now)
        rpps = session.get_one(Professional, other.professional_id).rpps
        registration = flow.row(session, flow.hand_in(session, now, rpps=rpps), now)
        with pytest.raises(RuleViolation, match=r"registration\.rpps_taken"):
            activate(session, other, registration.id, now=now)

    def test_refusal_is_mailed_with_its_reason_and_frees_address_and_rpps(self, session, now):
        token = flow.hand_in(session, now)
        registration = flow.row(session, token, now)
        admin = factories.make_administrator(session, now)
        close(session, admin, registration.id, reason="Pièce illisible.", now=now)
        assert registration.state is RegistrationState.REFUSED
        assert "Pièce illisible." in flow.newest(session, EMAIL, "pas été acceptée").text
        account = session.get_one(Account, registration.account_id)
        assert account.state is AccountState.CLOSED
        view = read_registration(session, visitor(), token, Step.REVIEW, now=now)
        assert view.reason == "Pièce illisible."
        later = now + timedelta(hours=2)
        again = flow.hand_in(session, later, rpps=registration.rpps)
        assert not flow.row(session, again, later).is_rpps_taken

    def test_what_was_refused_cannot_be_approved(self, session, now):
        registration = flow.row(session, flow.hand_in(session, now), now)
        admin = factories.make_administrator(session, now)
        close(session, admin, registration.id, reason="Motif.", now=now)
        with pytest.raises(RuleViolation, match=r"registration\.decided"):
            activate(session, admin, registration.id, now=now)


def test_a_message_the_gateway_did_not_take_is_late(session, now):
    token = flow.begin(session, now)
    flow.give_identity(session, token, now)
    flow.give_place(session, token, now)
    send_proof(session, visitor(), token, EMAIL, now=now)

    def read(at):
        return read_registration(session, visitor(), token, Step.EMAIL, now=at)

    assert not read(now).sent.is_late
    assert read(now + timedelta(seconds=31)).sent.is_late
    session.execute(select(OutboxMessage)).scalar_one().state = OutboxState.SENT
    session.flush()
    assert not read(now + timedelta(seconds=31)).sent.is_late


def test_a_shared_account_needs_somebody(session, now):
    token = flow.begin(session, now)
    with pytest.raises(Invalid):
        secret.require_secrets(session, visitor(), token, now=now)
