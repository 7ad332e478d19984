"""The patient's own page: their circle and their agreements, and theirs alone."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.models.consent import Consent, ConsentKind
from app.state.clock import utc_now
from app.state.own_record import OwnRecordState
from tests import factories

PAGE = "/accueil"


async def _visit(tab):
    await tab.visit(PAGE)
    return tab.of(OwnRecordState)


class TestLoad:
    async def test_shows_the_circle(self, open_tab, circle):
        shown = await _visit(open_tab(circle.patient_actor))
        assert {(m.name, m.role, m.initials) for m in shown.members} == {
            ("Claire Martin", "Médecin", "CM"),
            ("Karim Haddad", "Pharmacien", "KH"),
            ("Zoé Roy", "Préparateur en pharmacie", "ZR"),
        }
        assert shown.members[0].place == "Clinique des Tilleuls, Niort"
        assert shown.members[0].since.startswith("Dans votre cercle depuis le ")

    async def test_shows_the_agreements_with_the_notice_that_was_handed(self, open_tab, circle):
        shown = await _visit(open_tab(circle.patient_actor))
        titles = [consent.title for consent in shown.consents]
        assert "Votre inscription dans le suivi" in titles
        assert "Ajout d’un professionnel\u202f: Karim Haddad, pharmacien" in titles
        assert all(c.notice_href.startswith("/notice/") for c in shown.consents)
        assert all(c.given.endswith("recueilli par Claire Martin") for c in shown.consents)

    async def test_says_what_was_withdrawn(self, open_tab, circle, saving):
        with saving() as session:
            session.execute(
                update(Consent)
                .where(col(Consent.kind) == ConsentKind.ENROLMENT)
                .values(withdrawn_at=utc_now())
            )
        shown = await _visit(open_tab(circle.patient_actor))
        withdrawn = {c.title: c.withdrawn for c in shown.consents}
        assert withdrawn["Votre inscription dans le suivi"].startswith("Retiré le ")
        assert sum(bool(words) for words in withdrawn.values()) == 1

    async def test_shows_nothing_of_another_patient(self, open_tab, circle, saving):
        with saving() as session:
            theirs = factories.make_patient(session, circle.stranger, now=utc_now())
            # Named here: a namesake of the doctor would look like a leak.
            other = factories.make_patient_actor(session, theirs, utc_now(), family_name="Vasseur")
        tab = open_tab(other)
        shown = await _visit(tab)
        assert [m.name for m in shown.members] == ["Yves Caradec"]
        assert "Martin" not in str(tab.vars)

    @pytest.mark.parametrize(
        ("who", "home"), [("doctor", "/tableau-de-bord"), (None, "/connexion")]
    )
    async def test_is_for_patients(self, open_tab, circle, who, home):
        tab = open_tab(getattr(circle, who) if who else None)
        shown = await _visit(tab)
        assert [path.partition("?")[0] for path in tab.redirects] == [home]
        assert not shown.is_loaded
