"""The enrolment on the screen: three steps, questions, and what is kept of them (CX-10 to CX-17)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.models.consent import Consent, ConsentMode, InformationNotice
from app.models.draft import Draft
from app.models.patient import Patient
from app.models.treatment import Treatment
from app.services.draft import save_draft
from app.state.clock import utc_now
from app.state.enrolment import EnrolmentState
from app.state.medicine import MedicineState
from tests import factories

PAGE = "/patients/nouveau"
N = "\u202f"
INS = "255081416802538"

IDENTITY = {
    "birth_name": "Garnier",
    "birth_given_names": "Odile Anne",
    "birth_day": "12",
    "birth_month": "8",
    "birth_year": "1955",
    "sex": "female",
    "birth_place": "Niort",
    "proof": "passport",
    "phone": "06 12 34 56 78",
}
TREATMENT = {
    "label": "Létrozole 2,5 mg",
    "posology": "1 comprimé le matin",
    "started_on_day": "3",
    "started_on_month": "3",
    "started_on_year": "2026",
}


class Form:
    """The page of one professional: what its form holds, sent as the browser does."""

    def __init__(self, tab):
        self.tab = tab

    @property
    def page(self):
        return self.tab.of(EnrolmentState)

    async def open(self, address=PAGE):
        await self.tab.visit(address)
        await self.follow()

    async def follow(self):
        """Go where the page was sent, as the browser does."""
        while self.tab.redirects and self.tab.redirects[-1].startswith(PAGE):
            await self.tab.visit(self.tab.redirects.pop())

    async def press(self, way="next", **typed):
        """Press a button of the form, with these fields typed over what it holds."""
        held = {field.name: field.value for field in self.page.carried}
        shown = dict(self.page.fields)
        sent = {**held, **shown, **typed, "way": way, "key": self.page.form_key}
        await self.tab.send(EnrolmentState.submit, fields=sent)
        await self.follow()

    async def send(self, handler, **payload):
        await self.tab.send(handler, **payload)
        await self.follow()

    async def to_consent(self):
        """Through the first two steps."""
        await self.open()
        await self.press(**IDENTITY)
        await self.press(**TREATMENT)

    async def consent(self, **changes):
        values = {"consent_given": "on", "consent_mode": "oral", **self._today(), **changes}
        await self.press("consent")
        await self.send(EnrolmentState.collect_consent, fields=values)

    def _today(self):
        return {k: v for k, v in self.page.fields.items() if k.startswith("consent_")} | {
            "consent_given": "on",
            "consent_mode": "oral",
        }


@pytest.fixture
def open_form(open_tab, circle):
    """`open_form()`: the page of the doctor, or of somebody else, not yet opened."""
    return lambda who="doctor": Form(
        open_tab(getattr(circle, who) if isinstance(who, str) else who)
    )


@pytest.fixture
def count(saving):
    """How many rows a table has."""

    def rows(table) -> int:
        with saving() as session:
            return session.execute(select(func.count()).select_from(table)).scalar_one()

    return rows


class TestSteps:
    async def test_CX10_three_steps_create_a_patient(self, open_form, count, saving, circle):
        before = count(Patient)
        form = open_form()
        await form.to_consent()
        assert form.page.step == 3
        assert count(Patient) == before
        await form.consent()
        await form.press()
        assert count(Patient) == before + 1
        with saving() as session:
            made = session.execute(
                select(Patient).where(col(Patient.birth_name) == "Garnier")
            ).scalar_one()
            assert form.tab.redirects[-1] == f"/patients/{made.id}/synthese"
            labels = session.execute(
                select(col(Treatment.label)).where(col(Treatment.patient_id) == made.id)
            ).scalars()
            assert list(labels) == ["Létrozole 2,5 mg"]
            kept = session.get(Draft, (circle.doctor.account_id, "enrolment", ""))
            assert kept is None
        assert form.page.notice == "La fiche de GARNIER Odile est créée."
        await form.tab.visit(form.tab.redirects[-1])
        assert form.page.notice == "La fiche de GARNIER Odile est créée."
        await form.tab.visit("/patients")
        assert form.page.notice == ""

    async def test_S143_a_double_click_creates_one_patient(self, open_form, count, saving):
        form = open_form()
        await form.to_consent()
        await form.consent()
        before = count(Patient)
        sent = {**form.page.fields, "way": "next", "key": form.page.form_key}
        await form.tab.send(EnrolmentState.submit, fields=sent)
        await form.tab.send(EnrolmentState.submit, fields=sent)
        assert count(Patient) == before + 1
        first, second = form.tab.redirects[-2:]
        assert first == second
        assert count(Draft) == 0

    @pytest.mark.parametrize("address", [f"{PAGE}?etape=2", f"{PAGE}?etape=3", f"{PAGE}?etape=9"])
    async def test_no_step_is_skipped_by_its_address(self, open_form, address):
        form = open_form()
        await form.tab.visit(address)
        assert form.page.step == 1
        assert form.tab.redirects == [f"{PAGE}?etape=1"]

    async def test_the_form_is_drawn_once_when_its_address_is_completed(self, open_form):
        form = open_form()
        await form.tab.visit(PAGE)
        drawn = form.page.form_key
        await form.follow()
        assert (form.page.step, form.page.form_key) == (1, drawn)
        await form.open(f"{PAGE}?etape=1")
        assert form.page.form_key != drawn

    async def test_S149_a_page_loaded_anew_while_its_address_is_completed_reads_the_draft(
        self, open_form, saving, circle
    ):
        form = open_form()
        await form.tab.visit(PAGE)
        typed = {"birth_name": "Garnier"}
        with saving() as session:
            save_draft(session, circle.doctor, "enrolment", "", typed, now=utc_now())
        await form.tab.reload(form.tab.redirects[-1])
        assert form.page.fields["birth_name"] == "Garnier"

    async def test_no_step_is_skipped_by_an_event(self, open_form, count):
        form = open_form()
        await form.open()
        before = count(Patient)
        await form.press(step="2", **TREATMENT)
        assert form.page.step == 1
        await form.press(step="3", consent_given="on", consent_mode="oral")
        assert (form.page.step, count(Patient)) == (1, before)
        assert "birth_name" in form.page.field_errors

    async def test_going_back_loses_nothing(self, open_form):
        form = open_form()
        await form.open()
        await form.press(**IDENTITY)
        await form.press("back", posology="à jeun", label_search="létro")
        assert form.page.step == 1
        assert form.page.fields["birth_name"] == "Garnier"
        await form.press()
        assert (form.page.step, form.page.fields["posology"]) == (2, "à jeun")
        assert form.page.fields["label_search"] == "létro"

    async def test_CX16_a_technician_is_told_who_can(self, open_form, count):
        form = open_form("technician")
        await form.open()
        assert (form.page.may_enrol, form.page.step) == (False, 0)
        await form.tab.send(EnrolmentState.submit, fields={**IDENTITY, "way": "next"})
        assert form.page.error.startswith("Un préparateur en pharmacie ne peut pas inscrire")

    @pytest.mark.parametrize(("who", "home"), [("patient_actor", "/accueil"), (None, "/connexion")])
    async def test_is_for_professionals(self, open_tab, circle, who, home):
        tab = open_tab(getattr(circle, who) if who else None)
        await tab.visit(PAGE)
        assert [path.partition("?")[0] for path in tab.redirects] == [home]

    async def test_takes_no_field_it_does_not_know(self, open_form, saving, circle):
        form = open_form()
        await form.open()
        await form.press(**{**IDENTITY, "x" * 50: "y", "birth_place": "z" * 9_000})
        assert "x" * 50 not in form.page.fields
        assert len(form.page.fields["birth_place"]) == 4_000
        assert "birth_place" in form.page.field_errors


class TestIdentity:
    async def test_every_fault_is_told_in_the_order_of_the_form(self, open_form):
        form = open_form()
        await form.open()
        await form.press()
        assert list(form.page.field_errors) == [
            "birth_name",
            "birth_given_names",
            "birth",
            "birth_place",
            "sex",
            "phone",
        ]
        assert form.page.step == 1

    async def test_what_was_typed_is_kept_with_its_faults(self, open_form, saving, circle):
        form = open_form()
        await form.open()
        await form.press(birth_name="Garnier")
        with saving() as session:
            kept = session.get_one(Draft, (circle.doctor.account_id, "enrolment", ""))
            assert kept.fields["birth_name"] == "Garnier"

    async def test_an_unusual_age_is_confirmed_once(self, open_form):
        form = open_form()
        await form.open()
        old = {**IDENTITY, "birth_year": "1908"}
        await form.press(**old)
        assert (form.page.dialog, form.page.step) == ("doubt", 1)
        assert form.page.doubts[0].startswith("Un âge de 1")
        await form.send(EnrolmentState.close_dialog)
        assert (form.page.dialog, form.page.step) == ("", 1)
        await form.press()
        assert form.page.dialog == "doubt"
        await form.send(EnrolmentState.confirm_doubts)
        assert (form.page.dialog, form.page.step) == ("", 2)
        await form.press("back")
        await form.press()
        assert form.page.step == 2

    async def test_another_unusual_value_is_asked_about_again(self, open_form):
        form = open_form()
        await form.open()
        await form.press(**{**IDENTITY, "birth_year": "1908"})
        await form.send(EnrolmentState.confirm_doubts)
        await form.press("back")
        await form.press(birth_year="1907")
        assert (form.page.dialog, form.page.step) == ("doubt", 1)

    async def test_U09_a_likely_duplicate_of_the_circle_is_shown_first(
        self, open_form, circle, saving
    ):
        with saving() as session:
            known = session.get_one(Patient, circle.patient_id)
            likely = {
                **IDENTITY,
                "birth_name": known.birth_name,
                "birth_given_names": "Jeanne",
                "birth_day": "4",
                "birth_month": "6",
                "birth_year": "1958",
            }
        form = open_form()
        await form.open()
        await form.press(**likely)
        assert (form.page.dialog, form.page.step) == ("duplicate", 1)
        (row,) = form.page.duplicates
        assert row.href == f"/patients/{circle.patient_id}/synthese"
        assert row.reason == "Mêmes noms et même date de naissance"
        await form.send(EnrolmentState.deny_duplicates)
        assert form.page.step == 2
        await form.press(**TREATMENT)
        await form.consent()
        await form.press()
        assert form.tab.redirects[-1].endswith("/synthese")

    async def test_FE12_a_likeness_outside_the_circle_changes_nothing(
        self, open_form, circle, saving
    ):
        with saving() as session:
            known = session.get_one(Patient, circle.patient_id)
            likely = {**IDENTITY, "birth_name": known.birth_name, "birth_given_names": "Jeanne"}
            likely |= {"birth_day": "4", "birth_month": "6", "birth_year": "1958"}
            newcomer = factories.make_professional(session, utc_now())
        form = open_form(newcomer)
        await form.open()
        await form.press(**likely)
        assert (form.page.dialog, form.page.step) == ("", 2)
        assert str(circle.patient_id) not in str(form.tab.vars)

    async def test_a_matricule_of_the_circle_names_its_record(self, open_form, circle, saving):
        with saving() as session:
            session.get_one(Patient, circle.patient_id).ins = INS
        form = open_form()
        await form.open()
        await form.press(**IDENTITY, ins=INS)
        assert (form.page.dialog, form.page.step) == ("same", 1)
        assert form.page.same_href == f"/patients/{circle.patient_id}/synthese"

    @pytest.mark.parametrize("handler", ["confirm_doubts", "deny_duplicates"])
    async def test_nothing_is_confirmed_before_it_is_asked(self, open_form, handler):
        form = open_form()
        await form.open()
        await form.send(getattr(EnrolmentState, handler))
        assert (form.page.step, form.tab.redirects) == (1, [])


class TestTreatments:
    @pytest.fixture
    async def form(self, open_form):
        form = open_form()
        await form.open()
        await form.press(**IDENTITY)
        return form

    async def test_CX12_one_at_least(self, form):
        await form.press()
        assert form.page.step == 2
        assert form.page.field_errors == {"label": "Choisissez un médicament ou saisissez son nom"}

    async def test_one_after_the_other(self, form):
        await form.press("add", **TREATMENT)
        (first,) = form.page.treatments
        assert first.label == "Létrozole 2,5\u00a0mg"
        assert first.detail == "1\u00a0comprimé le matin · depuis le 3 mars 2026"
        assert form.page.told == "Létrozole 2,5\u00a0mg est ajouté."
        assert "label" not in form.page.fields
        await form.press("add", **{**TREATMENT, "label": "Palbociclib 125 mg"})
        assert [row.number for row in form.page.treatments] == [1, 2]
        await form.press("remove-1", label_search="imat")
        assert [(row.number, row.label) for row in form.page.treatments] == [
            (1, "Palbociclib 125\u00a0mg")
        ]
        assert form.page.told == "Létrozole 2,5\u00a0mg est retiré."

    async def test_what_was_picked_counts_before_the_page_shows_it(self, form):
        await form.send(MedicineState.search, typed="tisane")
        await form.send(MedicineState.keep_typed)
        await form.press("add", **{**TREATMENT, "label": "", "label_search": "tisane"})
        assert [row.label for row in form.page.treatments] == ["tisane"]

    async def test_faults_stay_beside_the_form_that_adds(self, form):
        await form.press("add", label="Létrozole 2,5 mg", started_on_day="31", started_on_month="2")
        assert list(form.page.field_errors) == ["started_on"]
        assert form.page.treatments == []
        assert form.page.fields["label"] == "Létrozole 2,5 mg"

    async def test_the_same_twice_is_told(self, form):
        await form.press("add", **TREATMENT)
        await form.press("add", **TREATMENT)
        assert form.page.field_errors == {
            "label": "Ce traitement est saisi deux fois. Gardez-en un"
        }
        assert len(form.page.treatments) == 1

    async def test_going_on_adds_what_is_typed(self, form):
        await form.press(**TREATMENT)
        assert (form.page.step, len(form.page.treatments)) == (3, 1)

    async def test_going_on_stops_at_what_is_half_typed(self, form):
        await form.press("add", **TREATMENT)
        await form.press(posology="le soir")
        assert form.page.step == 2
        assert set(form.page.field_errors) == {"label", "started_on"}

    async def test_a_row_that_no_longer_holds_says_so_in_its_place(self, form):
        await form.press("add", **{**TREATMENT, "started_on_year": "1956"})
        await form.press("back")
        await form.press(birth_year="1957")
        await form.press()
        assert form.page.step == 2
        assert list(form.page.field_errors) == ["treatment_1"]

    async def test_six_at_most(self, form):
        for number in range(6):
            await form.press("add", **{**TREATMENT, "label": f"Sirop {'abcdef'[number]}"})
        assert form.page.is_full
        assert len(form.page.treatments) == 6

    @pytest.mark.parametrize("way", ["remove-9", "remove-x", "remove-", "zzz-1"])
    async def test_takes_whatever_a_browser_sends(self, form, way):
        await form.press("add", **TREATMENT)
        await form.press(way)
        assert len(form.page.treatments) == 1


class TestConsent:
    async def test_CX15_nobody_is_created_without_it(self, open_form, count):
        form = open_form()
        await form.to_consent()
        before = count(Patient)
        await form.press()
        assert form.page.field_errors == {"consent_given": "Recueillez le consentement du patient"}
        assert count(Patient) == before

    async def test_CX16_closing_the_dialog_records_nothing(self, open_form, count):
        form = open_form()
        await form.to_consent()
        await form.press("consent")
        assert form.page.dialog == "consent"
        await form.send(EnrolmentState.close_dialog)
        assert (form.page.dialog, form.page.consent) == ("", "")
        assert form.page.step == 3

    async def test_its_faults_are_told_in_the_dialog(self, open_form):
        form = open_form()
        await form.to_consent()
        await form.press("consent")
        await form.send(EnrolmentState.collect_consent, fields={"consent_year": "2099"})
        assert form.page.dialog == "consent"
        assert set(form.page.field_errors) == {"consent_given", "consent_mode", "consent"}

    async def test_it_is_told_and_kept_until_the_end(self, open_form, saving):
        form = open_form()
        await form.to_consent()
        await form.consent(
            consent_mode="written", consent_day="9", consent_month="3", consent_year="2026"
        )
        assert form.page.consent == "Consentement écrit recueilli le 9 mars 2026"
        await form.open(f"{PAGE}?etape=3")
        assert form.page.consent == "Consentement écrit recueilli le 9 mars 2026"
        await form.press(notice_day="8", notice_month="3", notice_year="2026")
        with saving() as session:
            newest = session.execute(
                select(Consent).order_by(col(Consent.recorded_at).desc()).limit(1)
            ).scalar_one()
        assert (newest.mode, newest.given_on.day, newest.notice_handed_on.day) == (
            ConsentMode.WRITTEN,
            9,
            8,
        )

    async def test_CX14_a_notice_handed_after_it_is_told_on_the_page(self, open_form):
        form = open_form()
        await form.to_consent()
        await form.consent(consent_day="9", consent_month="3", consent_year="2026")
        await form.press(notice_day="10", notice_month="3", notice_year="2026")
        assert list(form.page.field_errors) == ["notice"]

    async def test_U25_a_new_notice_asks_for_a_new_consent(self, open_form, saving):
        form = open_form()
        await form.to_consent()
        await form.consent()
        with saving() as session:
            session.add(
                InformationNotice(
                    version="2",
                    title="Notice",
                    body="Autre.",
                    published_at=utc_now() + timedelta(seconds=1),
                )
            )
        await form.open(f"{PAGE}?etape=3")
        assert form.page.consent == ""
        assert form.page.information.version.startswith("Version 2")

    async def test_what_changed_since_is_asked_again_at_the_end(self, open_form, saving, circle):
        form = open_form()
        await form.to_consent()
        await form.consent()
        with saving() as session:
            factories.make_patient(
                session,
                circle.doctor,
                now=utc_now(),
                birth_name="Garnier",
                birth_given_names="Odile Anne",
                birth_date=date(1955, 8, 12),
            )
        await form.press()
        assert (form.page.dialog, form.page.step) == ("duplicate", 1)

    async def test_a_fault_of_an_earlier_step_leads_back_to_it(self, open_form):
        form = open_form()
        await form.to_consent()
        await form.consent()
        await form.press(birth_place="")
        assert form.page.step == 1
        assert list(form.page.field_errors) == ["birth_place"]


class TestLeaving:
    async def test_S149_one_resumes_at_the_step_reached(self, open_form, count):
        form = open_form()
        before = count(Patient)
        await form.open()
        await form.press(**IDENTITY)
        other = open_form()
        await other.open()
        assert other.page.step == 2
        assert other.page.resumed == (
            "Vous reprenez l’inscription de GARNIER Odile là où vous l’aviez laissée."
        )
        assert count(Patient) == before

    async def test_an_earlier_step_may_be_asked_for(self, open_form):
        form = open_form()
        await form.open()
        await form.press(**IDENTITY)
        await form.open(f"{PAGE}?etape=1")
        assert (form.page.step, form.page.fields["birth_name"]) == (1, "Garnier")

    async def test_a_draft_belongs_to_its_author(self, open_form):
        form = open_form()
        await form.open()
        await form.press(**IDENTITY)
        other = open_form("pharmacist")
        await other.open()
        assert (other.page.step, other.page.resumed) == (1, "")
        assert "birth_name" not in other.page.fields

    async def test_abandoning_forgets_everything_after_asking(self, open_form, count):
        form = open_form()
        await form.to_consent()
        await form.press("abandon")
        assert (form.page.dialog, count(Draft)) == ("abandon", 1)
        await form.send(EnrolmentState.abandon)
        assert form.tab.redirects[-1] == "/patients"
        assert (count(Draft), form.page.fields) == (0, {})
        assert form.page.notice == "L’inscription est abandonnée. Rien n’a été créé."

    async def test_without_a_notice_nothing_can_begin(self, open_tab, saving):
        with saving() as session:
            alone = factories.make_professional(session, utc_now())
        form = Form(open_tab(alone))
        await form.open()
        assert form.page.page_status == "failed"
        assert form.page.error.startswith("Aucune notice d’information n’est publiée")
