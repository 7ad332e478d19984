"""Look-ups in the medicines database."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.medicine import Medicine, MedicineRelease


@dataclass(frozen=True)
class MedicineRow:
    """One speciality as the picker shows it. `substances`: DCI, comma separated."""

    cis: str
    name: str
    form: str
    substances: str
    is_marketed: bool


_ROW = tuple(
    col(field)
    for field in (
        Medicine.cis,
        Medicine.name,
        Medicine.form,
        Medicine.substances,
        Medicine.is_marketed,
    )
)


def find_medicine(session: Session, actor: Actor, cis: str) -> MedicineRow | None:
    """The speciality of a code CIS in the release in use, or None."""
    policies.require_professional(actor)
    row = session.execute(
        select(*_ROW)
        .join(MedicineRelease, col(MedicineRelease.id) == col(Medicine.release_id))
        .where(col(MedicineRelease.is_current), col(Medicine.cis) == cis)
    ).first()
    return MedicineRow(*row) if row else None
