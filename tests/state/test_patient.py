"""The record that is open: what its pages hold goes with it (S007)."""

import pytest

from app.state.dashboard import DashboardState
from app.state.patient_list import PatientListState
from app.state.synthesis import SynthesisState
from app.state.tolerance import ToleranceState
from app.state.treatment import TreatmentState
from tests import factories


@pytest.fixture
def other_id(circle, saving):
    with saving() as session:
        return factories.make_patient(session, circle.doctor)


@pytest.fixture
async def tab(open_tab, circle):
    """A tab that read the synthesis and the treatments of the patient."""
    tab = open_tab(circle.doctor)
    for section in ("synthese", "traitements"):
        await tab.visit(f"/patients/{circle.patient_id}/{section}")
    assert tab.of(SynthesisState).entries
    assert tab.of(TreatmentState).current
    return tab


@pytest.mark.parametrize("path", ["/patients", "/tableau-de-bord"])
async def test_S007_leaving_a_record_leaves_nothing_of_it(tab, path):
    await tab.visit(path)
    assert tab.of(PatientListState).page_status == tab.of(DashboardState).page_status == "ready"
    assert tab.of(SynthesisState).entries == []
    assert tab.of(TreatmentState).current == []
    assert tab.of(SynthesisState).banner.name == ""


async def test_S007_another_record_finds_nothing_of_the_one_before(tab, circle, other_id):
    await tab.visit(f"/patients/{other_id}/tolerance?domaine=pain")
    assert tab.of(ToleranceState).banner.id == str(other_id)
    assert tab.of(ToleranceState).filter_domain == "pain"
    assert tab.of(SynthesisState).entries == []
    assert tab.of(TreatmentState).current == []


async def test_S062_a_record_one_may_not_read_any_more_is_empty(tab, circle, open_tab):
    await tab.visit(f"/patients/{circle.patient_id}/synthese")
    assert tab.of(SynthesisState).entries
    tab.path = "/patients/00000000-0000-0000-0000-00000000000f/synthese"
    await tab.send(SynthesisState.load)
    shown = tab.of(SynthesisState)
    assert (shown.page_status, shown.entries, shown.banner.name) == ("not_found", [], "")
