"""The addresses of Pro Santé Connect over HTTP, with the simulator as provider (S040–S044, S055, S082)."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app import cookies
from app.api import auth, drafts, psc as psc_api
from app.api.headers import SecurityHeaders
from app.db import keyring_of, unit_of_work, use_database
from app.integrations.psc import PscClient
from app.integrations.psc_settings import CALLBACK, SIMULATOR, SIMULATOR_DISCOVERY, configuration
from app.models.account import Account, AccountState
from app.models.factor import FederatedIdentity, KnownDevice
from app.models.psc import PscTrip
from app.models.session import SignInSession
from app.services import session as sessions
from app.settings import get_settings
from app.simulator import application as simulator_application, human
from app.simulator.people import PEOPLE
from app.state.clock import utc_now
from tests import factories
from tests.api.conftest import BASE, PASSWORD

DOCTOR, UNKNOWN = PEOPLE["medecin"], PEOPLE["inconnu"]
PAGE = "/connexion/pro-sante-connect"


@pytest.fixture
def doctor(database):
    """The account of the simulator's doctor, with a password of its own."""
    with unit_of_work(database) as session:
        actor = factories.make_professional(
            session, rpps=DOCTOR.rpps, civility="Dre", given_name="Claire", family_name="Martin"
        )
        account = session.get_one(Account, actor.account_id)
        account.password_hash = keyring_of(session).hash_password(PASSWORD)
        return account


@pytest.fixture
def told(monkeypatch):
    """What the simulator posts to the back channel."""
    posts = []

    async def post(url, token):
        posts.append(token)

    monkeypatch.setattr(human, "_post_logout", post)
    return posts


@pytest.fixture
def portal(database, settings_env, monkeypatch, told):
    """The portal and the simulator beside it, as in the demonstration."""
    use_database(database)
    settings = get_settings()
    mounted = Mount(SIMULATOR, app=simulator_application.simulator(settings, database.keyring))
    application = SecurityHeaders(
        Starlette(routes=[*auth.routes, *drafts.routes, *psc_api.routes, mounted])
    )
    known = configuration(settings, database.keyring)
    client = PscClient(known, transport=httpx.ASGITransport(application))
    monkeypatch.setattr(psc_api, "client", lambda: client)
    yield application
    use_database(None)


def open_browser(portal):
    return TestClient(portal, base_url=BASE, headers={"Origin": BASE}, follow_redirects=False)


@pytest.fixture
def browser(portal):
    with open_browser(portal) as opened:
        yield opened


def led_to(answer):
    """Where a page of ours sends the browser on: another site, so not by a redirect."""
    assert answer.status_code == 200
    return unescape(re.search(r'content="0;url=([^"]+)"', answer.text)[1])


def click(browser, **form):
    """A click on the door."""
    return browser.post("/auth/psc/start", data={"purpose": "sign_in", **form})


def leave(browser, **form):
    """A click on the door, up to the provider's first page."""
    browser.get(led_to(click(browser, **form)))


def prove(browser, person="medecin"):
    """Authenticate at the provider; returns the address it sends the browser back to."""
    return browser.post(f"{SIMULATOR}/cle", data={"personne": person}).headers["location"]


def sign_in(browser, person="medecin", **form):
    leave(browser, **form)
    return browser.get(prove(browser, person))


def is_signed_in(browser):
    draft = {"form": "f", "scope": "", "fields": {}}
    return browser.post("/api/drafts", json=draft).status_code == 204


def fault_of(browser, database):
    """The code left for the page that explains."""
    from app.authz.actor import ANONYMOUS  # noqa: PLC0415
    from app.db import reading  # noqa: PLC0415
    from app.services import psc  # noqa: PLC0415

    with reading(database) as session:
        token = browser.cookies.get(cookies.PSC_PENDING)
        found = psc.read_pending(session, ANONYMOUS, token or "", now=utc_now())
        return found.fault if found else None


