"""« Contacts » on the screen: the circle, additions with a consent, departures (CX-20, CX-21)."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.errors import NotFound
from app.models.account import Account, AccountState
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind
from app.models.delegation import DelegationScope
from app.models.draft import Draft
from app.models.journal import JournalEntry
from app.services.care_circle import remove_professional
from app.services.message_recipient import refusal_to_write
from app.state.care_circle import CareCircleState
from app.state.clock import today, utc_now
from tests import factories

N = "\u202f"


@pytest.fixture
def address(circle):
    return f"/patients/{circle.patient_id}/contacts"


@pytest.fixture
async def tab(open_tab, circle, address):
    """The page of the doctor."""
    tab = open_tab(circle.doctor)
    await tab.visit(address)
    return tab


@pytest.fixture
def newcomer(saving):
    """A nurse outside the circle."""
    with saving() as session:
        return factories.make_professional(
            session,
            utc_now(),
            civility="Mme",
            given_name="Sophie",
            family_name="Lemaire",
            speciality="infirmière",
            place_name="Cabinet infirmier du Port",
            place_city="Niort",
        )


@pytest.fixture
async def adding(tab, newcomer):
    """The dialog of the consent, for the nurse."""
    await tab.send(CareCircleState.open_add)
    await tab.send(CareCircleState.search, typed="lemaire so")
    await tab.send(CareCircleState.choose, professional_id=str(newcomer.professional_id))
    return tab


def _consent(page, **changes):
    return {**page.fields, "consent_given": "on", "consent_mode": "oral", **changes} | {
        "key": page.form_key
    }


def _is_member(saving, patient_id, who) -> bool:
    with saving() as session:
        found = session.execute(
            select(func.count())
            .select_from(CareLink)
            .where(
                col(CareLink.patient_id) == patient_id,
                col(CareLink.professional_id) == who.professional_id,
                col(CareLink.ended_at).is_(None),
            )
        )
        return bool(found.scalar_one())


class TestLoad:
    async def test_the_circle_in_words(self, tab, circle):
        page = tab.of(CareCircleState)
        assert page.lead == "3\u00a0professionnels de santé dans le cercle"
        me = page.members[0]
        pharmacist = next(row for row in page.members if row.name == "Karim Haddad")
        assert (me.is_me, me.may_remove) == (True, True)
        assert me.since.endswith(", a inscrit la patiente")
        assert pharmacist.role == "Pharmacien"
        assert pharmacist.since.startswith("Membre depuis le ")
        assert pharmacist.since.endswith(", par Claire Martin")
        assert pharmacist.place == "Clinique des Tilleuls, Niort"
        assert (page.is_alone, page.may_add) == (False, True)

    async def test_the_consents_in_words(self, tab):
        page = tab.of(CareCircleState)
        enrolment = next(row for row in page.consents if row.title.startswith("Inscription"))
        assert enrolment.title == f"Inscription dans le suivi{N}: Claire Martin"
        assert enrolment.given.startswith("Oral, le ")
        assert enrolment.collected == "recueilli par Claire Martin"
        assert enrolment.notice.startswith("Notice version 1, remise le ")
        assert enrolment.notice_href.startswith("/notice/")

    async def test_a_patient_outside_the_circle_does_not_exist(self, open_tab, circle, address):
        tab = open_tab(circle.stranger)
        await tab.visit(address)
        page = tab.of(CareCircleState)
        assert (page.page_status, page.members, page.banner.name) == ("not_found", [], "")

    @pytest.mark.parametrize("wrong", ["x", "00000000-0000-4000-8000-000000000000"])
    async def test_an_unknown_address_says_the_same(self, open_tab, circle, wrong):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{wrong}/contacts")
        assert tab.of(CareCircleState).page_status == "not_found"

    async def test_reading_is_journaled(self, tab, circle, saving):
        with saving() as session:
            read = session.execute(
                select(col(JournalEntry.action)).where(
                    col(JournalEntry.patient_id) == circle.patient_id
                )
            ).scalars()
            assert {
                "patient.opened",
                "patient.sheet_read",
                "care_circle.listed",
                "consent.listed",
            } <= set(read)

    async def test_CX40_writing_is_offered_only_where_it_works(
        self, open_tab, circle, address, saving
    ):
        with saving() as session:
            secretary = factories.make_secretary(session, utc_now())
            reader = factories.act_for(
                session, circle.doctor, secretary, DelegationScope.READ, now=utc_now()
            )
            account = session.get_one(Account, circle.patient_actor.account_id)
            told = []
            for state in (AccountState.ACTIVE, AccountState.SUSPENDED):
                account.state = state
                session.flush()
                told.append(refusal_to_write(session, circle.doctor, circle.patient_id))
            with pytest.raises(NotFound):
                refusal_to_write(session, circle.stranger, circle.patient_id)
            told.append(refusal_to_write(session, reader, circle.patient_id))
        assert told == ["", "message.patient_without_space", "message.read_only"]
        tab = open_tab(circle.doctor)
        await tab.visit(address)
        page = tab.of(CareCircleState)
        assert page.unwritable.startswith("Ce patient n’a pas d’espace personnel ouvert")
        assert page.may_write

    async def test_a_member_who_did_not_add_may_leave_and_no_more(self, open_tab, circle, address):
        tab = open_tab(circle.pharmacist)
        await tab.visit(address)
        rows = {row.is_me: row.may_remove for row in tab.of(CareCircleState).members}
        assert rows == {True: True, False: False}


class TestSearch:
    async def test_finds_by_name_and_says_who_is_a_member(self, tab, newcomer):
        await tab.send(CareCircleState.open_add)
        assert tab.of(CareCircleState).dialog == "search"
        await tab.send(CareCircleState.search, typed="had")
        (row,) = tab.of(CareCircleState).found
        assert (row.name, row.is_member) == ("Karim Haddad", True)
        await tab.send(CareCircleState.search, typed="sophie lem")
        (row,) = tab.of(CareCircleState).found
        assert (row.name, row.role, row.is_member) == ("Mme Sophie Lemaire", "Infirmière", False)
        assert tab.of(CareCircleState).search_status == "1\u00a0professionnel correspond"

    async def test_says_when_nobody_is_found(self, tab):
        await tab.send(CareCircleState.search, typed="zzzz")
        page = tab.of(CareCircleState)
        assert page.found == []
        assert page.search_status.startswith("Aucun professionnel inscrit ne correspond")

    async def test_finds_nobody_for_a_stranger(self, open_tab, circle, address):
        tab = open_tab(circle.stranger)
        await tab.visit(address)
        await tab.send(CareCircleState.search, typed="had")
        assert tab.of(CareCircleState).found == []

    @pytest.mark.parametrize("typed", [None, 3, ["a"], "é" * 4_000])
    async def test_takes_whatever_a_browser_sends(self, tab, typed):
        await tab.send(CareCircleState.search, typed=typed)
        assert tab.of(CareCircleState).found == []

    async def test_only_what_was_found_is_chosen(self, tab, newcomer, circle):
        await tab.send(CareCircleState.choose, professional_id=str(newcomer.professional_id))
        assert tab.of(CareCircleState).dialog == ""
        await tab.send(CareCircleState.search, typed="had")
        await tab.send(
            CareCircleState.choose, professional_id=str(circle.pharmacist.professional_id)
        )
        assert tab.of(CareCircleState).dialog == ""


class TestAdd:
    async def test_CX21_adds_with_a_consent_of_its_own(self, adding, newcomer, circle, saving):
        page = adding.of(CareCircleState)
        assert page.dialog == "consent"
        assert page.dialog_title == "Consentement du patient pour l’ajout de Mme Lemaire"
        await adding.send(CareCircleState.submit_add, fields=_consent(page))
        page = adding.of(CareCircleState)
        assert page.dialog == ""
        assert page.notice == "Mme Sophie Lemaire fait maintenant partie du cercle."
        assert "Mme Sophie Lemaire" in [row.name for row in page.members]
        assert page.banner.contacts == 4
        with saving() as session:
            newest = session.execute(
                select(Consent).order_by(col(Consent.recorded_at).desc()).limit(1)
            ).scalar_one()
        assert newest.kind is ConsentKind.CIRCLE_ADDITION
        assert newest.for_professional_id == newcomer.professional_id
        assert newest.given_on == today()

    async def test_CX21_nobody_is_added_without_it(self, adding, newcomer, circle, saving):
        page = adding.of(CareCircleState)
        await adding.send(
            CareCircleState.submit_add,
            fields={"key": page.form_key, "professional_id": str(newcomer.professional_id)},
        )
        page = adding.of(CareCircleState)
        assert page.dialog == "consent"
        assert set(page.field_errors) == {"consent_given", "consent_mode"}
        assert not _is_member(saving, circle.patient_id, newcomer)

    async def test_closing_with_the_cross_adds_nobody(self, adding, newcomer, circle, saving):
        await adding.send(CareCircleState.close_dialog)
        assert adding.of(CareCircleState).dialog == ""
        assert not _is_member(saving, circle.patient_id, newcomer)

    async def test_S143_a_double_click_adds_once(self, adding, saving):
        page = adding.of(CareCircleState)
        fields = _consent(page)
        await adding.send(CareCircleState.submit_add, fields=fields)
        await adding.send(CareCircleState.submit_add, fields=fields)
        page = adding.of(CareCircleState)
        assert (page.error, len(page.members), len(page.consents)) == ("", 4, 4)

    async def test_the_notice_comes_before_the_consent(self, adding):
        page = adding.of(CareCircleState)
        fields = _consent(page, consent_day="1", consent_month="3", consent_year="2026")
        await adding.send(CareCircleState.submit_add, fields=fields)
        assert list(adding.of(CareCircleState).field_errors) == ["notice"]

    async def test_what_was_typed_for_somebody_is_found_again(
        self, adding, address, circle, newcomer, saving
    ):
        page = adding.of(CareCircleState)
        with saving() as session:
            session.add(
                Draft(
                    account_id=circle.doctor.account_id,
                    form="care-circle",
                    scope=str(circle.patient_id),
                    fields={**page.fields, "consent_mode": "written"},
                    updated_at=utc_now(),
                )
            )
        await adding.visit(address)
        await adding.send(CareCircleState.search, typed="lemaire")
        await adding.send(CareCircleState.choose, professional_id=str(newcomer.professional_id))
        assert adding.of(CareCircleState).fields["consent_mode"] == "written"


class TestRemove:
    async def test_asks_then_removes(self, tab, circle, saving):
        who = str(circle.pharmacist.professional_id)
        await tab.send(CareCircleState.open_remove, professional_id=who)
        page = tab.of(CareCircleState)
        assert page.dialog == "remove"
        assert page.dialog_title == f"Retirer Karim Haddad du cercle{N}?"
        await tab.send(CareCircleState.confirm_remove)
        page = tab.of(CareCircleState)
        assert (page.dialog, len(page.members)) == ("", 2)
        assert page.notice == "Karim Haddad ne fait plus partie du cercle."
        assert not _is_member(saving, circle.patient_id, circle.pharmacist)

    async def test_whoever_leaves_goes_back_to_the_list(self, open_tab, circle, address, saving):
        tab = open_tab(circle.pharmacist)
        await tab.visit(address)
        me = str(circle.pharmacist.professional_id)
        await tab.send(CareCircleState.open_remove, professional_id=me)
        assert tab.of(CareCircleState).dialog == "leave"
        await tab.send(CareCircleState.confirm_remove)
        assert tab.redirects == ["/patients"]
        assert tab.of(CareCircleState).notice.startswith("Vous ne faites plus partie du cercle de")
        assert not _is_member(saving, circle.patient_id, circle.pharmacist)

    async def test_somebody_added_by_another_is_not_theirs_to_remove(
        self, open_tab, circle, address, saving
    ):
        tab = open_tab(circle.pharmacist)
        await tab.visit(address)
        doctor = str(circle.doctor.professional_id)
        await tab.send(CareCircleState.open_remove, professional_id=doctor)
        assert tab.of(CareCircleState).dialog == ""
        await tab.send(CareCircleState.confirm_remove)
        assert _is_member(saving, circle.patient_id, circle.doctor)

    async def test_a_record_one_no_longer_follows_empties_at_once(
        self, open_tab, circle, address, saving
    ):
        tab = open_tab(circle.pharmacist)
        await tab.visit(address)
        with saving() as session:
            remove_professional(
                session,
                circle.doctor,
                circle.patient_id,
                circle.pharmacist.professional_id,
                now=utc_now(),
            )
        await tab.send(CareCircleState.refresh)
        page = tab.of(CareCircleState)
        assert (page.page_status, page.banner.name, page.section) == ("not_found", "", "")

    async def test_the_last_one_is_told_why_they_stay(self, open_tab, circle, saving):
        with saving() as session:
            patient_id = factories.make_patient(session, circle.doctor, now=utc_now())
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{patient_id}/contacts")
        page = tab.of(CareCircleState)
        assert (page.is_alone, page.members[0].may_remove) == (True, False)


class TestRefresh:
    async def test_an_open_dialog_stays(self, adding, circle, saving):
        await adding.send(CareCircleState.refresh)
        page = adding.of(CareCircleState)
        assert (page.dialog, page.page_status) == ("consent", "ready")
        assert page.fields["consent_day"] == str(today().day)
