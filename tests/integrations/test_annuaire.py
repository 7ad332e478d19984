"""The ANS directory API, spoken by a real HTTP server of the test."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.errors import Unavailable
from app.integrations import outbound
from app.integrations.annuaire import Annuaire, FoundPlace
from tests.annuaire_resources import ORGANIZATION, PRACTITIONER, ROLE, bundle

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "annuaire-fhir"
KEY = "clé-d-essai".encode().hex()


class Api:
    """What the server answers: a resource for each path, or something else entirely."""

    def __init__(self):
        self.answers = {
            "Practitioner": bundle(PRACTITIONER, ROLE),
            "Organization": bundle(ORGANIZATION),
        }
        self.status, self.raw, self.wait, self.headers = 200, None, 0.0, {}
        self.asked = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                resource = parts.path.rpartition("/")[2]
                api.asked.append((resource, parse_qsl(parts.query), dict(self.headers)))
                time.sleep(api.wait)
                body = api.raw
                if body is None:
                    body = json.dumps(api.answers[resource]).encode()
                self.send_response(api.status)
                for name, value in {"Content-Length": str(len(body)), **api.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):  # whoever asked may have had enough
                    self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/fhir/v2"

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def api():
    server = Api()
    yield server
    server.stop()


@pytest.fixture
def annuaire(api):
    return Annuaire(api.url, KEY, is_local=True)


class TestSearch:
    async def test_identity_and_places(self, annuaire):
        (person,) = await annuaire.search(["saucier", "arthur"])
        assert (person.number, person.family_name, person.given_name) == (
            "10003461033",
            "Saucier",
            "Arthur",
        )
        assert (person.civility, person.profession) == ("M", "10")
        assert person.places == (
            FoundPlace("754567860", "1754567860", "CH EURE-SEINE", "96 R DIDOT", "75014", "PARIS"),
        )

    async def test_asks_as_the_api_wants(self, annuaire, api):
        await annuaire.search(["sauc", "arth"])
        (first, parameters, headers), (second, more, _) = api.asked
        assert (first, second) == ("Practitioner", "Organization")
        assert [value for name, value in parameters if name == "name"] == ["sauc", "arth"]
        assert ("_revinclude", "PractitionerRole:practitioner") in parameters
        assert headers["ESANTE-API-KEY"] == KEY
        assert ("_id", "158480") in more

    async def test_a_number(self, annuaire, api):
        await annuaire.search(["saucier"], "10003461033")
        assert ("identifier", "10003461033") in api.asked[0][1]
        assert "name" not in dict(api.asked[0][1])

    async def test_nobody(self, annuaire, api):
        api.answers["Practitioner"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
        assert await annuaire.search(["personne"]) == []
        assert len(api.asked) == 1
        assert await annuaire.search([]) == []
        assert len(api.asked) == 1

    async def test_fields_that_are_missing(self, annuaire, api):
        bare = {
            "resourceType": "Practitioner",
            "id": "1",
            "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "0019306919"}],
            "name": [{"family": "Thomas"}],
        }
        nobody = {"resourceType": "Practitioner", "id": "2"}
        lost = {"resourceType": "PractitionerRole", "id": "3"}
        api.answers["Practitioner"] = bundle(bare, nobody, lost)
        (person,) = await annuaire.search(["thomas"])
        assert (person.number, person.family_name, person.places) == ("019306919", "Thomas", ())


class TestFailures:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412, 429, 500, 503])
    async def test_an_operation_outcome(self, annuaire, api, status):
        api.status = status
        api.raw = json.dumps(
            {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
        ).encode()
        with pytest.raises(Unavailable, match="unavailable"):
            await annuaire.search(["saucier"])

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"<html>",
            b"[]",
            b'{"resourceType":"OperationOutcome"}',
            b'{"resourceType":"Bundle","entry":[1]}',
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Practitioner"}}]}'[
                :-9
            ],
            b'{"resourceType":"Bundle","entry":{"a":1}}',
            json.dumps(bundle({**PRACTITIONER, "name": "x", "identifier": [1]})).encode(),
            b"\xff\xfe\x00",
            b'{"resourceType":"Bundle","x":"' + b"x" * 2_000_000 + b'"}',
        ],
    )
    async def test_nonsense(self, annuaire, api, raw):
        api.raw = raw
        with pytest.raises(Unavailable):
            await annuaire.search(["saucier"])

    async def test_a_redirect_is_not_followed(self, annuaire, api):
        api.status, api.headers, api.raw = 302, {"Location": f"{api.url}/ailleurs"}, b""
        with pytest.raises(Unavailable):
            await annuaire.search(["saucier"])
        assert len(api.asked) == 1

    async def test_silence(self, annuaire, api, monkeypatch):
        monkeypatch.setattr(outbound, "DEADLINE_SECONDS", 0.2)
        api.wait = 1.0
        started = time.monotonic()
        with pytest.raises(Unavailable):
            await annuaire.search(["saucier"])
        assert time.monotonic() - started < 0.9

    async def test_nobody_there(self):
        with pytest.raises(Unavailable):
            await Annuaire("http://127.0.0.1:9/fhir/v2", KEY, is_local=True).search(["saucier"])

    async def test_S114_a_private_address_is_not_called(self, api):
        with pytest.raises(Unavailable):
            await Annuaire(api.url, KEY).search(["saucier"])
        assert api.asked == []

    async def test_the_key_is_never_logged(self, annuaire, api, caplog):
        api.status, api.raw = 403, b"{}"
        with pytest.raises(Unavailable):
            await annuaire.search(["saucier"])
        assert "403" in caplog.text
        assert KEY not in caplog.text


@pytest.mark.skipif(not REAL.exists(), reason="the examples are not beside the repository")
class TestExamples:
    async def test_those_of_the_guide(self, annuaire, api):
        def example(name):
            return json.loads((REAL / name).read_text(encoding="utf-8"))

        api.answers = {
            "Practitioner": bundle(
                example("Practitioner-334081DP.json"), example("PractitionerRole-1578230DP.json")
            ),
            "Organization": bundle(example("Organization-158480DP.json")),
        }
        (person,) = await annuaire.search(["saucier"])
        assert (person.number, person.profession) == ("10003461033", "10")
        assert [place.city for place in person.places] == ["PARIS"]