class TestSignIn:
    def test_PS22_signs_the_doctor_in_without_another_code(self, browser, doctor):
        answer = sign_in(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/tableau-de-bord")
        assert is_signed_in(browser)

    def test_S025_S037_the_browser_is_known_from_then_on(self, browser, doctor, database):
        sign_in(browser)
        value = browser.cookies[cookies.DEVICE]
        with unit_of_work(database) as session:
            [known] = cookies.device_ids(database.keyring, value, now=utc_now())
            assert session.get_one(KnownDevice, known).account_id == doctor.id
        # The provider still knows them: it sends them straight back.
        browser.get(browser.get(led_to(click(browser))).headers["location"])
        with unit_of_work(database) as session:
            assert len(session.exec(select(KnownDevice)).all()) == 1

    def test_returns_where_one_was(self, browser, doctor):
        assert sign_in(browser, next="/patients").headers["location"] == "/patients"

    @pytest.mark.parametrize("elsewhere", ["https://ailleurs.test/", "//ailleurs.test"])
    def test_S085_and_nowhere_else(self, browser, doctor, elsewhere):
        assert sign_in(browser, next=elsewhere).headers["location"] == "/tableau-de-bord"

    def test_S040_the_cookie_of_the_trip(self, browser):
        answer = click(browser)
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-liane-psc-trip=")
        for word in ("max-age=600", "secure", "httponly", "samesite=lax", "path=/"):
            assert word in cookie
        query = parse_qs(urlsplit(led_to(answer)).query)
        assert query["code_challenge_method"] == ["S256"]
        assert {len(query[name][0]) for name in ("state", "nonce", "code_challenge")} == {43}
        assert query["redirect_uri"] == [BASE + CALLBACK]

    def test_S082_leaving_takes_a_post_of_our_own_page(self, browser):
        assert browser.get("/auth/psc/start").status_code == 405
        answer = browser.post("/auth/psc/start", headers={"Origin": "https://ailleurs.test"})
        assert answer.status_code == 403

    def test_an_account_that_is_suspended_says_so(self, browser, doctor, database):
        with unit_of_work(database) as session:
            session.get_one(Account, doctor.id).state = AccountState.SUSPENDED
        assert sign_in(browser).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.account_suspended"
        assert not is_signed_in(browser)

    def test_the_sign_in_before_in_this_browser_ends(self, browser, doctor, database):
        sign_in(browser)
        first = browser.cookies[cookies.SESSION]
        sign_in_again = browser.get(led_to(click(browser)))
        browser.get(sign_in_again.headers["location"])
        assert browser.cookies[cookies.SESSION] != first
        with unit_of_work(database) as session:
            rows = session.exec(select(SignInSession)).all()
        assert sorted(row.end_reason for row in rows) == ["", "replaced"]


class TestForgedReturn:
    def test_S040_in_another_browser(self, portal, browser, doctor, database):
        leave(browser)
        url = prove(browser)
        with open_browser(portal) as other:
            assert other.get(url).headers["location"] == PAGE
            assert fault_of(other, database) == "psc.other_browser"
            assert not is_signed_in(other)
        assert browser.get(url).headers["location"] == "/tableau-de-bord"

    def test_S040_twice(self, browser, doctor, database):
        leave(browser)
        trip, url = browser.cookies[cookies.PSC_TRIP], prove(browser)
        browser.get(url)
        browser.cookies.clear()
        browser.cookies.set(cookies.PSC_TRIP, trip, domain=urlsplit(BASE).hostname)
        assert browser.get(url).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.used"
        assert not is_signed_in(browser)

    def test_S040_too_late(self, browser, doctor, database):
        leave(browser)
        url = prove(browser)
        with unit_of_work(database) as session:
            trip = session.exec(select(PscTrip)).one()
            trip.expires_at = utc_now() - timedelta(seconds=1)
        assert browser.get(url).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.expired"
        assert not is_signed_in(browser)

    def test_S044_the_code_of_somebody_else_signs_nobody_in(
        self, portal, browser, doctor, database
    ):
        with open_browser(portal) as attacker:
            leave(attacker)
            theirs = prove(attacker)
        for victim_is_on_a_trip in (False, True):
            if victim_is_on_a_trip:
                leave(browser)
            browser.get(theirs)
            assert fault_of(browser, database) == "psc.other_browser"
            assert not is_signed_in(browser)

    def test_S044_a_code_slipped_into_ones_own_trip(self, portal, browser, doctor, database):
        with open_browser(portal) as attacker:
            leave(attacker)
            code = parse_qs(urlsplit(prove(attacker)).query)["code"][0]
        leave(browser)
        state = parse_qs(urlsplit(prove(browser)).query)["state"][0]
        browser.get(CALLBACK, params={"code": code, "state": state})
        assert fault_of(browser, database) == "psc.unavailable"
        assert not is_signed_in(browser)

    @pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x&error=y"])
    def test_S044_without_a_click_nothing_happens(self, browser, database, query):
        assert browser.get(CALLBACK + query).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.other_browser"

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ({"error": "access_denied"}, "psc.refused"),
            ({"error": "server_error"}, "psc.provider_error"),
            ({}, "psc.provider_error"),
            ({"code": "x" * 5_000}, "psc.provider_error"),
            ({"code": "inconnu"}, "psc.unavailable"),
        ],
    )
    def test_the_provider_refuses(self, browser, doctor, database, answer, code):
        left = click(browser)
        state = parse_qs(urlsplit(led_to(left)).query)["state"][0]
        browser.get(CALLBACK, params={"state": state, **answer})
        assert fault_of(browser, database) == code
        assert not is_signed_in(browser)

    def test_giving_up_at_the_provider(self, browser, database):
        leave(browser)
        back = browser.post(f"{SIMULATOR}/annuler").headers["location"]
        assert browser.get(back).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.refused"

    def test_a_head_request_uses_nothing(self, browser, doctor):
        leave(browser)
        url = prove(browser)
        assert browser.head(url).status_code == 404
        assert browser.get(url).headers["location"] == "/tableau-de-bord"


