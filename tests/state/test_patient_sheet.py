"""The patient's sheet on the screen: its words, its editing, and two people who edit it at once."""

import json
from datetime import date

import pytest
from sqlmodel import select

from app.models.draft import Draft
from app.models.patient import Patient
from app.state.clock import utc_now
from app.state.patient_sheet import PatientSheetState


@pytest.fixture
def known(circle, saving):
    """The patient of the circle, with a whole sheet."""
    with saving() as session:
        patient = session.get_one(Patient, circle.patient_id)
        patient.birth_name, patient.birth_place = "Lefèvre", "Parthenay"
        patient.address = "12 rue du Vieux-Pont\n79000 Niort"
    return circle


@pytest.fixture
def address(known):
    return f"/patients/{known.patient_id}/contacts"


@pytest.fixture
async def tab(open_tab, known, address):
    """The form of the doctor."""
    tab = open_tab(known.doctor)
    await tab.visit(f"{address}?modifier=1")
    return tab


def _sent(page, **changes):
    return {**page.fields, "version": page.version, "base": page.base, **changes}


def _stored(saving, known) -> Patient:
    with saving() as session:
        patient = session.get_one(Patient, known.patient_id)
        session.expunge(patient)
        return patient


class TestLoad:
    async def test_the_sheet_in_words(self, open_tab, known, address):
        tab = open_tab(known.doctor)
        await tab.visit(address)
        page = tab.of(PatientSheetState)
        identity = {row.label: row.value for row in page.identity}
        assert identity["Nom de naissance"] == "LEFÈVRE"
        assert identity["Date de naissance"].startswith("4 juin 1958 (")
        assert identity["Statut"] == "Identité provisoire"
        contact = {row.label: row.value for row in page.contact}
        assert contact["Téléphone"] == "06 12 34 56 78"
        assert not page.is_editing

    async def test_the_form_holds_what_is_stored(self, tab):
        page = tab.of(PatientSheetState)
        assert page.is_editing
        assert (page.fields["birth_name"], page.fields["birth_year"]) == ("Lefèvre", "1958")
        assert page.fields["phone"] == "06 12 34 56 78"

    async def test_nobody_else_sees_it(self, open_tab, known, address):
        tab = open_tab(known.stranger)
        await tab.visit(f"{address}?modifier=1")
        assert "Parthenay" not in str(tab.vars)
        assert tab.of(PatientSheetState).page_status == "not_found"


class TestSubmit:
    async def test_saves_and_goes_back_to_the_page(self, tab, known, address, saving):
        page = tab.of(PatientSheetState)
        await tab.send(PatientSheetState.submit, fields=_sent(page, used_name="Besson"))
        assert tab.redirects == [address]
        assert tab.of(PatientSheetState).notice == "La fiche est enregistrée."
        assert _stored(saving, known).used_name == "Besson"

    async def test_tells_faults_in_the_order_of_the_form(self, tab, known, saving):
        page = tab.of(PatientSheetState)
        await tab.send(
            PatientSheetState.submit,
            fields=_sent(page, birth_name="", ins="1", phone="", email="x", birth_month="13"),
        )
        page = tab.of(PatientSheetState)
        assert list(page.field_errors) == ["birth_name", "birth", "ins", "email"]
        assert (tab.redirects, page.fields["email"]) == ([], "x")
        assert _stored(saving, known).birth_name == "Lefèvre"

    async def test_asks_about_an_unusual_value(self, tab, known, saving):
        page = tab.of(PatientSheetState)
        await tab.send(PatientSheetState.submit, fields=_sent(page, birth_year="1908"))
        page = tab.of(PatientSheetState)
        assert page.doubts[0].startswith("Un âge de 1")
        assert _stored(saving, known).birth_date == date(1958, 6, 4)
        await tab.send(PatientSheetState.close_dialog)
        assert tab.of(PatientSheetState).doubts == []
        await tab.send(PatientSheetState.confirm_doubts)
        assert _stored(saving, known).birth_date == date(1958, 6, 4)
        await tab.send(PatientSheetState.submit, fields=_sent(page, birth_year="1908"))
        await tab.send(PatientSheetState.confirm_doubts)
        assert _stored(saving, known).birth_date == date(1908, 6, 4)

    async def test_a_stranger_changes_nothing(self, open_tab, tab, known, address, saving):
        other = open_tab(known.stranger)
        await other.visit(f"{address}?modifier=1")
        page = tab.of(PatientSheetState)
        await other.send(PatientSheetState.submit, fields=_sent(page, birth_place="Nulle part"))
        assert _stored(saving, known).birth_place == "Parthenay"

    @pytest.mark.parametrize("version", ["", "x", "99", "-1"])
    async def test_a_version_nobody_read_is_refused(self, tab, known, saving, version):
        page = tab.of(PatientSheetState)
        sent = _sent(page, birth_place="Niort", version=version)
        await tab.send(PatientSheetState.submit, fields=sent)
        assert tab.of(PatientSheetState).error.startswith("Quelqu’un a modifié cette fiche")
        assert _stored(saving, known).birth_place == "Parthenay"


