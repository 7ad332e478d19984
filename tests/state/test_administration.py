"""The administrators' states: what they show, what they put into words, whom they turn away."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.models.account import Role
from app.models.registration import IdentitySource, Registration, RegistrationState
from app.models.session import SignInSession
from app.services.registration_queue import ReviewStep
from app.state.account_admin import AccountAdminState
from app.state.account_list import AccountListState
from app.state.clock import utc_now
from app.state.journal_search import JournalSearchState
from app.state.legal_text import blocks_of
from app.state.paging import Paging, paging
from app.state.registration_queue import RegistrationQueueState
from app.state.registration_review import RegistrationReviewState
from tests import factories
from tests.registrations import make_registration


class TestQueue:
    async def test_MM23_shows_who_and_from_where(self, open_tab, administrator, saving):
        with saving() as session:
            make_registration(session, utc_now(), source=IdentitySource.PSC, certified_at=utc_now())
        tab = open_tab(administrator)
        await tab.visit("/admin")
        line = tab.of(RegistrationQueueState).rows[0]
        assert (line.name, line.source) == ("Dr Hugo Ferrand", "Identité certifiée")
        assert line.may_approve_here
        for _ in range(2):  # pressed twice
            await tab.send(RegistrationQueueState.approve, registration_id=line.id)
        shown = tab.of(RegistrationQueueState)
        assert (shown.rows, shown.error) == ([], "")
        assert "Le compte est ouvert" in shown.notice

    async def test_S067_the_second_person_reads_who_came_first(
        self, open_tab, administrator, saving
    ):
        with saving() as session:
            waiting = make_registration(session, utc_now())
            other = factories.make_administrator(
                session, utc_now(), civility="M.", given_name="Marc", family_name="Vidal"
            )
        first, second = open_tab(administrator), open_tab(other)
        await first.visit(f"/admin/inscriptions/{waiting}")
        await first.send(RegistrationReviewState.approve)
        assert first.of(RegistrationReviewState).step == ReviewStep.OWN_FIRST.value
        await second.visit(f"/admin/inscriptions/{waiting}")
        assert second.of(RegistrationReviewState).approve_label == "Confirmer"
        await second.send(RegistrationReviewState.approve)
        assert second.of(RegistrationReviewState).step == ReviewStep.DECIDED.value

    @pytest.mark.parametrize("is_in_the_list", [True, False])
    async def test_S054_approving_asks_for_a_factor_first(
        self, open_tab, administrator, saving, is_in_the_list
    ):
        with saving() as session:
            waiting = make_registration(
                session, utc_now(), source=IdentitySource.PSC, certified_at=utc_now()
            )
        tab = open_tab(administrator)
        page = "/admin" if is_in_the_list else f"/admin/inscriptions/{waiting}"
        await tab.visit(page)
        with saving() as session:
            session.execute(
                update(SignInSession)
                .where(col(SignInSession.account_id) == administrator.account_id)
                .values(factor_at=utc_now() - timedelta(minutes=6))
            )
        if is_in_the_list:
            await tab.send(RegistrationQueueState.approve, registration_id=str(waiting))
        else:
            await tab.send(RegistrationReviewState.approve)
        assert tab.redirects == [f"/connexion/confirmer?suite={page}"]
        with saving() as session:
            assert session.get(Registration, waiting).state is RegistrationState.TO_VALIDATE


class TestAccounts:
    async def test_finds_as_one_types(self, open_tab, administrator, circle):
        tab = open_tab(administrator)
        await tab.visit("/admin/comptes")
        await tab.send(AccountListState.search, typed="haddad")
        shown = tab.of(AccountListState)
        assert [row.name for row in shown.rows] == ["Karim Haddad"]
        assert shown.search_status == "1\u00a0compte trouvé"

    async def test_S054_asks_for_a_factor_first(self, open_tab, administrator, saving):
        with saving() as session:
            account = factories.make_account(session, utc_now(), role=Role.SECRETARY)
        tab = open_tab(administrator)
        await tab.visit(f"/admin/comptes/{account.id}")
        await tab.send(AccountAdminState.ask, act="suspendre")
        state = tab.of(AccountAdminState)
        is_asked = bool(tab.redirects) and tab.redirects[-1].startswith("/connexion/confirmer")
        assert is_asked != (state.dialog == "suspendre")

    @pytest.mark.parametrize("page", ["/admin", "/admin/comptes", "/admin/journal"])
    async def test_S060_is_for_administrators(self, open_tab, circle, page):
        for actor in (circle.doctor, circle.patient_actor, None):
            tab = open_tab(actor) if actor else open_tab()
            await tab.visit(page)
            assert tab.redirects
            assert tab.of(AccountListState).rows == []
            assert tab.of(JournalSearchState).rows == []


class TestWords:
    def test_a_text_becomes_headings_paragraphs_and_lists(self):
        found = blocks_of("## Titre\n\nUn mot\nla suite.\n\n- un\n- deux\n\nFin.")
        assert [(b.kind, b.text, b.items) for b in found] == [
            ("title", "Titre", []),
            ("text", "Un mot la suite.", []),
            ("list", "", ["un", "deux"]),
            ("text", "Fin.", []),
        ]

    def test_a_page_knows_its_neighbours(self):
        def made(page: int, shown: int) -> Paging:
            return paging(
                "Comptes",
                lambda n: f"?page={n}",
                page=page,
                pages=3,
                size=25,
                shown=shown,
                total=60,
            )

        assert made(1, 25) == Paging("Comptes 1 à 25 sur 60", "", "?page=2")
        assert made(3, 10) == Paging("Comptes 51 à 60 sur 60", "?page=2", "")
