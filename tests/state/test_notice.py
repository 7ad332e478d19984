"""The information notice on the screen: the one in use, or the one that was handed."""

from datetime import timedelta

import pytest

from app.models.consent import InformationNotice
from app.services.notice_text import REFERENCE_BODY
from app.state.clock import utc_now
from app.state.notice import NoticeState
from app.state.text_block import Block, blocks_of

N = "\u202f"


@pytest.fixture
def notices(saving, circle):
    """Two versions: the older was handed, the newer is in use."""
    now = utc_now()
    with saving() as session:
        old = InformationNotice(
            version="0", title="Ancienne", body="Ancien.", published_at=now - timedelta(days=400)
        )
        new = InformationNotice(
            version="2",
            title="Notice d’information",
            body=f"# Pourquoi{N}?\n\nUn texte\nsur deux lignes.",
            published_at=now,
        )
        session.add_all([old, new])
    return old, new


class TestLoad:
    @pytest.mark.parametrize("who", ["doctor", "patient_actor"])
    async def test_shows_the_version_in_use(self, open_tab, circle, notices, who):
        tab = open_tab(getattr(circle, who))
        await tab.visit("/notice")
        shown = tab.of(NoticeState)
        assert (shown.title, shown.is_loaded) == ("Notice d’information", True)
        assert shown.version.startswith("Version 2, publiée le ")
        assert shown.body == [
            Block("title", f"Pourquoi{N}?"),
            Block("text", "Un texte sur deux lignes."),
        ]

    async def test_shows_a_version_handed_earlier(self, open_tab, circle, notices):
        tab = open_tab(circle.patient_actor)
        await tab.visit(f"/notice/{notices[0].id}")
        assert tab.of(NoticeState).version.startswith("Version 0, ")

    @pytest.mark.parametrize(
        "notice_id", ["00000000-0000-4000-8000-000000000000", "n’importe-quoi"]
    )
    async def test_an_unknown_version_is_not_found(self, open_tab, circle, notices, notice_id):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/notice/{notice_id}")
        shown = tab.of(NoticeState)
        assert (shown.page_status, shown.is_loaded) == ("not_found", False)

    async def test_is_for_whoever_is_signed_in(self, open_tab, notices):
        tab = open_tab()
        await tab.visit("/notice")
        assert tab.redirects == ["/connexion?suite=/notice"]
        assert not tab.of(NoticeState).is_loaded


def test_the_reference_notice_keeps_its_titles_and_its_narrow_spaces():
    drawn = blocks_of(REFERENCE_BODY)
    titles = [part.text for part in drawn if part.kind == "title"]
    assert titles[0] == f"Pourquoi ce suivi{N}?"
    assert len(titles) == 6
    assert not any("#" in part.text or "\n" in part.text for part in drawn)
