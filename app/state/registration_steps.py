"""The addresses of a registration: one for each step."""

from app.services.registration_identity import CIVILITIES
from app.services.registration_progress import SECRETARY_STEPS, STEPS, Step

__all__ = ["CIVILITIES", "END", "LINK", "PATHS", "SECRETARY_STEPS", "START", "STEPS", "Step"]

START = "/inscription"
LINK = "/inscription/lien"
END = "/inscription/terminee"
PATHS = {
    Step.IDENTITY: "/inscription/identite",
    Step.PLACES: "/inscription/lieux",
    Step.EMAIL: "/inscription/email",
    Step.PHONE: "/inscription/telephone",
    Step.PASSWORD: "/inscription/mot-de-passe",
    Step.TERMS: "/inscription/conditions",
    Step.CONTRACT: "/inscription/contrat",
    Step.REVIEW: "/inscription/suivi",
}
_STEPS = {path: step for step, path in PATHS.items()}


def step_at(path: str) -> Step | None:
    """The step of an address; None for the doors."""
    return _STEPS.get(path.rstrip("/"))


def number_of(step: Step, steps: tuple[Step, ...] = STEPS) -> int:
    """Steps count from 1."""
    return steps.index(step) + 1


def step_before(step: Step) -> str:
    """The address of the step before; of the doors, before the first."""
    index = STEPS.index(step)
    return PATHS[STEPS[index - 1]] if index else START
