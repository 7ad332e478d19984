"""The authorisation matrix on the screen: read, changed, published, given up (DM-45)."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.authz.actor import system
from app.models.matrix import MatrixRight
from app.models.professional import Profession
from app.models.session import SignInSession
from app.services.fields import date_fields, paris_day
from app.services.matrix import ensure_reference_matrix, readable_types
from app.services.matrix_admin import list_versions
from app.state.clock import utc_now
from app.state.matrix import PATH, MatrixState
from app.state.matrix_column import MatrixColumnState
from app.state.matrix_version import MatrixVersionState

MIDWIFE = Profession.MIDWIFE
SUMMARY, READ = "60591-5", MatrixRight.READ.value


@pytest.fixture(autouse=True)
def matrix(saving):
    with saving() as session:
        ensure_reference_matrix(session, system("test"), now=utc_now())


@pytest.fixture
async def tab(open_tab, administrator):
    """A tab of an administrator who allowed midwives to read a type."""
    opened = open_tab(administrator)
    await opened.visit(f"{PATH}/{MIDWIFE.value}")
    await opened.send(MatrixColumnState.change, code=SUMMARY, right=READ, word="oui")
    return opened


def _form():
    return {**date_fields("effective_on", paris_day(utc_now())), "note": "Relue.", "source": "JO"}


class TestColumn:
    async def test_narrows_by_word_and_filter(self, open_tab, administrator):
        opened = open_tab(administrator)
        await opened.visit(f"{PATH}/{Profession.NURSE.value}?montrer=refuses")
        shown = opened.of(MatrixColumnState)
        assert (shown.label, shown.search_status) == (
            "Infirmier ou infirmière",
            "7\u00a0types de documents",
        )
        await opened.send(MatrixColumnState.search, typed="psychiatrique synthese")
        assert [line.code for line in _lines(opened)] == ["68599-0"]

    async def test_a_change_waits_and_is_shown_at_once(self, tab):
        shown = tab.of(MatrixColumnState)
        assert shown.waiting.startswith("1\u00a0changement")
        (line,) = [line for line in _lines(tab) if line.code == SUMMARY]
        assert (line.read.word, line.is_changed) == ("oui", True)

    async def test_a_whole_category_changes_together(self, open_tab, administrator):
        opened = open_tab(administrator)
        await opened.visit(f"{PATH}/{MIDWIFE.value}")
        await opened.send(MatrixColumnState.change_all, category="imaging", right=READ, word="non")
        changed = {line.code for line in _lines(opened) if line.is_changed}
        assert changed == {"18748-4", "52040-3", "DOCPAT04", "IMG-KOS"}

    async def test_what_no_list_offers_changes_nothing(self, tab):
        for asked in (
            ("oops", READ, "oui"),
            (SUMMARY, "write", "oui"),
            (SUMMARY, READ, "peut-etre"),
        ):
            code, right, word = asked
            await tab.send(MatrixColumnState.change, code=code, right=right, word=word)
        assert tab.of(MatrixColumnState).waiting.startswith("1\u00a0changement")

    async def test_called_before_any_page_was_opened_it_does_nothing(self, open_tab, administrator):
        opened = open_tab(administrator)
        await opened.visit("/aide")
        await opened.send(MatrixColumnState.search, typed="x")
        await opened.send(MatrixColumnState.change, code=SUMMARY, right=READ, word="oui")
        assert opened.of(MatrixColumnState).lines == {}

    async def test_a_profession_of_no_list_is_not_found(self, open_tab, administrator):
        opened = open_tab(administrator)
        await opened.visit(f"{PATH}/00")
        assert opened.of(MatrixColumnState).page_status == "not_found"


class TestPublication:
    async def test_publishes_what_waits_and_tells_what_it_changed(self, tab, saving, administrator):
        await tab.visit(PATH)
        (change,) = tab.of(MatrixState).changes
        assert (change.profession, change.right, change.before.label, change.after.label) == (
            "Sage-femme",
            "Consulter",
            "Refusé",
            "Autorisé",
        )
        await tab.send(MatrixState.ask, act="publier")
        await tab.send(MatrixState.publish, form={"note": "", "source": "JO"})
        shown = tab.of(MatrixState)
        assert set(shown.field_errors) == {"effective_on", "note"}
        assert shown.dialog == "publier"
        await tab.send(MatrixState.publish, form=_form())
        shown = tab.of(MatrixState)
        assert (shown.notice, shown.changes) == ("La version 2 est publiée.", [])
        assert shown.lead.split(". ")[1].startswith("La version 2 s’applique")
        with saving() as session:
            assert SUMMARY in readable_types(session, MIDWIFE, on=paris_day(utc_now()))
            newest = list_versions(session, administrator, now=utc_now())[0]
        await tab.visit(f"{PATH}/versions/{newest.id}")
        assert [c.document for c in tab.of(MatrixVersionState).changes] == ["Synthèse médicale"]

    async def test_S054_publishing_asks_for_a_factor_first(self, tab, saving, administrator):
        await tab.visit(PATH)
        with saving() as session:
            session.execute(
                update(SignInSession)
                .where(col(SignInSession.account_id) == administrator.account_id)
                .values(factor_at=utc_now() - timedelta(minutes=6))
            )
        await tab.send(MatrixState.ask, act="publier")
        assert urlsplit(tab.redirects[-1]).path == "/connexion/confirmer"
        await tab.send(MatrixState.publish, form=_form())
        assert urlsplit(tab.redirects[-1]).path == "/connexion/confirmer"
        assert len(tab.of(MatrixState).versions) == 1

    async def test_gives_the_changes_up(self, tab):
        await tab.visit(PATH)
        await tab.send(MatrixState.discard)
        assert tab.of(MatrixState).changes == []


def _lines(tab):
    return [line for lines in tab.of(MatrixColumnState).lines.values() for line in lines]
