"""How fast one socket or one address may ask (S072)."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.api.limits import RequestLimits
from app.pace import Pace, address_pace, socket_pace
from app.settings import get_settings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch):
    """Even an operator who asks for more gets what the product allows."""
    monkeypatch.setenv("LIANE_MODE", "production")
    monkeypatch.setenv("LIANE_EVENTS_PER_SECOND", "100000")
    monkeypatch.setenv("LIANE_REQUESTS_PER_MINUTE", "100000")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


class TestPace:
    def test_S072_a_burst_then_a_steady_pace_for_each(self):
        clock = Clock()
        pace = Pace(20, 40, clock)
        assert [pace.take("a") for _ in range(41)] == [True] * 40 + [False]
        assert pace.take("b")
        clock.now = 0.5
        assert [pace.take("a") for _ in range(11)] == [True] * 10 + [False]

    def test_forgets_those_who_waited_long_enough(self):
        clock = Clock()
        pace = Pace(1, 1, clock)
        for n in range(20_000):
            pace.take(str(n))
        clock.now = 2
        pace.take("new")
        assert len(pace._buckets) == 1

    def test_S072_20_events_a_second_40_at_once(self, production):
        assert (socket_pace().per_second, socket_pace().burst) == (20, 40)

    def test_S072_300_posts_a_minute(self, production):
        assert (address_pace().per_second, address_pace().burst) == (5, 300)


class TestRequestLimits:
    @pytest.fixture
    def client(self, production):
        async def answer(_):
            return PlainTextResponse("ok")

        limits = RequestLimits(Starlette(routes=[Route("/x", answer, methods=["GET", "POST"])]))
        limits.pace = Pace(limits.pace.per_second, limits.pace.burst, Clock())
        with TestClient(limits) as browser:
            yield browser

    def test_S072_one_post_too_many_waits_and_pages_open_all_the_same(self, client):
        assert {client.post("/x").status_code for _ in range(300)} == {200}
        refused = client.post("/x")
        assert refused.status_code == 429
        assert "Réessayez dans une minute" in refused.text
        assert int(refused.headers["retry-after"]) >= 1
        assert client.get("/x").status_code == 200
