"""The portal: tiles, identifiers, consents (MM-46 to MM-50, DM-01, DM-02)."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import Actor, system
from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from app.models.application import ApplicationAudience, ApplicationLink, LinkMode
from app.services import application, catalogue
from app.services.catalogue import ApplicationSheet
from tests import factories
from tests.services.own_account import address_id, delegate_of, signed_in
from tests.services.test_contact_point import add, login_of

ROBOT = system("test")


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


@pytest.fixture
def patient_me(session, patient_actor, now) -> Actor:
    return signed_in(session, patient_actor, now)


@pytest.fixture
def administrator(session, now) -> Actor:
    return factories.make_administrator(session, now)


def enter(session, now, name="Carnet", audience=ApplicationAudience.ALL, **more):
    values = {"publisher": "Éditeur", "description": "Texte.", "url": "https://carnet.example"}
    sheet = ApplicationSheet(name=name, audience=audience, **{**values, **more})
    return catalogue.add_application(session, ROBOT, sheet, key=uuid4(), now=now)


def tile(session, actor):
    (only,) = application.read_portal(session, actor).tiles
    return only


class TestPortal:
    def test_DM01_shows_what_is_for_ones_role(self, session, me, patient_me, now):
        for audience in ApplicationAudience:
            enter(session, now, f"App {audience.value}", audience)
        assert [t.name for t in application.read_portal(session, me).tiles] == [
            "App all",
            "App teams",
        ]
        assert [t.name for t in application.read_portal(session, patient_me).tiles] == [
            "App all",
            "App patients",
        ]

    def test_offers_the_sign_in_address_first(self, session, me, now):
        add(session, me, now)
        addresses = application.read_portal(session, me).addresses
        assert [a.address for a in addresses] == [login_of(session, me), "nouvelle@exemple.test"]
        assert [a.is_login for a in addresses] == [True, False]

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other):
        with pytest.raises(Forbidden):
            application.read_portal(session, delegate_of(me, other))


class TestIdentifier:
    def test_MM50_one_of_ones_addresses_is_the_identifier(self, session, me, now):
        wanted = enter(session, now)
        assert tile(session, me).identifier == ""
        application.set_identifier(
            session, me, wanted, address_id(session, login_of(session, me)), now=now
        )
        assert tile(session, me).identifier == login_of(session, me)

    def test_S061_anothers_address_is_as_absent_as_none(self, session, me, other, now):
        wanted = enter(session, now)
        codes = []
        for email_id in (address_id(session, login_of(session, other)), uuid4()):
            with pytest.raises(NotFound) as refused:
                application.set_identifier(session, me, wanted, email_id, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]

    def test_an_application_for_others_is_absent(self, session, me, now):
        wanted = enter(session, now, audience=ApplicationAudience.PATIENTS)
        with pytest.raises(NotFound):
            application.set_identifier(
                session, me, wanted, address_id(session, login_of(session, me)), now=now
            )

    def test_MM46_is_ticked_with_the_new_address(self, session, me, now):
        wanted = enter(session, now)
        add(session, me, now, applications=[wanted])
        assert tile(session, me).identifier == "nouvelle@exemple.test"

    def test_MM48_is_ticked_and_unticked_for_each_address(self, session, me, now):
        first, second = enter(session, now, "Un"), enter(session, now, "Deux")
        email_id = address_id(session, login_of(session, me))
        application.choose_uses(session, me, email_id, [first, second], now=now)
        application.choose_uses(session, me, email_id, [second], now=now)
        found = {t.name: t.identifier for t in application.read_portal(session, me).tiles}
        assert found == {"Un": "", "Deux": login_of(session, me)}


class TestConsent:
    def test_DM02_is_dated_and_withdrawn(self, session, me, now):
        wanted = enter(session, now, shared_data="Le poids.")
        application.give_consent(session, me, wanted, LinkMode.READ, now=now)
        assert (tile(session, me).mode, tile(session, me).consented_at) == (LinkMode.READ, now)
        application.withdraw_consent(session, me, wanted, now=now)
        assert tile(session, me).mode is None
        (kept,) = session.exec(select(ApplicationLink)).all()
        assert (kept.consented_at, kept.withdrawn_at) == (now, now)

    def test_agreeing_twice_is_agreeing_once(self, session, me, now):
        wanted = enter(session, now, shared_data="Le poids.")
        first = application.give_consent(session, me, wanted, LinkMode.READ, now=now)
        assert application.give_consent(session, me, wanted, LinkMode.READ, now=now) == first

    def test_another_mode_is_another_consent(self, session, me, now):
        wanted = enter(session, now, shared_data="Le poids.")
        for mode in (LinkMode.READ, LinkMode.BOTH):
            application.give_consent(session, me, wanted, mode, now=now)
        assert tile(session, me).mode is LinkMode.BOTH
        assert len(session.exec(select(ApplicationLink)).all()) == 2

    def test_nothing_is_agreed_to_where_nothing_is_shared(self, session, me, now):
        with pytest.raises(RuleViolation, match=r"application\.shares_nothing"):
            application.give_consent(session, me, enter(session, now), LinkMode.READ, now=now)

    def test_S061_anothers_consent_is_as_absent_as_none(self, session, me, other, now):
        wanted = enter(session, now, shared_data="Le poids.")
        application.give_consent(session, other, wanted, LinkMode.READ, now=now)
        with pytest.raises(NotFound):
            application.withdraw_consent(session, me, wanted, now=now)
        assert tile(session, other).mode is LinkMode.READ


FIELDS = {
    "name": "Souffle",
    "publisher": "Éditeur",
    "description": "Texte.",
    "url": "https://souffle.example",
    "audience": "patients",
}


class TestCatalogue:
    def test_is_kept_by_administrators(self, session, administrator, me, now):
        sheet = catalogue.read_sheet(FIELDS)
        catalogue.add_application(session, administrator, sheet, key=uuid4(), now=now)
        assert [row.sheet.name for row in catalogue.list_catalogue(session, administrator)] == [
            "Souffle"
        ]
        with pytest.raises(Forbidden):
            catalogue.list_catalogue(session, me)
        with pytest.raises(Forbidden):
            catalogue.add_application(session, me, sheet, key=uuid4(), now=now)

    def test_S143_the_same_form_enters_it_once(self, session, administrator, now):
        key, sheet = uuid4(), catalogue.read_sheet(FIELDS)
        first = catalogue.add_application(session, administrator, sheet, key=key, now=now)
        assert catalogue.add_application(session, administrator, sheet, key=key, now=now) == first

    def test_finds_every_fault_at_once(self):
        with pytest.raises(Invalid) as refused:
            catalogue.read_sheet({"url": "http://carnet.example", "audience": "tous"})
        assert refused.value.fields == {
            "name": "application.name_missing",
            "publisher": "application.publisher_missing",
            "description": "application.description_missing",
            "url": "application.url_format",
            "audience": "choice.unknown",
        }

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "https://", "https://liane@ailleurs.example", "//x.example"]
    )
    def test_S011_only_a_plain_https_address(self, url):
        with pytest.raises(Invalid) as refused:
            catalogue.read_sheet({**FIELDS, "url": url})
        assert refused.value.fields == {"url": "application.url_format"}

    def test_changing_what_is_shared_ends_the_consents(self, session, administrator, me, now):
        wanted = enter(session, now, shared_data="Le poids.")
        application.give_consent(session, me, wanted, LinkMode.READ, now=now)
        (row,) = catalogue.list_catalogue(session, administrator)
        assert row.consents == 1
        sheet = catalogue.read_sheet({**FIELDS, "audience": "all", "shared_data": "Tout."})
        catalogue.edit_application(
            session, administrator, wanted, sheet, version=row.version, now=now
        )
        assert tile(session, me).mode is None

    def test_somebody_else_changed_it_meanwhile(self, session, administrator, now):
        wanted, sheet = enter(session, now), catalogue.read_sheet(FIELDS)
        catalogue.edit_application(session, administrator, wanted, sheet, version=1, now=now)
        with pytest.raises(Conflict):
            catalogue.edit_application(session, administrator, wanted, sheet, version=1, now=now)

    def test_a_withdrawn_one_leaves_the_portals_and_its_consents(
        self, session, administrator, me, now
    ):
        wanted = enter(session, now, shared_data="Le poids.")
        application.give_consent(session, me, wanted, LinkMode.READ, now=now)
        catalogue.withdraw_application(session, administrator, wanted, now=now)
        assert application.read_portal(session, me).tiles == ()
        catalogue.restore_application(session, administrator, wanted, now=now)
        assert tile(session, me).mode is None
