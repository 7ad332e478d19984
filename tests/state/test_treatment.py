"""The treatment list in words (CX-19, U-18)."""

import pytest

from app.state.treatment import TreatmentState
from tests import factories


@pytest.fixture
def patient_id(circle, saving):
    """A patient of « Dre Claire Martin », with one treatment she added."""
    with saving() as session:
        doctor = factories.make_professional(
            session, civility="Dre", given_name="Claire", family_name="Martin"
        )
        patient_id = factories.make_patient(
            session, doctor, members=[circle.doctor], with_treatment=False
        )
        factories.make_treatment(
            session,
            doctor,
            patient_id,
            label="Palbociclib 125 mg",
            posology="1 gélule par jour",
        )
    return patient_id


async def test_a_treatment_in_words(open_tab, circle, patient_id):
    tab = open_tab(circle.doctor)
    await tab.visit(f"/patients/{patient_id}/traitements")
    (line,) = tab.of(TreatmentState).current
    assert (line.label, line.posology) == (
        "Palbociclib 125\u00a0mg",
        "1\u00a0gélule par jour",
    )
    assert line.added.startswith("Ajouté le ")
    assert line.added.endswith(" par la Dre Martin")
    assert line.entry_count == "0\u00a0entrée"
