"""Words of the dashboard, of the patient's page and of the administrators' page."""

from datetime import UTC, date, datetime

import pytest

from app.i18n import dashboard, demonstration, installation, professional
from app.models.account import Role
from app.models.outbox import Channel
from app.services.installation import JournalState, MedicinesState
from tests import factories

N = "\u202f"


class TestDashboard:
    @pytest.mark.parametrize(
        ("note", "shown"),
        [
            ("Contrôle prévu.", "Contrôle prévu"),
            ("Deux\nlignes  et des espaces.", "Deux lignes et des espaces"),
            (f"Faut-il{N}? Oui", f"Faut-il{N}? Oui"),
            ("mot " * 30, ("mot " * 20).strip() + "…"),
            ("x" * 90, "x" * 80 + "…"),
            ("a" * 70 + " , " + "b" * 40, "a" * 70 + "…"),
            ("", ""),
        ],
    )
    def test_the_beginning_of_a_note_is_cut_between_words(self, note, shown):
        assert dashboard.extract(note) == shown

    @pytest.mark.parametrize(
        ("parts", "said"),
        [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
    )
    def test_people_are_listed_as_one_speaks(self, parts, said):
        assert dashboard.join(parts) == said

    def test_numbers_are_grouped(self):
        assert dashboard.shown(1, 25, 1250) == f"1 à 25 sur 1{N}250"
        assert dashboard.all_patients(5000) == f"Tous mes patients (5{N}000)"


@pytest.mark.parametrize(
    ("civility", "said"),
    [
        ("Dre", "par la Dre Martin"),
        ("Dr", "par le Dr Martin"),
        ("M.", "par M. Martin"),
        ("", "par Claire Martin"),
    ],
)
def test_who_did_it(session, civility, said):
    account = factories.make_account(
        session, civility=civility, given_name="Claire", family_name="Martin"
    )
    assert professional.by_label(account) == said


class TestInstallation:
    def test_every_role_and_channel_has_a_label(self):
        assert set(installation.ROLES) == set(Role)
        assert set(demonstration.CHANNELS) == set(Channel)

    def test_an_altered_journal_is_said_so(self):
        at = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
        said = dict(installation.journal(JournalState(1250, at, is_intact=False)))
        assert said["Lignes"] == f"1{N}250"
        assert said["Dernière vérification"] == f"10 mars 2026 à 10{N}h{N}00, journal altéré"

    def test_the_source_of_medicines_is_named_with_its_date(self):
        state = MedicinesState(
            source="Base de données publique des médicaments",
            data_on=date(2026, 1, 26),
            imported_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
            medicines=15_799,
            substances=1,
            rejected=2,
            is_builtin=False,
        )
        said = dict(installation.medicines(state))
        assert said["Données du"] == "26 janvier 2026"
        assert said["Contenu"] == f"15{N}799\u00a0spécialités, 1\u00a0substance"
        assert said["Lignes écartées"] == "2"
