"""A message that comes while one is anywhere in the portal: the count, and a notice that says who wrote."""

import pytest

from app import guard
from app.services.mailbox_unread import read_waiting
from app.state.arrival import ArrivalState
from app.state.clock import utc_now
from tests import factories
from tests.messages import answer, patient, write


@pytest.fixture
def send(saving, circle):
    """A message of the doctor to the patient, in a new conversation or in this one."""

    def one(conversation_id=None):
        with saving() as session:
            if conversation_id:
                sent = answer(session, circle.doctor, conversation_id, now=utc_now())
            else:
                sent = write(session, circle.doctor, patient(circle.patient_id), now=utc_now())
            return sent.conversation_id

    return one


async def test_a_message_is_counted_at_once_and_told_where_it_is_not_on_the_screen(
    open_tab, circle, send
):
    tab = open_tab(circle.patient_actor)
    await tab.visit("/aide")
    shown = tab.of(ArrivalState)
    assert (shown.unread, shown.message_notice) == (0, "")
    talk = send()
    await tab.send(ArrivalState.count)
    assert (shown.unread, shown.message_notice) == (1, "Nouveau message de Claire Martin")
    assert shown.message_href == f"/messagerie/{talk}"
    await tab.send(ArrivalState.close)
    await tab.send(ArrivalState.count)
    assert shown.message_notice == ""  # it is told once

    await tab.visit(f"/messagerie/{talk}")
    send(talk)
    await tab.send(ArrivalState.count)
    assert (shown.unread, shown.message_notice) == (1, "")  # opened, the first is read
    send()
    await tab.send(ArrivalState.count)
    assert shown.message_notice != ""
    await tab.visit("/messagerie")
    assert shown.message_notice == ""


async def test_who_wrote_oneself_is_told_nothing(open_tab, circle, send):
    tab = open_tab(circle.doctor)
    await tab.visit("/aide")
    send()
    await tab.send(ArrivalState.count)
    assert (tab.of(ArrivalState).unread, tab.of(ArrivalState).message_notice) == (0, "")


async def test_CX48_a_delegate_counts_the_messages_of_the_holder(saving, circle):
    with saving() as session:
        secretary = factories.make_secretary(session, utc_now())
        acting = factories.act_for(session, circle.doctor, secretary, now=utc_now())
        talk = write(session, circle.doctor, patient(circle.patient_id), now=utc_now())
        answer(session, circle.patient_actor, talk.conversation_id, now=utc_now())
        assert read_waiting(session, acting).unread == 1
        assert read_waiting(session, secretary).unread == 0
    # So the tab hears of the holder's mailbox, and of nobody's once it acts for nobody.
    assert guard._mailbox(acting) == circle.doctor.professional_id
    assert guard._mailbox(secretary) is None
