"""Names in the mailbox: whom one reads at the first glance (FB-10)."""

from uuid import uuid4

import pytest

from app.i18n.conversation import listed_name
from app.models.patient import Sex
from app.services.mailbox import Party, PartyKind
from app.services.party import PartyCard


def card(kind: PartyKind, sex: Sex = Sex.UNKNOWN) -> PartyCard:
    return PartyCard(Party(kind, uuid4()), given_name="Jeanne", family_name="Besson", sex=sex)


@pytest.mark.parametrize(
    ("sex", "said"),
    [
        (Sex.FEMALE, "Jeanne Besson, patiente"),
        (Sex.MALE, "Jeanne Besson, patient"),
        (Sex.UNKNOWN, "Jeanne Besson, patient"),
    ],
)
def test_FB10_who_is_a_patient_is_said_beside_the_name(sex, said):
    assert listed_name(card(PartyKind.PATIENT, sex)) == said


def test_FB10_a_colleague_keeps_their_name_alone():
    assert listed_name(card(PartyKind.PROFESSIONAL)) == "Jeanne Besson"
