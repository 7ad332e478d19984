"""The simulator, a provider as strict as a real one; its screens (DM-14 to DM-22, PS-19, PS-20, MM-29)."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.errors import Unavailable
from app.integrations.psc import PscClient, PscConfiguration
from app.integrations.psc_settings import SIMULATOR, SIMULATOR_CLIENT
from app.simulator import human
from app.simulator.application import routes
from app.simulator.keys import load_key
from app.simulator.memory import CODE_LIFE, PHONE_LIFE, SESSION_IDLE, SESSION_LIFE
from app.simulator.people import PEOPLE
from app.simulator.provider import Client, Provider
from tests.conftest import NOW

BASE = "https://portail.exemple.test"
ISSUER = BASE + SIMULATOR
CALLBACK, END = f"{BASE}/auth/psc/callback", f"{BASE}/auth/psc/signed-out"
SECRET, NONCE, VERIFIER = "secret", "n" * 43, "v" * 43
DOCTOR = PEOPLE["medecin"]


class Clock:
    """A clock a test moves."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def provider(clock, tmp_path):
    client = Client(SIMULATOR_CLIENT, SECRET, "Liane", (CALLBACK,), (END,), f"{BASE}/back")
    return Provider(front=ISSUER, back=ISSUER, client=client, key=load_key(tmp_path), clock=clock)


@pytest.fixture
def application(provider):
    return Starlette(routes=[Mount(SIMULATOR, app=Starlette(routes=routes(provider)))])


@pytest.fixture
def browser(application):
    with TestClient(application, base_url=BASE, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def service(application):
    """Our own side, over the simulator."""
    known = PscConfiguration(ISSUER, SIMULATOR_CLIENT, SECRET)
    return PscClient(known, transport=httpx.ASGITransport(application))


async def ask(service, **changes):
    known = {"redirect_uri": CALLBACK, "state": "etat", "nonce": NONCE, "verifier": VERIFIER}
    return await service.authorization_url(**known | changes)


async def exchange(service, code, now=NOW, **changes):
    known = {"redirect_uri": CALLBACK, "nonce": NONCE, "verifier": VERIFIER, "now": now}
    return await service.exchange(code, **known | changes)


def confirm(browser, person="medecin", code="1234"):
    """From the sign-in page to the confirmation on the phone."""
    browser.post(f"{SIMULATOR}/application", data={"personne": person})
    return browser.post(f"{SIMULATOR}/telephone", data={"acte": "confirmer", "code": code})


def sent_back(answer):
    """What the service is told in the address it gets back."""
    url = urlsplit(answer.headers["location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == CALLBACK
    return {name: values[0] for name, values in parse_qs(url.query).items()}


class TestProtocol:
    async def test_signs_somebody_in(self, service, browser):
        assert browser.get(await ask(service)).headers["location"] == f"{SIMULATOR}/connexion"
        told = sent_back(confirm(browser))
        assert told["state"] == "etat"
        done = await exchange(service, told["code"])
        assert (done.identity.rpps, done.identity.acr) == (DOCTOR.rpps, "eidas1")

    def test_the_document_has_the_non_standard_name(self, browser):
        assert browser.get(f"{SIMULATOR}/.well-known/openid-configuration").status_code == 404
        found = browser.get(f"{SIMULATOR}/.well-known/wallet-openid-configuration").json()
        assert found["issuer"] == ISSUER
        assert found["code_challenge_methods_supported"] == ["S256"]

    def test_publishes_the_public_half_of_its_key_only(self, browser):
        [key] = browser.get(f"{SIMULATOR}/protocol/openid-connect/certs").json()["keys"]
        assert (key["kty"], key["use"]) == ("RSA", "sig")
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)

    def test_the_key_is_of_one_data_folder(self, tmp_path):
        assert load_key(tmp_path / "a").kid == load_key(tmp_path / "a").kid
        assert load_key(tmp_path / "a").kid != load_key(tmp_path / "b").kid
        [path] = (tmp_path / "a").iterdir()
        assert path.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"verifier": "w" * 43},
            {"redirect_uri": f"{CALLBACK}/"},
        ],
    )
    async def test_S040_verifies_the_challenge_and_the_return_address(
        self, service, browser, changes
    ):
        browser.get(await ask(service))
        code = sent_back(confirm(browser))["code"]
        with pytest.raises(Unavailable):
            await exchange(service, code, **changes)

    async def test_a_code_is_worth_something_once_and_one_minute(self, service, browser, clock):
        browser.get(await ask(service))
        code = sent_back(confirm(browser))["code"]
        await exchange(service, code)
        with pytest.raises(Unavailable):
            await exchange(service, code)
        late = sent_back(browser.get(await ask(service)))["code"]
        clock.now += CODE_LIFE
        with pytest.raises(Unavailable):
            await exchange(service, late, clock.now)

    async def test_a_wrong_client_secret_gets_nothing(self, application, service, browser):
        browser.get(await ask(service))
        code = sent_back(confirm(browser))["code"]
        stranger = PscClient(
            PscConfiguration(ISSUER, SIMULATOR_CLIENT, "autre"),
            transport=httpx.ASGITransport(application),
        )
        with pytest.raises(Unavailable) as caught:
            await exchange(stranger, code)
        assert caught.value.context == {"reason": "answered 401"}

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "openid"}, "invalid_scope"),
            ({"code_challenge": ""}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"nonce": ""}, "invalid_request"),
            ({"acr_values": "eidas9"}, "unmet_authentication_requirements"),
            ({"prompt": "none"}, "login_required"),
        ],
    )
    async def test_tells_the_service_what_is_wrong(self, service, browser, change, error):
        query = {k: v[0] for k, v in parse_qs(urlsplit(await ask(service)).query).items()}
        answer = browser.get(f"{SIMULATOR}/auth", params=query | change)
        assert sent_back(answer) == {"error": error, "state": "etat"}

    @pytest.mark.parametrize(
        "change", [{"client_id": "autre"}, {"redirect_uri": "https://ailleurs.test/"}]
    )
    async def test_sends_nobody_to_an_address_it_does_not_know(self, service, browser, change):
        query = {k: v[0] for k, v in parse_qs(urlsplit(await ask(service)).query).items()}
        answer = browser.get(f"{SIMULATOR}/auth", params=query | change)
        assert (answer.status_code, "location" in answer.headers) == (400, False)

    def test_an_unknown_access_token_opens_nothing(self, browser):
        answer = browser.get(
            f"{SIMULATOR}/protocol/openid-connect/userinfo", headers={"Authorization": "Bearer x"}
        )
        assert answer.status_code == 401

    async def test_introspection_asks_for_the_service(self, browser):
        path = f"{SIMULATOR}/protocol/openid-connect/token/introspect"
        assert browser.post(path, data={"token": "x"}).status_code == 401
        answer = browser.post(path, data={"token": "x"}, auth=(SIMULATOR_CLIENT, SECRET))
        assert answer.json() == {"active": False}


