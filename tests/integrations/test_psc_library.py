"""The client against a provider somebody else wrote, over HTTP on this machine."""

import warnings
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.errors import Unavailable
from app.integrations.psc import PscClient, PscConfiguration
from app.simulator.people import PEOPLE
from app.state.clock import utc_now

# The library still calls its own by names they are giving up; that is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CALLBACK = "http://localhost:3000/auth/psc/callback"
NONCE, VERIFIER = "n" * 43, "v" * 43
PERSON = PEOPLE["medecin"]


@pytest.fixture(scope="module")
def library():
    """`oidc-provider-mock`: the claims it is given also go into its id tokens."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # It serves plain HTTP, which its own library refuses unless told.
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        warnings.simplefilter("ignore")
        import oidc_provider_mock as mock  # noqa: PLC0415 - it warns when imported

        good = mock.User(sub=PERSON.subject, claims=PERSON.userinfo() | {"acr": "eidas1"})
        weak = mock.User(sub="sans-acr", claims={"SubjectNameID": PERSON.national_id})
        with mock.run_server_in_thread(user_claims=[good, weak]) as server:
            yield f"http://localhost:{server.server_port}"


def client_of(issuer, **changes):
    known = {
        "issuer": issuer,
        "client_id": "liane",
        "client_secret": "secret",
        "is_local": True,
    } | changes
    return PscClient(PscConfiguration(**known))


async def code_for(client, subject):
    """What the provider sends back once somebody signed in on its page."""
    url = await client.authorization_url(
        redirect_uri=CALLBACK, state="etat", nonce=NONCE, verifier=VERIFIER
    )
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(url, data={"sub": subject})
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["etat"]
    return query["code"][0]


async def exchange(client, code, **changes):
    known = {"redirect_uri": CALLBACK, "nonce": NONCE, "verifier": VERIFIER, "now": utc_now()}
    return await client.exchange(code, **known | changes)


class TestAgainstALibrary:
    async def test_signs_somebody_in(self, library):
        client = client_of(library)
        done = await exchange(client, await code_for(client, PERSON.subject))
        assert done.identity.subject == PERSON.subject
        assert done.identity.rpps == PERSON.rpps
        assert done.identity.profession_codes == ("10",)

    async def test_FA01_finds_the_standard_document_where_the_other_is_missing(self, library):
        provider = await client_of(library).discover()
        assert provider.authorization_url == f"{library}/oauth2/authorize"

    async def test_S041_a_code_is_worth_something_once(self, library):
        client = client_of(library)
        code = await code_for(client, PERSON.subject)
        await exchange(client, code)
        with pytest.raises(Unavailable):
            await exchange(client, code)

    async def test_S040_the_answer_to_another_request_is_refused(self, library):
        client = client_of(library)
        code = await code_for(client, PERSON.subject)
        with pytest.raises(Unavailable) as caught:
            await exchange(client, code, nonce="m" * 43)
        assert caught.value.context == {"reason": "nonce"}

    async def test_S041_an_answer_without_the_level_asked_for(self, library):
        client = client_of(library)
        with pytest.raises(Unavailable) as caught:
            await exchange(client, await code_for(client, "sans-acr"))
        assert caught.value.context == {"reason": "acr"}

    async def test_S041_an_answer_for_another_service(self, library):
        ours, other = client_of(library), client_of(library, client_id="un-autre-service")
        code = await code_for(other, PERSON.subject)
        with pytest.raises(Unavailable):
            await exchange(ours, code)

    async def test_a_provider_that_is_gone(self, library):
        gone = client_of("http://localhost:9")
        with pytest.raises(Unavailable) as caught:
            await gone.discover()
        assert caught.value.code == "psc.unavailable"
