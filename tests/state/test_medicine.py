"""The medicine picker: found as typed, chosen, kept as typed, searched again (CX-19)."""

import pytest

from app.authz.actor import system
from app.i18n.format import bound
from app.seeds.common_medicines import ensure_common_medicines
from app.state.clock import utc_now
from app.state.medicine import MedicineState
from app.state.treatment import TreatmentState


@pytest.fixture
async def tab(open_tab, circle, saving):
    """The treatments of the patient, with the short list of medicines."""
    with saving() as session:
        ensure_common_medicines(session, system("test"), now=utc_now())
    tab = open_tab(circle.doctor)
    await tab.visit(f"/patients/{circle.patient_id}/traitements")
    return tab


class TestPicker:
    async def test_finds_as_one_types(self, tab):
        await tab.send(MedicineState.search, typed="dolipr 1000")
        picker = tab.of(MedicineState)
        assert picker.found[0].name.startswith("DOLIPRANE 1000 mg")
        assert picker.found[0].detail == "paracétamol"
        assert picker.search_status.endswith("médicaments")
        assert picker.source.startswith("Source")

    async def test_choosing_closes_the_list(self, tab):
        await tab.send(MedicineState.search, typed="dolipr 1000")
        first = tab.of(MedicineState).found[0]
        await tab.send(MedicineState.pick, cis=first.cis, label=first.name)
        picker = tab.of(MedicineState)
        assert (picker.cis, picker.label, picker.found) == (first.cis, first.name, [])
        await tab.send(MedicineState.unpick)
        picker = tab.of(MedicineState)
        assert (picker.cis, picker.label, picker.typed) == ("", "", "dolipr 1000")

    async def test_a_form_sent_before_the_page_shows_the_choice_holds_it(self, tab):
        await tab.send(MedicineState.search, typed="dolipr 1000")
        first = tab.of(MedicineState).found[0]
        await tab.send(MedicineState.pick, cis=first.cis, label=first.name)
        sent = {"medicine_cis": "", "label_search": "dolipr 1000", "started_on_day": "1"}
        sent |= {"started_on_month": "3", "started_on_year": "2026", "is_followed": "on"}
        await tab.send(TreatmentState.submit, fields=sent)
        state = tab.of(TreatmentState)
        assert state.field_errors == {}
        assert bound(first.name) in [line.label for line in state.current]

    async def test_a_treatment_need_not_be_in_the_base(self, tab):
        await tab.send(MedicineState.search, typed="tisane de la voisine")
        await tab.send(MedicineState.keep_typed)
        picker = tab.of(MedicineState)
        assert (picker.cis, picker.label) == ("", "tisane de la voisine")

    async def test_a_search_leaves_the_faults_of_the_form(self, tab):
        await tab.send(TreatmentState.submit, fields={"key": ""})
        faults = dict(tab.of(TreatmentState).field_errors)
        assert faults
        await tab.send(MedicineState.search, typed="dolipr")
        assert tab.of(TreatmentState).field_errors == faults

    async def test_a_form_starts_with_what_it_held(self, tab, circle, saving):
        await tab.send(MedicineState.search, typed="dolipr 1000")
        first = tab.of(MedicineState).found[0]
        sent = {"label": first.name, "medicine_cis": first.cis, "started_on_day": "1"}
        sent |= {"started_on_month": "3", "started_on_year": "2026", "is_followed": "on"}
        await tab.send(TreatmentState.submit, fields=sent)
        assert bound(first.name) in [row.label for row in tab.of(TreatmentState).current]
        picker = tab.of(MedicineState)
        assert (picker.cis, picker.label, picker.typed) == ("", "", "")

    @pytest.mark.parametrize("typed", [None, 4, ["x"], "y" * 9_000])
    async def test_takes_whatever_a_browser_sends(self, tab, typed):
        await tab.send(MedicineState.search, typed=typed)
        await tab.send(MedicineState.pick, cis=typed, label=typed)
        picker = tab.of(MedicineState)
        assert (len(picker.cis) <= 8, len(picker.label) <= 250) == (True, True)
