"""The administrators' page of health mail: envelopes and reasons, never a subject nor a word (S067)."""

from uuid import UUID

import pytest

from app.authz.actor import system
from app.integrations.health_mail_mime import Envelope
from app.models.health_mail import HealthMailReceipt, MailReason, ReceiptState
from app.services.health_mail_receipt import Incoming, quarantine
from app.state.clock import utc_now
from app.state.health_mail import PATH, HealthMailState
from tests.documents import make_file
from tests.mails import TO

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def receipt_id(saving, circle):
    """A mail of an unknown sender, kept."""
    incoming = Incoming(TO, Envelope("<1@evil>", "x@evil.example", (TO,)), b"digest", 3_000_000)
    with saving() as session:
        quarantine(
            session, system("test"), incoming, MailReason.UNKNOWN_SENDER, None, now=utc_now()
        )
        file = make_file(session, circle.patient_id)
        session.get_one(HealthMailReceipt, incoming.receipt_id).file_id = file.id
    return str(incoming.receipt_id)


class TestPage:
    async def test_shows_why_a_mail_waits(self, open_tab, administrator, receipt_id):
        tab = open_tab(administrator)
        await tab.visit(PATH)
        shown = tab.of(HealthMailState)
        (line,) = shown.mails
        assert (line.sender, line.recipient) == ("x@evil.example", TO)
        assert line.reason == "Expéditeur hors des domaines autorisés"
        assert line.size == "2,9\u00a0Mo"
        assert line.may_retry
        assert shown.is_off
        assert shown.connection[0].value == "patient.liane.example"
        assert shown.trouble == ""

    async def test_tries_again_then_discards(self, open_tab, administrator, receipt_id, saving):
        tab = open_tab(administrator)
        await tab.visit(PATH)
        await tab.send(HealthMailState.retry, receipt_id=receipt_id)
        assert tab.of(HealthMailState).mails[0].is_asked
        await tab.send(HealthMailState.ask_discard, receipt_id=receipt_id)
        assert tab.of(HealthMailState).discarding_sender == "x@evil.example"
        await tab.send(HealthMailState.discard)
        assert tab.of(HealthMailState).mails == []
        with saving() as session:
            kept = session.get_one(HealthMailReceipt, UUID(receipt_id))
            assert kept.state is ReceiptState.DISCARDED

    async def test_what_is_gone_is_said(self, open_tab, administrator, receipt_id):
        tab = open_tab(administrator)
        await tab.visit(PATH)
        for _ in range(2):
            await tab.send(HealthMailState.ask_discard, receipt_id=receipt_id)
            await tab.send(HealthMailState.discard)
        await tab.send(HealthMailState.retry, receipt_id=receipt_id)
        assert tab.of(HealthMailState).error == "Ce message n’est plus en quarantaine."
