"""Attaching a doctor to a SAMU regulation centre takes two administrators (U-24, S067)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from app.models.professional import Profession
from app.services.regulator import (
    confirm_regulator,
    end_regulator,
    is_regulator,
    list_regulators,
    propose_regulator,
)
from tests import factories

CENTRE = "SAMU 79, Niort"


@pytest.fixture
def administrators(session, now):
    """Two of them, who just gave a factor."""
    return [replace(factories.make_administrator(session, now), factor_at=now) for _ in range(2)]


def test_S067_it_takes_two_people(session, stranger, administrators, now):
    one, other = administrators
    doctor_id = stranger.account_id
    propose_regulator(session, one, doctor_id, reason=CENTRE, now=now)
    [waiting] = list_regulators(session, other)
    assert (waiting.account_id, waiting.centre, waiting.is_own) == (doctor_id, CENTRE, False)
    assert not is_regulator(session, stranger)
    with pytest.raises(RuleViolation) as refused:
        confirm_regulator(session, one, doctor_id, now=now)
    assert refused.value.code == "regulator.same_person"
    confirm_regulator(session, other, doctor_id, now=now)
    assert is_regulator(session, stranger)
    assert list_regulators(session, one) == ()
    assert list_regulators(session, one, account_id=doctor_id)[0].confirmed_at == now
    end_regulator(session, one, doctor_id, now=now)
    assert not is_regulator(session, stranger)
    for again in (confirm_regulator, end_regulator):
        with pytest.raises(Conflict):
            again(session, other, doctor_id, now=now)


def test_only_a_doctor_and_a_named_centre(session, pharmacist, stranger, administrators, now):
    one, other = administrators
    with pytest.raises(RuleViolation):
        propose_regulator(session, one, pharmacist.account_id, reason=CENTRE, now=now)
    with pytest.raises(NotFound):
        propose_regulator(session, one, other.account_id, reason=CENTRE, now=now)
    with pytest.raises(Invalid) as refused:
        propose_regulator(session, one, stranger.account_id, reason=" ", now=now)
    assert refused.value.fields == {"reason": "regulator.centre_missing"}
    propose_regulator(session, one, stranger.account_id, reason=CENTRE, now=now)
    with pytest.raises(Conflict):
        propose_regulator(session, other, stranger.account_id, reason=CENTRE, now=now)


def test_only_an_administrator_with_a_fresh_factor(session, stranger, administrators, now):
    stale = replace(administrators[0], factor_at=now - timedelta(minutes=6))
    with pytest.raises(Forbidden):
        propose_regulator(session, stale, stranger.account_id, reason=CENTRE, now=now)
    colleague = factories.make_professional(session, now, profession=Profession.DOCTOR)
    with pytest.raises(Forbidden):
        propose_regulator(
            session, replace(colleague, factor_at=now), stranger.account_id, reason=CENTRE, now=now
        )
    with pytest.raises(Forbidden):
        list_regulators(session, colleague)
