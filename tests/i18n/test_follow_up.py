"""Sentences and labels of the follow-up: every value has one, in French typography."""

from enum import StrEnum

import pytest

from app.i18n import adherence, dashboard, entry, interaction, messages, tolerance
from app.models.adherence import AdherenceClass, ScoreDirection
from app.models.entry import ContactMode, EntryKind
from app.models.interaction import InteractionLevel
from app.models.tolerance import MAX_GRADE, PatientAppreciation, ToleranceDomain
from app.services.attention import AttentionKind

N = "\u202f"


@pytest.mark.parametrize(
    ("enum", "labels"),
    [
        (EntryKind, entry.KINDS),
        (ContactMode, entry.CONTACT_MODES),
        (ToleranceDomain, tolerance.DOMAINS),
        (PatientAppreciation, tolerance.APPRECIATIONS),
        (InteractionLevel, interaction.LEVELS),
        (AdherenceClass, adherence.CLASSES),
        (AdherenceClass, adherence.SHORT_CLASSES),
        (ScoreDirection, adherence.DIRECTIONS),
        (AttentionKind, dashboard.COUNTERS),
        (AttentionKind, dashboard.SLUGS),
    ],
)
def test_every_value_has_a_label_of_its_own(enum: type[StrEnum], labels):
    assert set(labels) == set(enum)
    assert len(set(labels.values())) == len(labels)


def test_every_grade_has_a_label():
    assert list(tolerance.GRADES) == list(range(MAX_GRADE + 1))
    assert tolerance.GRADES[3] == "Grade 3, sévère"


def test_a_figure_never_goes_without_its_class():
    assert adherence.score(4) == f"4 oui sur 6{N}: mauvaise observance"
    assert adherence.score(1) == f"1 oui sur 6{N}: minime problème d’observance"
    assert adherence.fall(1, 4) == f"de 1 à 4 oui sur 6{N}: mauvaise observance"
    assert adherence.as_typed(2, ScoreDirection.NO_COUNT) == "2 non sur 6"


def test_result_of_tolerance():
    assert tolerance.result(ToleranceDomain.BLOOD, 3) == f"Hématologique{N}: grade 3, sévère"


def test_rows_of_the_dashboard():
    assert dashboard.unread(1) == "1\u00a0entrée de collègue à lire"
    assert dashboard.unread(2) == "2\u00a0entrées de collègues à lire"
    assert dashboard.show_all(1250) == f"Tout afficher (1{N}250)"


@pytest.mark.parametrize("feature", [adherence, entry, interaction, tolerance])
def test_sentences_keep_french_typography(feature):
    for code, text in feature.MESSAGES.items():
        assert messages.sentence(code) == text
        assert "'" not in text
        for sign in ";:!?»":
            assert f" {sign}" not in text
        assert "« " not in text
