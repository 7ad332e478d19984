"""Every act on a record has its sentence: patients read French (S132)."""

import ast

from app.i18n.access_history import PAST
from app.models.entry import EntryKind
from app.models.record_access import AccessKind
from app.models.treatment import TreatmentAct
from app.services.record_settings import SWITCHES
from tests.architecture.sources import JOURNALING, called_name, modules

# These name the patient by themselves.
OF_A_PATIENT = JOURNALING - {"record", "record_refusal"}


def _acts_on_a_patient() -> set[str]:
    found = set()
    for _, tree in modules("app/services"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called_name(node) not in JOURNALING:
                continue
            named = {keyword.arg for keyword in node.keywords}
            if not named & {"patient_id", None} and called_name(node) not in OF_A_PATIENT:
                continue
            for given in node.args:
                both = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
                found |= {
                    part.value
                    for part in both
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and "." in part.value
                }
    return found


def test_S132_every_act_on_a_record_has_a_sentence():
    acts = _acts_on_a_patient()
    assert len(acts) > 40
    acts |= {f"record_settings.{name}_{state}" for name in SWITCHES for state in ("on", "off")}
    acts |= {f"{kind.value}.read" for kind in EntryKind}
    acts |= {f"record_access.{kind.value}" for kind in AccessKind}
    acts |= {f"treatment.{act.value}" for act in TreatmentAct}
    assert acts - set(PAST) == set()
