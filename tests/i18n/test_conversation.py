"""Names in the mailbox: whom one reads at the first glance (FB-10)."""

from datetime import date
from uuid import uuid4

import pytest

from app.i18n.conversation import listed_name
from app.i18n.message_composer import party_label, place
from app.models.patient import Sex
from app.services.mailbox import Party, PartyKind
from app.services.party import PartyCard
from app.services.patient_label import PatientLabel

BORN_ON = date(1958, 6, 4)


def card(kind: PartyKind, sex: Sex = Sex.UNKNOWN) -> PartyCard:
    label = PatientLabel(uuid4(), "LEFÈVRE", "Besson", "Jeanne", BORN_ON, sex)
    return PartyCard(
        Party(kind, uuid4()),
        given_name="Jeanne",
        family_name="Besson",
        patient=label if kind is PartyKind.PATIENT else None,
    )


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


def test_FB10_a_patient_chosen_as_recipient_is_told_from_a_namesake():
    chosen = card(PartyKind.PATIENT, Sex.FEMALE)
    assert party_label(chosen) == "Jeanne Besson, née le 4 juin 1958"
    assert place(chosen) == "Patiente · LEFÈVRE Jeanne"
