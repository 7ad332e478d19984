"""What is measured on: one doctor, their patients, records with a hundred entries, medicines to look for.

Written as rows, in the shape the services leave: enrolling 5 000 patients through them takes minutes. The
columns that copy other rows (words, links, adherence of treatments) are computed here from the same facts,
and `check` has the services recompute those of one record and compare.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from app import migrations
from app.authz.actor import Actor, system
from app.crypto import new_token, token_digest
from app.db import Database, open_database, reading, unit_of_work
from app.models.account import Role
from app.models.adherence import AdherenceEntry, ScoreDirection
from app.models.care_link import CareLink
from app.models.consent import Consent, ConsentKind, ConsentMode
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.interaction import InteractionEntry, InteractionLevel
from app.models.medicine import Medicine
from app.models.patient import Patient, PatientToken, Sex, first_given_name
from app.models.professional import Profession
from app.models.session import SignInSession
from app.models.tolerance import PatientAppreciation, ToleranceDomain, ToleranceEntry
from app.models.treatment import Treatment, TreatmentAct, TreatmentEntry
from app.seeds import reference
from app.seeds.legal_text import accept_in_force
from app.services import reading_copy
from app.services.account import create_account, create_professional
from app.services.medicine_import import import_medicines
from app.services.notice import current_notice
from app.services.patient_words import sort_name_of, words_of
from app.services.text import fold
from app.settings import Settings
from tests.bdpm_files import RELEASE, component, speciality, write_release
from tests.factories import unique_rpps

PASSWORD = "Liane-mesure-2026!"
DOCTOR, COLLEAGUE = "medecin@demo.liane.example", "pharmacien@demo.liane.example"
ALL_MEDICINES = 15_799
FEW_ENTRIES, MANY_ENTRIES = 10, 100
_BATCH = 5_000
_FAMILY_NAMES = (
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy "
    "Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller "
    "Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin "
    "Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie "
    "Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier"
).split()
_GIVEN_NAMES = (
    "Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Nicole "
    "Suzanne Hélène Christine Denise Louise Jean Pierre Michel André Philippe René Alain Jacques Bernard "
    "Marcel Daniel Roger Paul Claude Henri Christian Nicolas Georges"
).split()
_TREATMENTS = (
    ("IBRANCE 125 mg, gélule", "palbociclib"),
    ("LETROZOLE BIOGARAN 2,5 mg, comprimé pelliculé", "létrozole"),
    ("XARELTO 20 mg, comprimé pelliculé", "rivaroxaban"),
)
_NOTES = (
    "",
    "Dit bien supporter le traitement depuis la dernière visite.",
    "Fatigue en fin de journée, dort peu. Revoir dans deux semaines.",
    "A oublié deux prises pendant un déplacement ; pilulier remis.",
)


@dataclass(frozen=True)
class Record:
    """A patient whose record is measured, and what one types to find them."""

    id: UUID
    treatment_id: UUID
    query: str


@dataclass
class Made:
    """What a base holds."""

    patients: int
    medicines: int
    entries: int = 0
    records: list[Record] = field(default_factory=list)
    medicine_queries: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)


def make(data_dir: Path, *, patients: int, medicines: int, records: int, sessions: int) -> Made:
    """Make a base in an empty folder. The first `records` patients have a hundred entries each."""
    database = open_database(Settings(data_dir=data_dir, mode="demo"))
    now = datetime.now(UTC)
    try:
        migrations.upgrade(database)
        with unit_of_work(database) as session:
            reference.ensure(session, system("bench"), now=now)
        made = Made(patients, _import(database, data_dir, medicines, now=now))
        with unit_of_work(database) as session:
            doctor = _professional(session, DOCTOR, "Claire", "Martin", Profession.DOCTOR, now)
            colleague = _professional(
                session, COLLEAGUE, "Karim", "Haddad", Profession.PHARMACIST, now
            )
            _Base(session, made, doctor, colleague, now).fill(records)
            made.cookies = [_sign_in(session, doctor, now) for _ in range(sessions)]
        with reading(database) as session:
            made.medicine_queries = _medicine_queries(session)
        _check(database, doctor, made.records[0].id, now)
    finally:
        database.engine.dispose()
    return made


class _Base:
    """One load: rows gathered by table, written in the order of their keys."""

    def __init__(
        self, session: Session, made: Made, doctor: Actor, colleague: Actor, now: datetime
    ) -> None:
        self.session, self.made, self.now = session, made, now
        self.doctor, self.colleague = doctor, colleague
        self.notice_id = current_notice(session, doctor).id
        self.random = random.Random(1)
        self.rows: dict[type[SQLModel], list[dict[str, Any]]] = {
            table: []
            for table in (
                Patient, CareLink, Consent, Treatment, Entry, TreatmentEntry, ToleranceEntry,
                InteractionEntry, AdherenceEntry, PatientToken,
            )
        }  # fmt: skip

    def fill(self, records: int) -> None:
        for number in range(self.made.patients):
            self._patient(is_record=number < records)
        # In the order of the key, as a table without row numbers is best written.
        self.rows[PatientToken].sort(key=lambda r: (r["professional_id"].hex, r["token"]))
        for table, rows in self.rows.items():
            for batch in _batches(rows):
                self.session.execute(insert(table), batch)
        self.made.entries = len(self.rows[Entry])

    def _add(self, row: SQLModel) -> None:
        self.rows[type(row)].append(row.model_dump())

    def _patient(self, *, is_record: bool) -> None:
        chosen = self.random
        given = chosen.choice(_GIVEN_NAMES)
        patient = Patient(
            birth_name=chosen.choice(_FAMILY_NAMES),
            used_name=chosen.choice(_FAMILY_NAMES) if chosen.random() < 0.4 else "",
            birth_given_names=given,
            birth_date=date(1930, 1, 1) + timedelta(days=chosen.randrange(25_000)),
            sex=chosen.choice((Sex.FEMALE, Sex.MALE)),
            phone="+33612345678",
            birth_place="Niort",
            match_name="",
            sort_name="",
            created_at=self.now - timedelta(days=400),
        )
        patient.match_name = fold(f"{patient.birth_name} {first_given_name(given)}")
        patient.sort_name = sort_name_of(patient)
        self._add(patient)
        treatments = [self._treatment(patient, *one) for one in _TREATMENTS]
        entries = MANY_ENTRIES if is_record else FEW_ENTRIES
        written = [self._enrolment(patient), *(self._added(patient, t) for t in treatments)]
        written += [self._entry(patient, treatments, n) for n in range(entries - len(written))]
        for treatment in treatments:
            self.rows[Treatment].append(treatment.model_dump())
        self._circle(patient, written)
        if is_record:
            born = f"{patient.birth_date:%d/%m/%Y}"
            query = f"{patient.birth_name} {born}"
            self.made.records.append(Record(patient.id, treatments[0].id, query))

    def _treatment(self, patient: Patient, label: str, substances: str) -> Treatment:
        return Treatment(
            patient_id=patient.id,
            label=label,
            substances=substances,
            posology="1 le matin",
            started_on=patient.created_at.date(),
            added_by_id=self.doctor.professional_id,
            added_at=patient.created_at,
        )

    def _enrolment(self, patient: Patient) -> Entry:
        return self._written(patient, EntryKind.ENROLMENT, patient.created_at)

    def _added(self, patient: Patient, treatment: Treatment) -> Entry:
        entry = self._written(
            patient, EntryKind.TREATMENT, patient.created_at, treatment_id=treatment.id
        )
        self._add(
            TreatmentEntry(
                entry_id=entry.id,
                act=TreatmentAct.ADDED,
                effective_on=treatment.started_on,
                detail=treatment.posology,
            )
        )
        return entry

    def _entry(self, patient: Patient, treatments: list[Treatment], number: int) -> Entry:
        chosen = self.random
        treatment = treatments[number % len(treatments)]
        kind = (EntryKind.TOLERANCE, EntryKind.ADHERENCE, EntryKind.INTERACTION)[number % 5 % 3]
        entry = self._written(
            patient,
            kind,
            self.now - timedelta(days=3.5 * number + 1),
            treatment_id=treatment.id,
            author=self.colleague if number % 3 == 2 else self.doctor,
            contact_mode=ContactMode.PHONE,
            note=chosen.choice(_NOTES),
        )
        if kind is EntryKind.TOLERANCE:
            self._add(
                ToleranceEntry(
                    entry_id=entry.id,
                    domain=chosen.choice(list(ToleranceDomain)),
                    patient_appreciation=chosen.choice(list(PatientAppreciation)),
                    grade=chosen.choice((0, 1, 1, 2)),
                )
            )
        elif kind is EntryKind.INTERACTION:
            self._add(
                InteractionEntry(
                    entry_id=entry.id,
                    substance="millepertuis",
                    level=chosen.choice(list(InteractionLevel)),
                )
            )
        else:
            self._adherence(entry, treatment)
        return entry

    def _adherence(self, entry: Entry, treatment: Treatment) -> None:
        """Entries are made latest first: the first of a treatment is what its columns copy."""
        yes_count = self.random.randrange(3)
        self._add(
            AdherenceEntry(
                entry_id=entry.id,
                score=yes_count,
                direction=ScoreDirection.YES_COUNT,
                yes_count=yes_count,
            )
        )
        if treatment.adherence_on is None:
            treatment.adherence_on, treatment.adherence_yes_count = entry.occurred_on, yes_count
        elif treatment.previous_yes_count is None:
            treatment.previous_yes_count = yes_count

    def _written(
        self,
        patient: Patient,
        kind: EntryKind,
        at: datetime,
        author: Actor | None = None,
        **values: Any,
    ) -> Entry:
        entry = Entry(
            patient_id=patient.id,
            kind=kind,
            author_id=(author or self.doctor).professional_id,
            occurred_on=at.date(),
            recorded_at=at,
            first_recorded_at=at,
            contact_on=at.date() if values.get("contact_mode") else None,
            **values,
        )
        self._add(entry)
        return entry

    def _circle(self, patient: Patient, written: list[Entry]) -> None:
        for member in (self.doctor, self.colleague):
            self._add(
                CareLink(
                    patient_id=patient.id,
                    professional_id=member.professional_id,
                    added_by_id=self.doctor.professional_id,
                    started_at=patient.created_at,
                    read_at=self.now,
                    sort_name=patient.sort_name,
                    last_entry_on=max(entry.occurred_on for entry in written),
                )
            )
            is_first = member is self.doctor
            self._add(
                Consent(
                    patient_id=patient.id,
                    kind=ConsentKind.ENROLMENT if is_first else ConsentKind.CIRCLE_ADDITION,
                    mode=ConsentMode.ORAL,
                    given_on=patient.created_at.date(),
                    collected_by_id=self.doctor.professional_id,
                    for_professional_id=member.professional_id,
                    notice_id=self.notice_id,
                    notice_handed_on=patient.created_at.date(),
                    recorded_at=patient.created_at,
                )
            )
            self.rows[PatientToken] += [
                {"professional_id": member.professional_id, "token": word, "patient_id": patient.id}
                for word in words_of(patient)
            ]


def _check(database: Database, doctor: Actor, patient_id: UUID, now: datetime) -> None:
    """What the services make of a record is what was written of it."""
    copied = select(
        col(CareLink.last_entry_on), col(CareLink.severe_on), col(CareLink.falling_on)
    ).where(col(CareLink.patient_id) == patient_id)
    with unit_of_work(database) as session:
        before = session.execute(copied).all()
        reading_copy.refresh_links(session, doctor, patient_id, now=now)
        assert session.execute(copied).all() == before, "the reading copies of the bench are wrong"


def _professional(
    session: Session, email: str, given: str, family: str, profession: Profession, now: datetime
) -> Actor:
    robot = system("bench")
    account = create_account(
        session,
        robot,
        email=email,
        password=PASSWORD,
        role=Role.PROFESSIONAL,
        given_name=given,
        family_name=family,
        now=now,
    )
    accept_in_force(session, robot, account, now=now)
    professional = create_professional(
        session,
        robot,
        account=account,
        rpps=unique_rpps(),
        profession=profession,
        place_name="Clinique des Tilleuls",
        place_city="Niort",
        now=now,
    )
    return Actor(
        account_id=account.id,
        session_id=uuid4(),
        role=account.role,
        professional_id=professional.id,
        profession=profession,
        name=f"{given} {family}",
        address="127.0.0.1",
    )


def _sign_in(session: Session, actor: Actor, now: datetime) -> str:
    """A Cookie header. As a row: the product lets one account keep ten sign-ins open, not fifty."""
    token = new_token()
    session.add(
        SignInSession(
            token_digest=token_digest(token),
            account_id=actor.account_id,
            created_at=now,
            last_act_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )
    session.flush()
    return f"__Host-liane={token}"


def _import(database: Database, data_dir: Path, medicines: int, *, now: datetime) -> int:
    folder = _release(data_dir.parent / f"medicines-{medicines}", medicines)
    return import_medicines(system("bench"), folder, now=now, database=database).medicines


def _release(folder: Path, medicines: int) -> Path:
    """The real files, thinned out evenly to `medicines`; made ones where there are none."""
    if not RELEASE.exists():
        return write_release(folder, **_made_up(medicines))
    if medicines >= ALL_MEDICINES:
        return RELEASE
    rows = (RELEASE / "CIS_bdpm.txt").read_text(encoding="utf-8").splitlines()
    kept = rows[:: max(1, len(rows) // medicines)][:medicines]
    codes = {row.split("\t")[0] for row in kept}
    components = (RELEASE / "CIS_COMPO_bdpm.txt").read_text(encoding="utf-8").splitlines()
    return write_release(
        folder,
        specialities=kept,
        components=[row for row in components if row.split("\t")[0] in codes],
    )


def _made_up(medicines: int) -> dict[str, list[str]]:
    chosen = random.Random(2)
    syllables = "ba ce di fo lu ma ne pri sto tra vi xo ze ral mab nib zole pam tine".split()
    names = ["".join(chosen.choices(syllables, k=3)).upper() for _ in range(medicines // 4 + 1)]
    specialities, components = [], []
    for number in range(medicines):
        cis, name = f"6{number:07d}", names[number // 4]
        dose = (50, 100, 250, 500)[number % 4]
        specialities.append(speciality(cis, f"{name} {dose} mg, comprimé pelliculé"))
        components.append(component(cis, f"{number // 8:05d}", f"{name[:6]}INE"))
    return {"specialities": specialities, "components": components}


def _medicine_queries(session: Session) -> list[str]:
    """Ways to type forty medicines: the name alone, its beginning, with the dose, the molecule."""
    found = session.execute(
        select(col(Medicine.name), col(Medicine.substances))
        .where(col(Medicine.substances) != "")
        .order_by(col(Medicine.cis))
    ).all()
    chosen = random.Random(3).sample(list(found), min(40, len(found)))
    ways = (
        lambda name, _: name.split()[0],
        lambda name, _: name[:4],
        lambda name, _: " ".join(name.split(",")[0].split()[:2]),
        lambda _, substances: substances.split()[0],
    )
    return [
        way(name, substances).lower()
        for (name, substances), way in zip(chosen, (ways[n % 4] for n in count()), strict=False)
    ]


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
