"""The short list of common medicines that comes with Liane, until a release is imported.

Facts taken unchanged from the Base de données publique des médicaments (Licence Ouverte) of DATA_ON; one
line each: code CIS, name, form, « générique » or nothing, codes and names of the substances.
"""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from app.authz.actor import Actor
from app.integrations.bdpm import Edition, Speciality
from app.services.medicine_import import load_builtin

DATA_ON = date(2026, 1, 26)
_LIST = Path(__file__).with_suffix(".tsv")


def ensure_common_medicines(session: Session, actor: Actor, *, now: datetime) -> None:
    """Load the list when no release is there, or an older list is. An imported release stays."""
    load_builtin(session, actor, read_list(), now=now)


def read_list() -> Edition:
    """The list as an edition of the database."""
    edition = Edition(data_on=DATA_ON)
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        cis, name, form, generic, substances = line.split("\t")
        named = dict(one.split(" ", 1) for one in substances.split("; "))
        edition.substances |= named
        edition.specialities[cis] = Speciality(
            cis,
            name,
            form,
            is_marketed=True,
            is_secondary=False,
            is_generic=bool(generic),
            ingredients=tuple(named),
        )
    return edition