class TestSession:
    async def test_PS07_a_second_request_needs_no_second_proof(self, service, browser):
        browser.get(await ask(service))
        confirm(browser)
        told = sent_back(browser.get(await ask(service, state="deux")))
        assert told["state"] == "deux"
        assert (await exchange(service, told["code"])).identity.subject == DOCTOR.subject

    @pytest.mark.parametrize("after", [SESSION_IDLE, SESSION_LIFE])
    async def test_FA09_ends_by_itself(self, service, browser, clock, after):
        browser.get(await ask(service))
        confirm(browser)
        clock.now += after
        assert browser.get(await ask(service)).headers["location"] == f"{SIMULATOR}/connexion"

    async def test_FA11_signs_out_and_comes_back_with_the_state(self, service, browser):
        browser.get(await ask(service))
        done = await exchange(service, sent_back(confirm(browser))["code"])
        url = await service.logout_url(id_token=done.id_token, return_uri=END, state="fin")
        assert browser.get(url).headers["location"] == f"{END}?state=fin"
        assert browser.get(await ask(service)).headers["location"] == f"{SIMULATOR}/connexion"

    async def test_returns_from_sign_out_to_no_other_address(self, service, browser):
        browser.get(await ask(service))
        done = await exchange(service, sent_back(confirm(browser))["code"])
        url = await service.logout_url(
            id_token=done.id_token, return_uri="https://ailleurs.test/", state="fin"
        )
        assert browser.get(url).headers["location"] == f"{SIMULATOR}/"

    async def test_a_forged_hint_ends_nothing(self, service, browser):
        browser.get(await ask(service))
        confirm(browser)
        url = await service.logout_url(id_token="a.b.c", return_uri=END, state="fin")
        assert browser.get(url).status_code == 400
        assert sent_back(browser.get(await ask(service)))["state"] == "etat"

    async def test_S044_closing_there_tells_the_service(self, service, browser, monkeypatch):
        told = []

        async def post(url, token):
            told.append((url, token))

        monkeypatch.setattr(human, "_post_logout", post)
        browser.get(await ask(service))
        confirm(browser)
        assert "Claire Martin" in browser.get(f"{SIMULATOR}/").text
        browser.post(f"{SIMULATOR}/fermer")
        [(url, token)] = told
        assert url == f"{BASE}/back"
        subject, sid = await service.check_logout(token, now=NOW)
        assert (subject, bool(sid)) == (DOCTOR.subject, True)
        assert "Aucune session ouverte" in browser.get(f"{SIMULATOR}/").text


