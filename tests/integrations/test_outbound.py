"""Calls to outside systems (S114)."""

import asyncio
import socket

import httpx
import pytest

from app.integrations import outbound
from app.integrations.outbound import Outbound, OutboundFault, is_address, public_addresses

HOST = "annuaire.exemple.test"


def answering(**answer):
    asked = []

    def answer_it(request):
        asked.append(request)
        return httpx.Response(200, **answer)

    return asked, httpx.MockTransport(answer_it)


class TestOutbound:
    async def test_S114_calls_a_configured_host(self):
        asked, transport = answering(json={"a": 1})
        answer = await Outbound([HOST], transport=transport).call("GET", f"https://{HOST}/x")
        assert answer.json_object() == {"a": 1}
        assert len(asked) == 1

    @pytest.mark.parametrize(
        "url",
        [
            "https://ailleurs.exemple.test/",
            f"https://{HOST}.exemple.test/",
            f"http://{HOST}/",
            f"https://moi@{HOST}/",
            f"https://{HOST}:port/",
            "file:///etc/passwd",
            "",
        ],
    )
    async def test_S114_and_no_other_address(self, url):
        asked, transport = answering(json={})
        with pytest.raises(OutboundFault):
            await Outbound([HOST], transport=transport).call("GET", url)
        assert asked == []

    async def test_S114_follows_no_redirect(self):
        asked = []

        def lead_away(request):
            asked.append(request)
            return httpx.Response(307, headers={"location": f"https://{HOST}/autre"})

        transport = httpx.MockTransport(lead_away)
        answer = await Outbound([HOST], transport=transport).call("GET", f"https://{HOST}/")
        assert (answer.status, len(asked)) == (307, 1)
        with pytest.raises(OutboundFault):
            answer.json_object()

    async def test_S114_gives_up_in_time(self, monkeypatch):
        async def sleep(_):
            await asyncio.sleep(5)
            return httpx.Response(200)

        monkeypatch.setattr(outbound, "DEADLINE_SECONDS", 0.05)
        with pytest.raises(OutboundFault):
            await Outbound([HOST], transport=httpx.MockTransport(sleep)).call(
                "GET", f"https://{HOST}/"
            )

    def test_S114_ten_seconds(self):
        assert outbound.DEADLINE_SECONDS == 10

    async def test_an_answer_too_long_is_left(self):
        _, transport = answering(content=b"x" * (outbound.MAX_ANSWER_BYTES + 1))
        with pytest.raises(OutboundFault):
            await Outbound([HOST], transport=transport).call("GET", f"https://{HOST}/")

    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "172.16.3.4"],
    )
    async def test_S114_reaches_no_private_address(self, monkeypatch, address):
        async def resolve(*_args, **_kwargs):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("93.184.215.14", 443)),
                (family, socket.SOCK_STREAM, 0, "", (address, 443)),
            ]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        with pytest.raises(OutboundFault):
            await public_addresses(HOST, 443)
        with pytest.raises(OutboundFault):
            await Outbound([HOST]).call("GET", f"https://{HOST}/")

    def test_plain_http_only_where_allowed(self):
        assert is_address("http://127.0.0.1:3000/", may_be_plain=True)
        assert not is_address("http://127.0.0.1:3000/", may_be_plain=False)
