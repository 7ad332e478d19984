"""Delegations in words."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.i18n import delegation as words
from app.models.delegation import DelegationScope
from app.services.delegation import Holder
from app.services.delegation_grant import DelegationTense, GrantedDelegation


def granted(tense: DelegationTense, withdrawn_at: datetime | None = None) -> GrantedDelegation:
    return GrantedDelegation(
        UUID(int=1),
        "99700218896",
        "",
        DelegationScope.READ,
        date(2026, 1, 5),
        None,
        tense,
        withdrawn_at,
        None,
    )


@pytest.mark.parametrize(
    ("tense", "withdrawn_at", "expected"),
    [
        (DelegationTense.CURRENT, None, "En cours"),
        (DelegationTense.COMING, None, "À venir"),
        (DelegationTense.PAST, None, "Terminée"),
        (
            DelegationTense.PAST,
            datetime(2026, 3, 4, 23, 30, tzinfo=UTC),
            "Retirée le 5\u00a0mars 2026",
        ),
    ],
)
def test_where_it_stands(tense, withdrawn_at, expected):
    assert words.state(granted(tense, withdrawn_at)).replace("\u00a0", " ") == expected.replace(
        "\u00a0", " "
    )


def test_what_ended_says_whose():
    assert words.mode_ended(Holder("Dre", "Martin", "Claire")) == (
        "La délégation de la Dre Martin a pris fin."
    )
    assert words.mode_ended(None) == "La délégation a pris fin."


def test_a_number_says_what_it_is():
    assert words.number_label("99700218896").startswith("RPPS 99")
    assert words.number_label("2800012345") == "Carte 2800012345"


def test_a_delegation_without_an_end_ends_with_its_withdrawal():
    assert words.until_label(None) == ""
    assert words.period(date(2026, 1, 5), None).endswith("jusqu’à son retrait")


def test_every_scope_has_its_words():
    assert set(words.SCOPES) == set(words.SCOPE_HINTS) == set(DelegationScope)
