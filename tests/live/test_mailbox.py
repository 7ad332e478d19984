"""Messages on the running server: every open page of a mailbox hears of them, and nobody else's (S062)."""

import asyncio
import time
from uuid import UUID

from reflex_base.utils.format import format_event_handler

from app.state.arrival import ArrivalState
from app.state.clock import utc_now
from tests import factories
from tests.live.conftest import NOTE, People
from tests.live_client import LiveClient
from tests.messages import patient, write

WITHIN = 2.0
COUNT = format_event_handler(ArrivalState.count)


def _write(people: People) -> UUID:
    """The doctor writes to the patient, from a process that is not the server's."""
    with people.saving() as session:
        sent = write(session, people.doctor, patient(people.patient_id), now=utc_now(), text=NOTE)
        return sent.conversation_id


def _told(tab: LiveClient) -> bool:
    return any(event["name"] == COUNT for event in tab.events)


async def test_S062_a_message_moves_every_open_page_of_its_mailboxes_and_no_other(people: People):
    with people.saving() as session:
        patient = factories.make_patient_actor(session, people.patient_id, now=utc_now())
    url = people.server.url
    async with (
        LiveClient(url, people.cookie(patient)) as elsewhere,
        LiveClient(url, people.cookie(people.doctor)) as sender,
        LiveClient(url, people.cookie(people.pharmacist)) as colleague,
    ):
        pages = {"patient": elsewhere, "doctor": sender, "pharmacist": colleague}
        for tab in pages.values():
            await tab.visit("/aide")
            await tab.wait_for(lambda t: "unread" in t.fresh)
            tab.events.clear()
        before = elsewhere.fresh["unread"]
        started = time.monotonic()
        conversation_id = await asyncio.to_thread(_write, people)
        await elsewhere.wait_for(_told, WITHIN)
        await elsewhere.send(COUNT)
        await elsewhere.wait_for(lambda t: t.fresh["unread"] == before + 1)
        assert time.monotonic() - started < WITHIN
        assert elsewhere.fresh["message_notice"].startswith("Nouveau message d")
        assert elsewhere.fresh["message_href"] == f"/messagerie/{conversation_id}"

        # One's own message makes no notice; a colleague is told nothing, and learns nothing by asking.
        await sender.wait_for(_told, WITHIN)
        for tab in (sender, colleague):
            await tab.send(COUNT)
        await asyncio.sleep(0.5)
        assert not _told(colleague)
        assert (sender.fresh["unread"], sender.fresh.get("message_notice", "")) == (0, "")
        assert (colleague.fresh["unread"], colleague.fresh.get("message_notice", "")) == (0, "")
        assert "8QLM" not in "".join(
            map(str, [t.vars for t in pages.values()] + [colleague.events])
        )