@pytest.fixture
async def asked(service, browser):
    """A browser on « Connectez-vous »."""
    browser.get(await ask(service))
    return browser


class TestSignInPage:
    async def test_DM14_two_tabs(self, asked):
        page = asked.get(f"{SIMULATOR}/connexion").text
        nav = re.search(r"<nav.*?</nav>", page, re.DOTALL)[0]
        assert re.findall(r"</svg>([^<]+)</a>", nav) == ["Application e-CPS", "Carte CPS"]
        assert "<h1>Connectez-vous</h1>" in page

    async def test_DM15_to_DM18_what_the_first_tab_says(self, asked):
        page = asked.get(f"{SIMULATOR}/connexion").text
        for words in (
            "horloge déréglée",
            'href="/aide"',
            "application mobile e-CPS",
            "Votre identifiant RPPS",
            "Mémoriser mon identifiant sur ce poste",
            "Simulateur — aucune identité réelle",
            "Identités de démonstration",
        ):
            assert words in page

    async def test_nothing_stands_inline(self, asked):
        for means in ("application", "carte", "cle"):
            page = asked.get(f"{SIMULATOR}/connexion/{means}").text
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page)

    @pytest.mark.parametrize(
        "typed", [DOCTOR.rpps, f"8{DOCTOR.rpps}", f" {DOCTOR.rpps[:4]} {DOCTOR.rpps[4:]}"]
    )
    async def test_DM17_a_number_or_the_national_identifier(self, asked, typed):
        answer = asked.post(f"{SIMULATOR}/application", data={"rpps": typed})
        assert answer.headers["location"] == f"{SIMULATOR}/telephone"

    @pytest.mark.parametrize("typed", ["", "12345678901", "<script>"])
    async def test_DM17_an_unknown_number_says_so(self, asked, typed):
        answer = asked.post(f"{SIMULATOR}/application", data={"rpps": typed})
        page = asked.get(answer.headers["location"]).text
        assert 'aria-invalid="true"' in page
        assert "<title>Erreur" in page

    async def test_DM18_remembers_the_number_and_forgets_it(self, asked):
        data = {"rpps": DOCTOR.rpps, "memoriser": "1"}
        asked.post(f"{SIMULATOR}/application", data=data)
        assert f'value="{DOCTOR.rpps}"' in asked.get(f"{SIMULATOR}/connexion").text
        asked.post(f"{SIMULATOR}/application", data={"rpps": DOCTOR.rpps})
        assert f'value="{DOCTOR.rpps}"' not in asked.get(f"{SIMULATOR}/connexion").text

    async def test_gives_up_back_to_the_service(self, asked):
        answer = asked.post(f"{SIMULATOR}/annuler")
        assert sent_back(answer) == {"error": "access_denied", "state": "etat"}

    def test_without_a_request_there_is_nothing_to_do(self, browser):
        for path in ("/connexion", "/telephone", "/carte/code"):
            assert browser.get(SIMULATOR + path).status_code == 400
        assert browser.post(f"{SIMULATOR}/annuler").status_code == 400

    async def test_S082_another_sites_form_does_nothing(self, asked):
        answer = asked.post(
            f"{SIMULATOR}/cle",
            data={"personne": "medecin"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 403


class TestPhone:
    async def test_DM21_the_same_two_digits_on_both_screens(self, asked):
        asked.post(f"{SIMULATOR}/application", data={"personne": "medecin"})
        page = asked.get(f"{SIMULATOR}/telephone").text
        numbers = re.findall(r'class="number[^"]*"[^>]*>(\d+)<', page)
        assert len(numbers) == 2
        assert len(set(numbers)) == 1
        assert re.fullmatch(r"\d\d", numbers[0])

    async def test_DM22_a_wrong_code_tells_how_many_tries_are_left(self, asked):
        answer = confirm(asked, code="0000")
        page = asked.get(answer.headers["location"]).text
        assert "Code incorrect. Il vous reste 2 tentative(s)" in page

    async def test_three_wrong_codes_block_until_unblocked(self, asked):
        for _ in range(3):
            confirm(asked, code="0000")
        assert "location" in confirm(asked).headers
        assert "Trop de codes faux" in asked.get(f"{SIMULATOR}/telephone").text
        asked.post(f"{SIMULATOR}/debloquer")
        assert "code" in sent_back(confirm(asked))

    async def test_a_refusal_signs_nobody_in(self, asked):
        asked.post(f"{SIMULATOR}/application", data={"personne": "medecin"})
        answer = asked.post(f"{SIMULATOR}/telephone", data={"acte": "refuser", "code": "1234"})
        assert "Demande refusée" in answer.text
        assert "location" not in answer.headers

    async def test_nobody_answers_in_time(self, asked, clock):
        asked.post(f"{SIMULATOR}/application", data={"personne": "medecin"})
        clock.now += PHONE_LIFE
        answer = asked.post(f"{SIMULATOR}/telephone", data={"acte": "confirmer", "code": "1234"})
        assert "La demande a expiré" in asked.get(answer.headers["location"]).text

    async def test_a_request_lives_ten_minutes(self, asked, clock):
        clock.now += timedelta(minutes=10)
        assert asked.get(f"{SIMULATOR}/connexion").status_code == 400


class TestCard:
    async def test_PS19_certificates_with_holder_authority_and_serial(self, asked):
        page = asked.get(f"{SIMULATOR}/connexion/carte").text
        assert "Sélectionner un certificat" in page
        assert page.count("AC IGC-SANTE FORT") == len(PEOPLE)
        assert DOCTOR.certificate_serial in page
        assert DOCTOR.national_id in page

    async def test_PS20_the_code_and_the_remaining_tries(self, asked):
        asked.post(f"{SIMULATOR}/carte", data={"personne": "medecin"})
        page = asked.get(f"{SIMULATOR}/carte/code").text
        assert "Saisissez votre Code Porteur" in page
        assert "Il vous reste 3 tentative(s) pour la carte" in page
        assert "CPS3v3-" in page
        told = sent_back(asked.post(f"{SIMULATOR}/carte/code", data={"code": "1234"}))
        assert "code" in told

    async def test_PS20_blocked_after_three(self, asked):
        asked.post(f"{SIMULATOR}/carte", data={"personne": "medecin"})
        for left in (2, 1):
            asked.post(f"{SIMULATOR}/carte/code", data={"code": "0000"})
            assert f"Il vous reste {left} tentative(s)" in asked.get(f"{SIMULATOR}/carte/code").text
        asked.post(f"{SIMULATOR}/carte/code", data={"code": "0000"})
        asked.post(f"{SIMULATOR}/carte/code", data={"code": "1234"})
        assert "est bloquée après 3 codes faux" in asked.get(f"{SIMULATOR}/carte/code").text

    async def test_a_wrong_code_is_not_told_of_another_choice(self, asked):
        asked.post(f"{SIMULATOR}/carte", data={"personne": "medecin"})
        asked.post(f"{SIMULATOR}/carte/code", data={"code": "0000"})
        assert "Code incorrect" not in asked.get(f"{SIMULATOR}/connexion/carte").text
        asked.post(f"{SIMULATOR}/carte", data={"personne": "infirmier"})
        assert "Code incorrect" not in asked.get(f"{SIMULATOR}/carte/code").text

    async def test_no_certificate_chosen(self, asked):
        answer = asked.post(f"{SIMULATOR}/carte", data={"personne": ""})
        assert "Sélectionnez un certificat" in asked.get(answer.headers["location"]).text


class TestSecurityKey:
    async def test_MM29_a_touch_is_enough(self, asked):
        assert "code" in sent_back(asked.post(f"{SIMULATOR}/cle", data={"personne": "infirmier"}))