class TestProviderInTrouble:
    def test_the_other_doors_stay_open(self, browser, doctor, database, monkeypatch):
        def silent(_):
            raise httpx.ConnectTimeout("nobody")

        gone = PscClient(psc_api.client().configuration, transport=httpx.MockTransport(silent))
        monkeypatch.setattr(psc_api, "client", lambda: gone)
        assert click(browser).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.unavailable"
        data = {"identifier": doctor.email, "password": PASSWORD}
        answer = browser.post("/auth/sign-in", data=data)
        assert answer.headers["location"] == "/connexion/code"

    def test_without_a_provider_there_is_no_door(self, browser, monkeypatch):
        monkeypatch.setattr(psc_api, "client", lambda: None)
        assert click(browser).headers["location"] == "/connexion"
        assert browser.get(CALLBACK).status_code == 404
        assert browser.get("/auth/psc/signed-out").status_code == 404
        assert browser.post("/auth/psc/back-channel-logout").status_code == 404


class TestUnknown:
    def test_PS23_waits_for_a_link_or_a_registration(self, browser, doctor, database):
        assert sign_in(browser, "inconnu").headers["location"] == PAGE
        assert fault_of(browser, database) == ""
        assert not is_signed_in(browser)

    def test_MM29_goes_to_the_registration_it_came_from(self, browser, doctor):
        answer = sign_in(browser, "inconnu", purpose="register")
        assert answer.headers["location"] == "/inscription"
        assert cookies.PSC_PENDING in browser.cookies

    def test_a_registration_with_an_account_signs_in(self, browser, doctor):
        answer = sign_in(browser, purpose="register")
        assert answer.headers["location"] == "/tableau-de-bord"

    def test_linking_asks_for_a_sign_in_and_says_so(self, browser, doctor, database):
        sign_in(browser, "inconnu")
        assert browser.post("/auth/psc/link").headers["location"] == PAGE
        assert fault_of(browser, database) == "session.missing"

    def test_PS23_links_after_a_sign_in_and_refuses_another_number(self, browser, doctor, database):
        sign_in(browser, "medecin")
        assert len(_links(database)) == 1
        session_cookie = browser.cookies[cookies.SESSION]
        browser.post(f"{SIMULATOR}/fermer")
        leave(browser)
        browser.get(prove(browser, "inconnu"))
        assert browser.cookies[cookies.SESSION] == session_cookie
        assert browser.post("/auth/psc/link").headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.other_rpps"
        assert len(_links(database)) == 1

    def test_PS23_links_an_account_of_another_name(self, browser, doctor, database):
        with unit_of_work(database) as session:
            session.get_one(Account, doctor.id).family_name = "Autre"
        assert sign_in(browser).headers["location"] == PAGE
        assert _links(database) == []
        with unit_of_work(database) as session:
            _, token = sessions.open_session(
                session,
                session.get_one(Account, doctor.id),
                device="",
                address="",
                now=utc_now(),
            )
        browser.cookies.set(cookies.SESSION, token, domain=urlsplit(BASE).hostname)
        assert browser.post("/auth/psc/link").headers["location"] == "/tableau-de-bord"
        assert [link.account_id for link in _links(database)] == [doctor.id]

    def test_giving_the_identity_up_ends_its_session_at_the_provider(self, browser, doctor):
        sign_in(browser, "inconnu")
        answer = browser.get(led_to(browser.post("/auth/psc/abandon")))
        browser.get(answer.headers["location"])
        assert cookies.PSC_PENDING in browser.cookies  # what is left is the good news
        assert "Aucune session ouverte" in browser.get(f"{SIMULATOR}/").text


