"""« Autorisation d’accès » on the screen: the dialog, the bar of an emergency, what its end does to pages."""

from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app.i18n import record_access as words
from app.models.record_access import AccessKind, RecordAccess, RecordSettings
from app.models.session import SignInSession
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.live import Tabs
from app.state.patient_search import PatientSearchState
from app.state.record_access import AuthorisationState
from tests import factories

IDENTITY = "/dossiers?acces=identite"
CRITERIA = {"family_name": "Zébulon", "given_name": "Agathe", "sex": "female"}
REASON = "Patiente inconsciente, amenée par les pompiers."


@pytest.fixture
def agathe(circle, saving):
    """Somebody whom a stranger to the circle follows."""
    with saving() as session:
        return factories.make_patient(
            session,
            circle.stranger,
            now=utc_now(),
            birth_name="Zébulon",
            birth_given_names="Agathe",
            with_treatment=False,
        )


@pytest.fixture
async def asking(open_tab, circle, agathe):
    """The doctor, who has just signed in, before the dialog of the record they found."""
    tab = open_tab(circle.doctor)
    await tab.visit(IDENTITY)
    await tab.send(PatientSearchState.search_identity, fields=CRITERIA)
    await tab.send(AuthorisationState.choose, patient_id=str(agathe))
    return tab


def _is_asking(tab):
    return tab.of(PatientSearchState).asked != ""


async def _submit(tab, **fields):
    key = tab.of(AuthorisationState).form_key
    await tab.send(AuthorisationState.submit, fields={"key": key, **fields})


async def _open_urgently(tab):
    await _submit(tab, way=AccessKind.EMERGENCY.value, reason=REASON)


class TestDialog:
    async def test_DM38_names_the_patient_just_found(self, asking):
        shown = asking.of(AuthorisationState)
        assert _is_asking(asking)
        assert shown.sentence.endswith("au DMP de Mme ZÉBULON Agathe.")
        assert not shown.may_regulate

    async def test_knows_nobody_who_was_not_found(self, open_tab, circle, agathe):
        tab = open_tab(circle.doctor)
        await tab.visit(IDENTITY)
        await tab.send(AuthorisationState.choose, patient_id=str(agathe))
        await _submit(tab, way=AccessKind.DECLARED.value, consent_mode="oral")
        assert not _is_asking(tab)
        assert tab.redirects == []

    async def test_DM41_no_access_without_a_choice(self, asking):
        await _submit(asking)
        assert set(asking.of(AuthorisationState).field_errors) == {"way"}
        await _submit(asking, way=AccessKind.DECLARED.value)
        assert set(asking.of(AuthorisationState).field_errors) == {"consent_mode"}
        assert asking.redirects == []
        await asking.send(AuthorisationState.close_dialog)
        assert not _is_asking(asking)

    async def test_goes_with_the_view_it_was_opened_in(self, asking):
        await asking.visit("/dossiers")
        assert not _is_asking(asking)

    async def test_DM39_a_declaration_opens_the_documents(self, asking, agathe):
        await _submit(asking, way=AccessKind.DECLARED.value, consent_mode="written")
        assert asking.redirects == [f"/patients/{agathe}/documents"]
        assert asking.of(AppState).notice == words.DONE[AccessKind.DECLARED]
        await asking.visit("/dossiers")
        first = asking.of(PatientSearchState).rows[0]
        assert (first.id, first.name) == (str(agathe), "ZÉBULON Agathe")
        assert first.ground.startswith("Accord du patient déclaré, jusqu’à")
        assert asking.of(AppState).mode_words == ""

    async def test_S064_an_old_factor_leads_to_a_new_one_and_back(self, asking, saving):
        with saving() as session:
            session.execute(
                update(SignInSession).values(factor_at=utc_now() - timedelta(minutes=6))
            )
        await _open_urgently(asking)
        assert unquote(asking.redirects[-1]).endswith(f"?suite={IDENTITY}")
        shown = asking.of(AuthorisationState)
        assert (_is_asking(asking), shown.reason, shown.error) == (True, REASON, "")

    async def test_ME124_says_when_the_patient_opposed_it(self, asking, saving, agathe):
        with saving() as session:
            session.add(RecordSettings(patient_id=agathe, allows_emergency=False))
        await _open_urgently(asking)
        shown = asking.of(AuthorisationState)
        assert shown.error == words.MESSAGES["record_access.emergency_opposed"]
        assert _is_asking(asking)


class TestBar:
    async def test_FC05_is_on_every_page_until_one_leaves(self, asking, saving, agathe):
        await _open_urgently(asking)
        for page in (f"/patients/{agathe}/documents", "/tableau-de-bord", "/dossiers"):
            await asking.visit(page)
            shown = asking.of(AppState)
            assert shown.mode_words == words.mode(AccessKind.EMERGENCY)
            assert shown.mode_left in {"encore 60\u00a0min", "encore 59\u00a0min"}
            assert shown.mode_record == f"/patients/{agathe}/documents"
        await asking.send(AppState.leave_mode)
        assert asking.of(AppState).mode_words == ""
        assert asking.redirects[-1] == "/dossiers"
        with saving() as session:
            assert session.exec(select(RecordAccess.ended_at)).one() is not None

    async def test_S064_its_end_sends_the_open_record_away(self, asking, saving, agathe):
        await _open_urgently(asking)
        await asking.visit(f"/patients/{agathe}/documents")
        with saving() as session:
            session.execute(
                update(RecordAccess)
                .where(col(RecordAccess.patient_id) == agathe)
                .values(ends_at=utc_now())
            )
        await asking.send(AppState.check_mode)
        shown = asking.of(AppState)
        assert asking.redirects[-1] == "/tableau-de-bord"
        assert (shown.notice, shown.mode_words) == (words.over(AccessKind.EMERGENCY), "")
        assert asking.of(PatientSearchState).results == []

    async def test_elsewhere_its_end_only_takes_the_bar_away(self, asking, saving, circle):
        await _open_urgently(asking)
        await asking.visit("/patients")
        sent = len(asking.redirects)
        with saving() as session:
            session.execute(update(RecordAccess).values(ends_at=utc_now()))
        await asking.send(AppState.check_mode)
        assert asking.redirects[sent:] == []
        assert asking.of(AppState).mode_words == ""

    async def test_S062_the_watcher_looks_at_the_clock_for_them(self, asking, saving):
        await _open_urgently(asking)
        with saving() as session:
            access_id = session.exec(select(RecordAccess.id)).one()
        tabs, told = Tabs(), []

        async def emit(token, name, _):
            told.append((token, name))

        tabs.belongs("in it", uuid4(), utc_now() + timedelta(minutes=30), None, access_id)
        tabs.belongs("beside", uuid4(), utc_now() + timedelta(minutes=30))
        await tabs._look(0, emit, lambda _: True)
        assert told == []
        with saving() as session:
            session.execute(update(RecordAccess).values(ends_at=utc_now()))
        await tabs._look(0, emit, lambda _: True)
        assert told == [("in it", Tabs.MODE_EVENT)]
