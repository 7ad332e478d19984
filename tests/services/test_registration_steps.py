"""The steps of a registration one by one: identity, places, e-mail, telephones, password, contract."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import system
from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from app.integrations.psc_identity import Activity, Exercise, PscIdentity
from app.models.account import Account
from app.models.contact_point import Phone
from app.models.factor import FederatedIdentity
from app.models.legal_text import AcceptanceMode, LegalTextKind
from app.models.one_time_code import OneTimeCode
from app.models.outbox import Channel
from app.models.professional import Profession
from app.models.registration import (
    ContractScan,
    IdentitySource,
    RegistrationKind,
    RegistrationPhone,
    RegistrationState,
)
from app.services import (
    registration_certified as certified,
    registration_contract as contracts,
    registration_email as emails,
    registration_identity as identities,
    registration_phone as phones,
    registration_place as places,
    registration_secret as secret,
)
from app.services.directory_entry import Person, Place
from app.services.directory_release import load_builtin
from app.services.legal_text import current_text, ensure_reference_texts
from app.services.registration_progress import Step
from app.services.registration_view import read_registration
from tests import factories
from tests.services import registrations as flow
from tests.services.registrations import EMAIL, visitor

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
CLINIC = Place("790000012", "F790000012", "Clinique des Tilleuls", "12 rue", "79000", "Niort")


@pytest.fixture(autouse=True)
def texts(session, now):
    ensure_reference_texts(session, system("test"), now=now)


@pytest.fixture
def token(session, now):
    return flow.begin(session, now)


def _directory(session, now, *people: Person) -> None:
    load_builtin(session, system("test"), list(people), source="essai", data_on=now.date(), now=now)


def _person(**overrides) -> Person:
    values = {
        "number": factories.unique_rpps(),
        "family_name": "VASSEUR",
        "given_name": "Claire",
        "civility": "DR",
        "profession": "10",
        "speciality": "Oncologie médicale",
        "places": [CLINIC],
    }
    return Person(**{**values, **overrides})


class TestIdentity:
    def test_MM08_a_line_of_the_directory_fills_identity_and_places(self, session, token, now):
        person = _person()
        _directory(session, now, person)
        assert identities.choose_identity(session, visitor(), token, person.number, "10", now=now)
        registration = flow.row(session, token, now)
        assert (registration.rpps, registration.civility) == (person.number, "Dr")
        assert registration.source is IdentitySource.DIRECTORY
        rows = places.list_places(session, visitor(), registration.id, now=now)
        assert [(row.name, row.is_from_directory) for row in rows] == [
            ("Clinique des Tilleuls", True)
        ]

    def test_choosing_again_replaces_the_places_of_the_other_person(self, session, token, now):
        first, second = _person(), _person(places=[])
        _directory(session, now, first, second)
        for person in (first, second):
            identities.choose_identity(session, visitor(), token, person.number, "10", now=now)
        registration = flow.row(session, token, now)
        assert places.list_places(session, visitor(), registration.id, now=now) == []

    @pytest.mark.parametrize("change", [{"profession": "00"}, {"number": "019306919"}])
    def test_what_the_directory_lacks_is_completed_by_hand(self, session, token, now, change):
        person = _person(**change)
        _directory(session, now, person)
        assert not identities.choose_identity(
            session, visitor(), token, person.number, person.profession, now=now
        )
        view = read_registration(session, visitor(), token, Step.IDENTITY, now=now)
        assert view.identity.source is None
        assert (view.typed["manual"], view.typed["family_name"]) == ("on", "VASSEUR")

    def test_somebody_who_is_not_in_the_directory_cannot_be_chosen(self, session, token, now):
        with pytest.raises(NotFound, match=r"registration\.not_in_directory"):
            identities.choose_identity(
                session, visitor(), token, factories.unique_rpps(), "10", now=now
            )

    def test_MM10_every_fault_of_the_manual_entry_is_told_at_once(self, session, token, now):
        with pytest.raises(Invalid) as raised:
            identities.type_identity(session, visitor(), token, {"rpps": "12345678901"}, now=now)
        assert raised.value.fields == {
            "rpps": "rpps.key",
            "profession": "registration.profession_missing",
            "civility": "registration.civility_missing",
            "family_name": "registration.family_name_missing",
            "given_name": "registration.given_name_missing",
        }

    def test_MM06_the_rpps_is_mandatory(self, session, token, now):
        with pytest.raises(Invalid) as raised:
            flow.give_identity(session, token, now, rpps="")
        assert raised.value.fields == {"rpps": "registration.rpps_missing"}

    def test_MM24_a_secretary_has_no_rpps(self, session, now):
        token = flow.begin(session, now, RegistrationKind.SECRETARY)
        typed = {**flow.NAMES, "occupation": "medical_secretary"}
        identities.type_secretary(session, visitor(), token, typed, now=now)
        assert flow.row(session, token, now).rpps == ""
        with pytest.raises(RuleViolation, match=r"registration\.other_kind"):
            flow.give_identity(session, token, now)

    def test_MM25_a_shared_account_needs_its_title(self, session, now):
        token = flow.begin(session, now, RegistrationKind.SECRETARY)
        typed = {**flow.NAMES, "occupation": "other", "is_shared": "on"}
        with pytest.raises(Invalid) as raised:
            identities.type_secretary(session, visitor(), token, typed, now=now)
        assert raised.value.fields == {"shared_title": "registration.shared_title_missing"}


def _provider(**overrides) -> PscIdentity:
    values = {
        "issuer": "https://psc.test",
        "subject": "f:1:899",
        "national_id": "8" + factories.unique_rpps(),
        "rpps": factories.unique_rpps(),
        "family_name": "VASSEUR",
        "given_name": "Claire",
        "profession_codes": ("10",),
        "exercises": (
            Exercise(
                profession_code="10",
                civility_code="DR",
                family_name="VASSEUR",
                given_name="Claire",
                activities=(Activity(name="Cabinet du Port"),),
            ),
        ),
    }
    return PscIdentity(**{**values, **overrides})


class TestCertified:
    def test_MM30_the_identity_is_filled_in_and_cannot_be_typed_over(self, session, now):
        token = certified.begin_certified(session, visitor(), "", _provider(), now=now)
        registration = flow.row(session, token, now)
        assert registration.source is IdentitySource.PSC
        assert (registration.civility, registration.family_name) == ("Dr", "VASSEUR")
        rows = places.list_places(session, visitor(), registration.id, now=now)
        assert [row.name for row in rows] == ["Cabinet du Port"]
        with pytest.raises(RuleViolation, match=r"registration\.certified"):
            flow.give_identity(session, token, now)

    def test_coming_back_as_the_same_person_goes_on_with_the_same_registration(self, session, now):
        identity = _provider()
        token = certified.begin_certified(session, visitor(), "", identity, now=now)
        later = now + timedelta(hours=1)
        assert certified.begin_certified(session, visitor(), token, identity, now=later) == token
        assert flow.row(session, token, later).certified_at == later
        other = certified.begin_certified(
            session, visitor(), token, _provider(subject="f:1:900"), now=later
        )
        assert other != token

    def test_MM30_whoever_has_several_professions_says_which(self, session, now):
        identity = _provider(
            profession_codes=("10", "00", "21"),
            exercises=(
                Exercise(profession_code="10", activities=(Activity(name="Cabinet du Port"),)),
                Exercise(profession_code="21", activities=(Activity(name="Officine du Port"),)),
            ),
        )
        for typed in ("", "00", "60", "x"):
            with pytest.raises(RuleViolation, match="profession_unchosen"):
                certified.begin_certified(
                    session, visitor(), "", identity, profession=typed, now=now
                )

        def chosen(token, profession):
            token = certified.begin_certified(
                session, visitor(), token, identity, profession=profession, now=now
            )
            registration = flow.row(session, token, now)
            rows = places.list_places(session, visitor(), registration.id, now=now)
            return token, registration.profession, [row.name for row in rows]

        token, profession, names = chosen("", "21")
        assert (profession, names) == (Profession.PHARMACIST, ["Officine du Port"])
        # Coming back as the same person keeps the choice, or changes it when another one is made.
        assert chosen(token, "") == (token, profession, names)
        assert chosen(token, "10") == (token, Profession.DOCTOR, ["Cabinet du Port"])

    @pytest.mark.parametrize(
        ("lack", "code"),
        [
            ({"rpps": ""}, "provider_no_rpps"),
            ({"profession_codes": ("00",)}, "provider_no_profession"),
        ],
    )
    def test_what_the_provider_lacks_is_explained(self, session, now, lack, code):
        with pytest.raises(RuleViolation, match=code):
            certified.begin_certified(session, visitor(), "", _provider(**lack), now=now)

    def test_CX07_its_proof_signs_the_contract_while_it_is_recent(self, session, now):
        token = certified.begin_certified(session, visitor(), "", _provider(), now=now)
        identities.keep_certified_identity(session, visitor(), token, now=now)
        registration = flow.row(session, token, now)
        for place in places.list_places(session, visitor(), registration.id, now=now):
            places.choose_laboratory(
                session,
                visitor(),
                token,
                place.id,
                flow.laboratory(session, now).id,
                now=now,
            )
        flow.prove_email(session, token, now)
        flow.give_rest(session, token, now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
        late = now + contracts.PROOF_LIFE
        with pytest.raises(RuleViolation, match=r"registration\.proof_old"):
            contracts.sign_with_provider(session, visitor(), token, text.id, now=late)
        contracts.sign_with_provider(session, visitor(), token, text.id, now=now)
        assert registration.contract_mode is AcceptanceMode.PSC
        assert registration.state is RegistrationState.TO_VALIDATE
        link = session.execute(select(FederatedIdentity)).scalar_one()
        assert link.account_id == registration.account_id
        assert session.get_one(Account, link.account_id).identity_certified_at == now

    def test_CX07_somebody_without_it_cannot_sign_so(self, session, now):
        token = flow.ready_to_sign(session, now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
        with pytest.raises(Forbidden, match=r"registration\.not_certified"):
            contracts.sign_with_provider(session, visitor(), token, text.id, now=now)


class TestPlaces:
    def test_MM13_each_place_needs_its_laboratory(self, session, token, now):
        person = _person()
        _directory(session, now, person)
        laboratory = flow.laboratory(session, now)
        with pytest.raises(Invalid) as raised:
            places.finish_places(session, visitor(), token, now=now)
        assert raised.value.fields == {"places": "registration.place_missing"}
        identities.choose_identity(session, visitor(), token, person.number, "10", now=now)
        registration = flow.row(session, token, now)
        row = places.list_places(session, visitor(), registration.id, now=now)[0]
        with pytest.raises(Invalid) as raised:
            places.finish_places(session, visitor(), token, now=now)
        assert raised.value.fields == {f"place-{row.id}": "practice.laboratory_missing"}
        places.choose_laboratory(session, visitor(), token, row.id, laboratory.id, now=now)
        places.finish_places(session, visitor(), token, now=now)

    def test_S143_one_place_per_key(self, session, token, now):
        key = uuid4()
        typed = {
            "is_typed": "on",
            "name": "Cabinet",
            "postcode": "79000",
            "city": "Niort",
            "laboratory_id": str(flow.laboratory(session, now).id),
        }
        for _ in range(2):
            places.add_place(session, visitor(), token, typed, key=key, now=now)
        registration = flow.row(session, token, now)
        assert len(places.list_places(session, visitor(), registration.id, now=now)) == 1

    def test_MM13_an_establishment_is_there_once_with_one_laboratory(self, session, token, now):
        first, second = (flow.laboratory(session, now) for _ in range(2))
        chosen = {"facility_id": str(first.id)}
        for laboratory in (first, second):
            typed = chosen | {"laboratory_id": str(laboratory.id)}
            places.add_place(session, visitor(), token, typed, key=uuid4(), now=now)
        registration = flow.row(session, token, now)
        (row,) = places.list_places(session, visitor(), registration.id, now=now)
        assert row.laboratory_id == second.id

    def test_what_is_missing_is_told(self, session, now):
        with pytest.raises(Invalid) as raised:
            places.read_place(session, visitor(), {}, now=now)
        assert raised.value.fields == {"facility": "registration.place_missing"}
        with pytest.raises(Invalid) as raised:
            places.read_place(session, visitor(), {"is_typed": "on", "postcode": "7900"}, now=now)
        assert set(raised.value.fields) == {"name", "postcode", "city"}

    def test_a_place_of_somebody_else_is_absent(self, session, token, now):
        flow.give_place(session, token, now)
        registration = flow.row(session, token, now)
        row = places.list_places(session, visitor(), registration.id, now=now)[0]
        with pytest.raises(NotFound):
            places.remove_place(session, visitor(), flow.begin(session, now), row.id, now=now)


class TestEmail:
    def test_U02_the_code_proves_the_address(self, session, token, now):
        flow.prove_email(session, token, now)
        registration = flow.row(session, token, now)
        assert registration.email_verified_at == now
        assert registration.state is RegistrationState.EMAIL_VERIFIED

    def test_U02_so_does_the_link_once_and_in_another_browser(self, session, token, now):
        emails.send_proof(session, visitor(), token, EMAIL, now=now)
        link = flow.link_of(flow.newest(session, EMAIL))
        opened = emails.follow_link(session, visitor("198.51.100.2"), link, now=now)
        assert opened not in {None, token}
        assert flow.row(session, opened, now).id == flow.row(session, token, now).id
        assert flow.row(session, token, now).email_verified_at == now
        assert emails.follow_link(session, visitor(), link, now=now) is None

    def test_the_link_lasts_a_day_and_another_address_undoes_the_proof(self, session, token, now):
        emails.send_proof(session, visitor(), token, EMAIL, now=now)
        link = flow.link_of(flow.newest(session, EMAIL))
        assert emails.follow_link(session, visitor(), link, now=now + timedelta(days=1)) is None
        later = now + timedelta(minutes=5)
        flow.prove_email(session, token, later)
        emails.send_proof(session, visitor(), token, "autre@exemple.test", now=later)
        assert flow.row(session, token, later).email_verified_at is None

    def test_S031_a_code_of_another_address_proves_nothing(self, session, token, now):
        emails.send_proof(session, visitor(), token, EMAIL, now=now)
        code = flow.code_of(flow.newest(session, EMAIL))
        emails.send_proof(session, visitor(), token, "autre@exemple.test", now=now)
        outcome = emails.check_proof(session, visitor(), token, code, now=now)
        assert outcome.error == "code.wrong"

    def test_S033_another_message_waits_a_minute(self, session, token, now):
        assert emails.send_proof(session, visitor(), token, EMAIL, now=now).is_ok
        again = emails.send_proof(session, visitor(), token, EMAIL, now=now)
        assert again.error == "code.resend_wait"
        assert again.retry_at == now + timedelta(seconds=60)

    def test_S070_an_address_with_an_account_gets_another_mail_and_the_screen_nothing(
        self, session, token, now
    ):
        factories.make_account(session, now, email="prise@exemple.test")
        other = flow.begin(session, now)
        taken = emails.send_proof(session, visitor(), token, "Prise@exemple.test", now=now)
        free = emails.send_proof(session, visitor(), other, EMAIL, now=now)
        assert taken == free
        mail = flow.newest(session, "prise@exemple.test")
        assert "déjà" in mail.subject
        assert "/inscription/lien" not in mail.text
        views = [
            read_registration(session, visitor(), one, Step.EMAIL, now=now)
            for one in (token, other)
        ]
        assert views[0].progress == views[1].progress
        assert (views[0].sent.at, views[0].sent.is_late) == (now, False)
        wrong = [
            emails.check_proof(session, visitor(), one, "000000", now=now).error
            for one in (token, other)
        ]
        assert set(wrong) == {"code.wrong"}
        kept = session.execute(select(col(OneTimeCode.link_digest))).scalars().all()
        assert all(kept)

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "registration.email_missing"),
            ("claire", "email.format"),
            ("a@b", "email.format"),
            ("a b@c.fr", "email.format"),
            ("<a@c.fr>", "email.format"),
            (f"{'a' * 250}@c.fr", "email.format"),
        ],
    )
    def test_what_is_no_address_is_told(self, session, token, now, typed, code):
        with pytest.raises(Invalid) as raised:
            emails.send_proof(session, visitor(), token, typed, now=now)
        assert raised.value.fields == {"email": code}

    def test_the_way_back_is_mailed_to_whoever_has_a_registration_under_way(
        self, session, token, now
    ):
        emails.send_resume_link(session, visitor(), EMAIL, now=now)
        assert flow.messages(session, EMAIL) == []
        flow.prove_email(session, token, now)
        later = now + timedelta(days=2)
        emails.send_resume_link(session, visitor(), EMAIL, now=later)
        link = flow.link_of(flow.newest(session, EMAIL))
        opened = emails.follow_link(session, visitor(), link, now=later)
        assert flow.row(session, opened, later).id == flow.row(session, token, later).id


class TestPhones:
    def test_CX05_the_code_of_the_sms_verifies_a_number(self, session, token, now):
        assert phones.add_phone(session, visitor(), token, "06 12 34 56 78", now=now).is_ok
        phone = session.execute(select(RegistrationPhone)).scalar_one()
        wrong = phones.check_phone_code(session, visitor(), token, phone.id, "1", now=now)
        assert wrong.error == "code.wrong"
        code = flow.code_of(flow.newest(session, "+33612345678", channel=Channel.SMS))
        assert phones.check_phone_code(session, visitor(), token, phone.id, code, now=now).is_ok
        assert phone.verified_at == now

    def test_U03_several_or_none_and_only_verified_ones_receive_codes(self, session, now):
        token = flow.ready_to_sign(session, now)
        for number in ("06 12 34 56 78", "07 12 34 56 78"):
            phones.add_phone(session, visitor(), token, number, now=now)
        flow.sign(session, token, now)
        kept = session.execute(select(Phone)).scalars().all()
        assert [phone.verified_at for phone in kept] == [None, None]

    def test_S033_a_country_that_is_not_served_is_not_kept(self, session, token, now):
        outcome = phones.add_phone(session, visitor(), token, "+1 202 555 0123", now=now)
        assert outcome.error == "code.country_not_served"
        assert session.execute(select(RegistrationPhone)).first() is None

    def test_what_is_no_number_is_told(self, session, token, now):
        for typed, code in (("", "registration.phone_missing"), ("douze", "phone.format")):
            with pytest.raises(Invalid) as raised:
                phones.add_phone(session, visitor(), token, typed, now=now)
            assert raised.value.fields == {"phone": code}

    def test_a_number_of_somebody_else_is_absent(self, session, token, now):
        phones.add_phone(session, visitor(), token, "06 12 34 56 78", now=now)
        phone = session.execute(select(RegistrationPhone)).scalar_one()
        with pytest.raises(NotFound):
            phones.remove_phone(session, visitor(), flow.begin(session, now), phone.id, now=now)


class TestSecrets:
    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("Ab1!xyz", "password.too_short"),
            ("Azerty123!", "password.known"),
            ("Vasseur2026!", "password.known"),
            ("x" * 129 + "A1!", "password.too_long"),
        ],
    )
    def test_S020_S021_refuses_a_weak_password(self, session, token, now, password, code):
        flow.give_identity(session, token, now)
        with pytest.raises(Invalid) as raised:
            secret.check_password(session, visitor(), token, password, password, now=now)
        assert raised.value.fields == {"password": code}

    def test_MM19_both_must_be_the_same(self, session, token, now):
        with pytest.raises(Invalid) as raised:
            secret.check_password(session, visitor(), token, flow.PASSWORD, "autre", now=now)
        assert raised.value.fields == {"password_again": "registration.password_differs"}

    def test_members_are_for_shared_accounts(self, session, token, now):
        with pytest.raises(RuleViolation, match=r"registration\.not_shared"):
            secret.check_member(session, visitor(), token, {}, "582914", now=now)


class TestContract:
    def test_MM21_the_box_is_mandatory_and_the_version_shown_is_kept(self, session, token, now):
        terms = current_text(session, visitor(), LegalTextKind.TERMS, now=now)
        with pytest.raises(Invalid):
            contracts.accept_terms(session, visitor(), token, terms.id, is_ticked=False, now=now)
        with pytest.raises(Conflict, match=r"registration\.text_changed"):
            contracts.accept_terms(session, visitor(), token, uuid4(), is_ticked=True, now=now)
        contracts.accept_terms(session, visitor(), token, terms.id, is_ticked=True, now=now)
        registration = flow.row(session, token, now)
        assert registration.terms_digest.hex() == terms.digest
        assert registration.terms_address == visitor().address

    def test_D11_the_typed_name_must_be_that_of_the_registration(self, session, now):
        token = flow.ready_to_sign(session, now)
        contracts.send_contract_code(session, visitor(), token, now=now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
        for name, code in (("", "signature_missing"), ("Paul Denis", "signature_differs")):
            with pytest.raises(Invalid) as raised:
                contracts.sign_contract(
                    session, visitor(), token, text.id, name=name, code="1", now=now
                )
            assert raised.value.fields == {"signed_name": f"registration.{code}"}
        outcome = contracts.sign_contract(
            session, visitor(), token, text.id, name="vasseur claire", code="000000", now=now
        )
        assert outcome.error == "code.wrong"

    def test_signing_waits_for_the_steps_before(self, session, token, now):
        with pytest.raises(RuleViolation, match=r"registration\.steps_missing"):
            contracts.send_contract_code(session, visitor(), token, now=now)

    def test_D11_a_scan_is_sealed_and_read_by_administrators_alone(self, session, now):
        token = flow.ready_to_sign(session, now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
        contracts.upload_scan(session, visitor(), token, text.id, PNG, now=now)
        registration = flow.row(session, token, now)
        assert registration.contract_mode is AcceptanceMode.SCAN
        stored = session.execute(select(ContractScan)).scalar_one()
        assert b"PNG" not in stored.sealed
        admin = factories.make_administrator(session, now)
        found = contracts.read_scan(session, admin, registration.id, now=now)
        assert found == ("image/png", PNG)
        with pytest.raises(Forbidden):
            contracts.read_scan(
                session, factories.make_professional(session, now), registration.id, now=now
            )
        with pytest.raises(NotFound):
            contracts.read_scan(session, admin, uuid4(), now=now)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "scan_missing"),
            (b"MZ" + bytes(20), "scan_kind"),
            (b"<svg onload=x>", "scan_kind"),
            (b"%PDF-" + bytes(contracts.MAX_SCAN_BYTES), "scan_too_large"),
        ],
    )
    def test_a_file_is_known_by_its_first_bytes_and_size(self, content, code):
        with pytest.raises(Invalid) as raised:
            contracts.scan_type(content)
        assert raised.value.fields == {"scan": f"registration.{code}"}

    def test_other_names_ask_for_another_signature(self, session, now):
        token = flow.ready_to_sign(session, now)
        registration = flow.row(session, token, now)
        text = current_text(session, visitor(), LegalTextKind.CONTRACT, now=now)
        registration.contract_id, registration.contract_at = text.id, now
        flow.give_identity(session, token, now, given_name="Clara")
        assert registration.contract_id is None