def _links(database):
    with unit_of_work(database) as session:
        return session.exec(select(FederatedIdentity)).all()


class TestSignOut:
    def test_S043_signs_out_at_the_provider_too(self, browser, doctor, database):
        sign_in(browser)
        answer = browser.post("/auth/sign-out")
        assert answer.headers["clear-site-data"] == '"storage"'
        url = led_to(answer)
        assert not is_signed_in(browser)
        back = browser.get(url)
        assert back.headers["location"].startswith(f"{BASE}/auth/psc/signed-out?state=")
        assert browser.get(back.headers["location"]).headers["location"] == PAGE
        assert fault_of(browser, database) == "psc.signed_out"
        assert "Aucune session ouverte" in browser.get(f"{SIMULATOR}/").text

    def test_everywhere_does_so_too(self, browser, doctor):
        sign_in(browser)
        assert "id_token_hint=" in led_to(browser.post("/auth/sign-out-everywhere"))
        assert not is_signed_in(browser)

    @pytest.mark.parametrize("query", ["", "?state=autre"])
    def test_FA11_the_return_is_verified(self, browser, doctor, query):
        sign_in(browser)
        browser.post("/auth/sign-out")
        answer = browser.get(f"/auth/psc/signed-out{query}")
        assert answer.headers["location"] == "/connexion"

    def test_a_sign_in_by_password_ends_here(self, browser, doctor, database):
        with unit_of_work(database) as session:
            account = session.get_one(Account, doctor.id)
            _, token = sessions.open_session(session, account, device="", address="", now=utc_now())
        browser.cookies.set(cookies.SESSION, token, domain=urlsplit(BASE).hostname)
        assert browser.post("/auth/sign-out").headers["location"] == "/connexion"

    def test_the_provider_is_gone(self, browser, doctor, monkeypatch):
        sign_in(browser)

        def silent(_):
            raise httpx.ConnectTimeout("nobody")

        gone = PscClient(psc_api.client().configuration, transport=httpx.MockTransport(silent))
        monkeypatch.setattr(psc_api, "client", lambda: gone)
        assert browser.post("/auth/sign-out").headers["location"] == "/connexion"
        assert not is_signed_in(browser)


class TestBackChannel:
    def test_S044_closing_at_the_provider_ends_the_sign_in(self, browser, doctor, told):
        sign_in(browser)
        browser.post(f"{SIMULATOR}/fermer")
        [token] = told
        answer = browser.post(
            "/auth/psc/back-channel-logout",
            data={"logout_token": token},
            headers={"Origin": "https://ailleurs.test"},
        )
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert not is_signed_in(browser)

    @pytest.mark.parametrize("token", ["", "a.b.c", "x" * 9_000])
    def test_S044_anything_else_ends_nothing(self, browser, doctor, token):
        sign_in(browser)
        answer = browser.post("/auth/psc/back-channel-logout", data={"logout_token": token})
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
        assert is_signed_in(browser)


class TestWhereItIs:
    def test_the_discovery_is_the_one_of_the_settings(self, browser):
        assert browser.get(SIMULATOR_DISCOVERY).json()["issuer"] == BASE + SIMULATOR

    def test_outside_the_demonstration_the_simulator_does_not_answer(self, portal, settings_env):
        settings_env.setenv("LIANE_MODE", "production")
        get_settings.cache_clear()
        with TestClient(SecurityHeaders(portal.app), base_url=BASE) as browser:
            for path in ("/", "/connexion", "/auth", "/.well-known/wallet-openid-configuration"):
                assert browser.get(SIMULATOR + path).status_code == 404

    def test_another_provider_in_the_demonstration_takes_its_place(self, portal, settings_env):
        settings_env.setenv("LIANE_PSC_ISSUER", "https://identite.exemple.test")
        get_settings.cache_clear()
        with TestClient(SecurityHeaders(portal.app), base_url=BASE) as browser:
            assert browser.get(f"{SIMULATOR}/").status_code == 404
