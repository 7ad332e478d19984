"""Signing in and out over HTTP (MM-32, MM-33; S005, S026, S050, S051, S055, S070, S082)."""

import json
from runpy import run_path

import pytest
from sqlmodel import select

from app import cookies
from app.db import reading
from app.models.journal import JournalEntry
from app.settings import get_settings
from tests.api.conftest import PASSWORD


class TestSignIn:
    def test_right_password_leads_to_the_code(self, client, account):
        answer = client.post(
            "/auth/sign-in", data={"identifier": account.email, "password": PASSWORD}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/connexion/code")

    def test_S051_cookies_are_host_only_secure_and_closed_to_scripts(self, client, account):
        answer = client.post(
            "/auth/sign-in", data={"identifier": account.email, "password": PASSWORD}
        )
        attributes = answer.headers["set-cookie"].lower()
        assert attributes.startswith("__host-")
        assert all(word in attributes for word in ("secure", "httponly", "samesite=lax", "path=/"))
        assert "domain" not in attributes

    def test_S070_answers_the_same_whoever_asks(self, client, account):
        answers = [
            client.post("/auth/sign-in", data={"identifier": who, "password": "Faux-mot-1!"})
            for who in (account.email, "personne@exemple.test")
        ]
        assert {(a.status_code, a.headers["location"], a.text) for a in answers} == {
            (303, "/connexion", "")
        }

    def test_the_code_opens_the_door_and_returns_where_one_was(self, client, account):
        client.post(
            "/auth/sign-in",
            data={"identifier": account.email, "password": PASSWORD, "next": "/patients"},
        )
        text = client.get("/demo/outbox.json").json()[0]["text"]
        answer = client.post("/auth/code", data={"code": text.split(" : ")[1][:6]})
        assert answer.headers["location"] == "/patients"
        assert cookies.SESSION in answer.headers["set-cookie"]

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://ailleurs.test/", "//ailleurs.test", "/\\ailleurs.test", "javascript:alert(1)"],
    )
    def test_S085_returns_nowhere_else(self, client, account, elsewhere):
        client.post(
            "/auth/sign-in",
            data={"identifier": account.email, "password": PASSWORD, "next": elsewhere},
        )
        text = client.get("/demo/outbox.json").json()[0]["text"]
        answer = client.post("/auth/code", data={"code": text.split(" : ")[1][:6]})
        assert answer.headers["location"] == "/tableau-de-bord"

    def test_a_code_without_an_attempt_leads_back(self, client):
        answer = client.post("/auth/code", data={"code": "123456"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/connexion/code")

    @pytest.mark.parametrize("data", [{"identifier": " ", "password": "x"}, {"identifier": "x"}])
    def test_empty_fields_count_against_nobody(self, client, account, data):
        for _ in range(6):
            assert client.post("/auth/sign-in", data=data).headers["location"] == "/connexion"
        answer = client.post(
            "/auth/sign-in", data={"identifier": account.email, "password": PASSWORD}
        )
        assert answer.headers["location"] == "/connexion/code"

    def test_an_overlong_form_is_refused(self, client):
        answer = client.post("/auth/sign-in", data={"identifier": "x" * 20_000, "password": "y"})
        assert answer.status_code == 413


class TestAddress:
    """Where a request comes from, for the limits and the journal."""

    FORGED = "203.0.113.7, 198.51.100.9"

    @pytest.fixture
    def counted(self, client, account, database, settings_env):
        """The addresses that wrong passwords are counted against, behind so many proxies of ours."""

        def try_once(hops: int) -> set[str]:
            settings_env.setenv("LIANE_TRUSTED_PROXY_HOPS", str(hops))
            get_settings.cache_clear()
            client.post(
                "/auth/sign-in",
                data={"identifier": account.email, "password": "Faux-mot-1!"},
                headers={"X-Forwarded-For": self.FORGED},
            )
            with reading(database) as session:
                return set(session.exec(select(JournalEntry.address)))

        return try_once

    def test_S026_a_forged_header_moves_no_counter(self, counted):
        assert counted(0) == {"testclient"}

    def test_S026_the_proxies_that_are_ours_are_believed(self, counted):
        assert counted(1) == {"198.51.100.9"}

    @pytest.mark.parametrize("hops", [0, 2])
    def test_S026_a_socket_is_believed_as_much_as_a_form(self, settings_env, hops):
        settings_env.setenv("LIANE_TRUSTED_PROXY_HOPS", str(hops))
        get_settings.cache_clear()
        assert run_path("rxconfig.py")["config"].trusted_proxy_hops == hops


class TestOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://ailleurs.test"},
            {"Origin": "null"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://portail.exemple.test", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_S082_refuses_another_sites_form(self, client, account, headers):
        answer = client.post(
            "/auth/sign-in",
            data={"identifier": account.email, "password": PASSWORD},
            headers=headers,
        )
        assert answer.status_code == 403
        assert client.get("/demo/outbox.json").json() == []

    def test_S082_accepts_our_own_page_that_hides_its_referrer(self, client, account):
        answer = client.post(
            "/auth/sign-in",
            data={"identifier": account.email, "password": PASSWORD},
            headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        )
        assert answer.headers["location"] == "/connexion/code"


class TestSignOut:
    def test_S055_ends_the_session_and_clears_the_browser(self, signed_in):
        token = signed_in.cookies[cookies.SESSION]
        answer = signed_in.post("/auth/sign-out")
        assert answer.headers["clear-site-data"] == '"storage"'
        draft = {"form": "f", "scope": "", "fields": {}}
        again = signed_in.post(
            "/api/drafts", json=draft, headers={"Cookie": f"{cookies.SESSION}={token}"}
        )
        assert again.status_code == 401

    def test_a_get_changes_nothing(self, signed_in):
        assert signed_in.get("/auth/sign-out").status_code == 405


class TestDrafts:
    def test_keeps_what_is_typed(self, signed_in):
        body = {"form": "tolerance", "scope": "", "fields": {"note": "Nausées"}}
        assert signed_in.post("/api/drafts", json=body).status_code == 204

    def test_nobody_has_none(self, client):
        body = {"form": "tolerance", "scope": "", "fields": {}}
        assert client.post("/api/drafts", json=body).status_code == 401

    @pytest.mark.parametrize("body", ["", "[]", '{"form": 1}', '{"form":"f","fields":[]}', "\x00"])
    def test_unreadable_bodies_are_refused(self, signed_in, body):
        assert signed_in.post("/api/drafts", content=body).status_code == 400

    def test_overlong_ones_are_refused_while_reading(self, signed_in):
        body = json.dumps({"form": "f", "fields": {"note": "x" * 40_000}})
        assert signed_in.post("/api/drafts", content=body).status_code == 413


class TestHeaders:
    def test_S080_S081_on_every_answer(self, client):
        headers = client.get("/demo/outbox.json").headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("path", ["/_upload/x", "/_health", "/_all_routes", "/sitemap.xml"])
    def test_S009_S010_closed_doors(self, client, path):
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("path", ["/demo/outbox.json", "/demo/boite-envoi"])
    def test_the_outbox_is_absent_outside_the_demonstration(self, client, settings_env, path):
        settings_env.setenv("LIANE_MODE", "production")
        get_settings.cache_clear()
        client.app.settings = get_settings()
        assert client.get(path).status_code == 404
