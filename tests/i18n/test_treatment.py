"""What the chronology says of a treatment."""

from datetime import date
from types import SimpleNamespace

import pytest

from app.i18n.format import NARROW
from app.i18n.treatment import ACTS, event_label
from app.models.entry import EntryKind
from app.models.treatment import TreatmentAct
from app.services.entry_row import TreatmentEvent

STANDS_ON = date(2026, 1, 19)


def said(act, effective_on, detail=""):
    event = TreatmentEvent(act, effective_on, detail)
    row = SimpleNamespace(kind=EntryKind.TREATMENT, occurred_on=STANDS_ON, event=event)
    return event_label(row)


class TestEventLabel:
    @pytest.mark.parametrize(
        ("act", "effective_on", "detail", "sentence"),
        [
            (TreatmentAct.ADDED, STANDS_ON, "", "Ajouté"),
            (TreatmentAct.ADDED, STANDS_ON, "1 par jour", f"Ajouté{NARROW}: 1\u00a0par jour"),
            (TreatmentAct.ADDED, date(2019, 3, 1), "", "Ajouté, pris depuis le 1er mars 2019"),
            (TreatmentAct.ADDED, date(2026, 2, 1), "", "Ajouté, à partir du 1er février"),
            (
                TreatmentAct.ENDED,
                STANDS_ON,
                "bronchite guérie",
                f"Terminé le 19 janvier{NARROW}: bronchite guérie",
            ),
            (TreatmentAct.ENDED, date(2025, 12, 31), "", "Terminé le 31 décembre 2025"),
            (TreatmentAct.ENDED, date(2026, 1, 26), "", "Fin prévue le 26 janvier"),
            (TreatmentAct.CHANGED, STANDS_ON, "2 par jour", f"Modifié{NARROW}: 2\u00a0par jour"),
            (TreatmentAct.REMOVED, STANDS_ON, "", "Retiré, saisi par erreur"),
        ],
    )
    def test_says_what_happened_and_when(self, act, effective_on, detail, sentence):
        assert said(act, effective_on, detail) == sentence

    def test_every_act_has_its_words(self):
        assert set(ACTS) == set(TreatmentAct)