class TestTwoAtOnce:
    @pytest.fixture
    async def late(self, tab, open_tab, known, address, saving):
        """The doctor's form, while the pharmacist saved another address; their draft was kept."""
        page = tab.of(PatientSheetState)
        typed = _sent(page, phone="06 99 99 99 99")
        other = open_tab(known.pharmacist)
        await other.visit(f"{address}?modifier=1")
        await other.send(
            PatientSheetState.submit,
            fields=_sent(other.of(PatientSheetState), address="1 rue du Marché"),
        )
        with saving() as session:
            session.add(
                Draft(
                    account_id=known.doctor.account_id,
                    form="patient-sheet",
                    scope=str(known.patient_id),
                    fields=typed,
                    updated_at=utc_now(),
                )
            )
        await tab.send(PatientSheetState.submit, fields=typed)
        return tab

    async def test_the_second_one_is_told_and_overwrites_nothing(self, late, known, saving):
        assert late.of(PatientSheetState).error.startswith("Quelqu’un a modifié cette fiche")
        assert _stored(saving, known).phone == "+33612345678"

    async def test_reloading_keeps_what_was_typed_over_what_was_saved(
        self, late, known, address, saving
    ):
        await late.visit(f"{address}?modifier=1")
        page = late.of(PatientSheetState)
        assert page.is_stale
        assert page.fields["phone"] == "06 99 99 99 99"
        assert page.fields["address"] == "1 rue du Marché"
        assert [(row.label, row.value) for row in page.changed_since] == [
            ("Téléphone", "06 12 34 56 78")
        ]
        await late.send(PatientSheetState.submit, fields=_sent(page))
        stored = _stored(saving, known)
        assert (stored.phone, stored.address) == ("+33699999999", "1 rue du Marché")
        with saving() as session:
            assert session.exec(select(Draft)).all() == []

    async def test_a_base_that_cannot_be_read_loses_nothing_typed(
        self, tab, known, address, saving
    ):
        page = tab.of(PatientSheetState)
        typed = _sent(page, phone="06 99 99 99 99", base="{", version="0")
        with saving() as session:
            session.add(
                Draft(
                    account_id=known.doctor.account_id,
                    form="patient-sheet",
                    scope=str(known.patient_id),
                    fields=typed,
                    updated_at=utc_now(),
                )
            )
        await tab.visit(f"{address}?modifier=1")
        page = tab.of(PatientSheetState)
        assert page.fields["phone"] == "06 99 99 99 99"
        assert json.loads(page.base)["phone"] == "06 12 34 56 78"

    async def test_giving_up_forgets_the_draft(self, late, address, saving):
        await late.send(PatientSheetState.cancel)
        assert late.redirects == [address]
        with saving() as session:
            assert session.exec(select(Draft)).all() == []


class TestLocked:
    async def test_FE10_a_qualified_identity_stays(self, open_tab, known, address, saving):
        with saving() as session:
            patient = session.get_one(Patient, known.patient_id)
            patient.ins, patient.ins_retrieved_at = "258067919123418", utc_now()
            patient.proof = "passport"
        tab = open_tab(known.doctor)
        await tab.visit(f"{address}?modifier=1")
        page = tab.of(PatientSheetState)
        assert page.is_locked
        await tab.send(PatientSheetState.submit, fields=_sent(page, birth_place="Niort"))
        assert tab.of(PatientSheetState).error.startswith("L’identité de ce patient est qualifiée")
        mended = _sent(page, used_name="Besson", birth_place="Parthenay")
        await tab.send(PatientSheetState.submit, fields=mended)
        assert _stored(saving, known).used_name == "Besson"
