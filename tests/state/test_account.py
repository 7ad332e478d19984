"""The pages of one's own account: what they show, parse and refuse, without a browser."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app.authz.actor import system
from app.models.application import ApplicationAudience
from app.models.identity_change import IdentityChange
from app.models.session import SignInSession
from app.seeds.demo_applications import APPLICATIONS
from app.seeds.demo_directory import ensure_demo_directory
from app.services import catalogue
from app.state.account_export import AccountExportState
from app.state.account_history import AccountHistoryState
from app.state.application import PortalState
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.contact_point import ContactState
from app.state.notification import NotificationState
from app.state.practice import PracticeState
from app.state.profile import ProfileState
from app.state.security import SecurityState

PAGES = (
    "/compte",
    "/compte/coordonnees",
    "/compte/notifications",
    "/compte/securite",
    "/compte/historique",
    "/compte/donnees",
)


class TestPractice:
    async def test_MM14_what_was_picked_counts_before_the_page_shows_it(
        self, open_tab, circle, saving
    ):
        with saving() as session:
            ensure_demo_directory(session, system("test"), now=utc_now())
        tab = open_tab(circle.doctor)
        await tab.visit("/compte")
        await tab.send(PracticeState.open)
        window = tab.of(PracticeState)
        await tab.send(PracticeState.search, typed="tilleuls")
        await tab.send(PracticeState.pick, facility_id=window.found[0].id)
        sent = {"facility": "tilleuls", "laboratory_id": window.laboratories[0].value}
        await tab.send(PracticeState.add, form=sent)
        assert tab.of(AppState).notice == "Le lieu d’exercice est ajouté."
        await tab.send(ProfileState.refresh)
        assert "Clinique des Tilleuls" in [row.name for row in tab.of(ProfileState).places]


class TestProfile:
    async def test_MM39_counts_only_after_valider(self, open_tab, circle, saving):
        tab = open_tab(circle.doctor)
        await tab.visit("/compte")
        await tab.send(ProfileState.edit, is_on=True)
        assert tab.of(ProfileState).is_editing
        await tab.send(ProfileState.cancel)
        assert not tab.of(ProfileState).is_editing
        await tab.send(ProfileState.save, form={"family_name": "Durand"})
        shown = tab.of(ProfileState)
        assert [(row.before, row.after) for row in shown.change_rows] == [("Martin", "Durand")]
        told = tab.of(AppState).notice
        await tab.send(ProfileState.save, form={"family_name": "Durand"})
        assert tab.of(AppState).notice == told
        with saving() as session:
            assert session.exec(select(IdentityChange.family_name)).all() == ["Durand"]

    async def test_a_fault_keeps_what_was_typed(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit("/compte")
        await tab.send(ProfileState.save, form={"family_name": "", "rpps": "12"})
        shown = tab.of(ProfileState)
        assert set(shown.field_errors) == {"family_name", "rpps"}
        assert shown.me.rpps == "12"

    @pytest.mark.parametrize("path", PAGES)
    async def test_is_for_whoever_is_signed_in(self, open_tab, path):
        tab = open_tab()
        await tab.visit(path)
        assert [address.partition("?")[0] for address in tab.redirects] == ["/connexion"]


class TestNotifications:
    async def test_CX44_CX45_says_when_the_next_mail_leaves(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit("/compte/notifications")
        shown = tab.of(NotificationState)
        assert (shown.contact_per_day, shown.information) == ("3", "daily")
        await tab.send(
            NotificationState.save, form={"contact_per_day": "1", "information": "weekly"}
        )
        shown = tab.of(NotificationState)
        assert (shown.contact_per_day, shown.information) == ("1", "weekly")
        assert "lundi" in shown.next_information or "demain" in shown.next_information
        assert "à 8\u00a0h" in shown.next_contact
        await tab.send(NotificationState.save, form={"contact_per_day": "9"})
        assert set(tab.of(NotificationState).field_errors) == {"contact_per_day", "information"}

    async def test_ME166_a_patient_is_told_at_an_address_and_chooses_no_rhythm(
        self, open_tab, circle
    ):
        tab = open_tab(circle.patient_actor)
        await tab.visit("/compte/notifications")
        shown = tab.of(NotificationState)
        assert "@" in shown.address
        assert (shown.next_contact, shown.next_information) == ("", "")


class TestSecrets:
    async def test_S005_the_seed_never_enters_page_state(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit("/compte/securite")
        await tab.send(SecurityState.open_totp)
        assert tab.of(SecurityState).window == "totp"
        assert "otpauth" not in str(tab.vars)

    @pytest.mark.parametrize(
        ("path", "handler"),
        [
            ("/compte/coordonnees", ContactState.open_email),
            ("/compte/coordonnees", ContactState.open_phone),
            ("/compte/securite", SecurityState.open_password),
            ("/compte/securite", SecurityState.open_totp),
            ("/compte/securite", SecurityState.open_codes),
            ("/compte/securite", SecurityState.ask_unlink_psc),
            ("/compte/securite", SecurityState.unlink_psc),
        ],
    )
    async def test_S054_asks_for_a_factor_first(self, open_tab, circle, saving, path, handler):
        tab = open_tab(circle.doctor)
        await tab.visit(path)
        with saving() as session:
            old = utc_now() - timedelta(minutes=6)
            session.execute(
                update(SignInSession)
                .where(col(SignInSession.account_id) == circle.doctor.account_id)
                .values(factor_at=old)
            )
        await tab.send(handler)
        assert tab.redirects[-1].startswith(f"/connexion/confirmer?suite={path}")


class TestHistory:
    async def test_begins_a_day_with_its_name(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit("/compte/historique")
        lines = tab.of(AccountHistoryState).lines
        assert lines[0].day
        assert "Connexion" in {line.what for line in lines}

    @pytest.mark.parametrize("typed", ["abc", "-1", "1e9", "9" * 40])
    async def test_a_wrong_address_shows_the_newest(self, open_tab, circle, typed):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/compte/historique?avant={typed}")
        assert tab.of(AccountHistoryState).is_loaded


class TestData:
    async def test_nothing_was_asked_yet(self, open_tab, circle):
        tab = open_tab(circle.patient_actor)
        await tab.visit("/compte/donnees")
        shown = tab.of(AccountExportState)
        assert (shown.is_loaded, shown.export_label, shown.is_under_way) == (True, "", False)

    async def test_is_followed_while_it_is_prepared(self, open_tab, circle):
        tab = open_tab(circle.patient_actor)
        await tab.visit("/compte/donnees")
        await tab.send(AccountExportState.ask, form={"key": tab.of(AccountExportState).form_key})
        assert tab.of(AccountExportState).is_under_way


class TestPortal:
    async def test_DM01_shows_the_catalogue_of_the_role(self, open_tab, circle, saving):
        with saving() as session:
            for sheet in APPLICATIONS:
                catalogue.add_application(
                    session, system("test"), sheet, key=circle.patient_id, now=utc_now()
                )
        tab = open_tab(circle.patient_actor)
        await tab.visit("/applications")
        shown = {tile.name for tile in tab.of(PortalState).tiles}
        assert shown == {
            sheet.name for sheet in APPLICATIONS if sheet.audience is not ApplicationAudience.TEAMS
        }

    async def test_an_unknown_tile_opens_nothing(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit("/applications")
        await tab.send(PortalState.ask_consent, application_id="nimporte")
        assert tab.of(PortalState).window == ""
