"""The demonstration on a base that real data was imported into first."""

from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from app.authz.actor import system
from app.db import unit_of_work
from app.integrations.document_store import get_store
from app.models.account import Account, Role
from app.models.message import ConversationKind
from app.models.outbox import OutboxMessage, OutboxState
from app.models.registration import Registration, RegistrationKind
from app.seeds import demo, reference
from app.services import xdm
from app.services.conversation_list import Box, list_conversations
from app.services.conversation_reading import open_conversation
from app.services.directory_import import import_directory
from app.services.health_mail_admin import read_health_mail
from app.services.mailbox import PartyKind
from tests.factories import actor_of
from tests.recount import wrong_places
from tests.rpps_files import write_extract


@pytest.mark.databases("sqlite")
def test_nobody_of_a_real_directory_is_part_of_it(database, tmp_path, now):
    path = write_extract(tmp_path / "PS_LibreAcces_Personne_activite.txt")
    robot = system("test")
    import_directory(robot, path, folder=tmp_path / "work", now=now, database=database)
    with unit_of_work(database) as session:
        reference.ensure(session, robot, now=now)
        loaded = demo.Demonstration(session, now + timedelta(hours=1))
        loaded.load()
        kinds = select(func.count()).where(col(Registration.kind) == RegistrationKind.PROFESSIONAL)
        assert session.exec(kinds).one() == 0
        _check_mailboxes(session, loaded.actors["medecin"], now + timedelta(hours=1))
        _check_health_mail(session, database.keyring, now + timedelta(hours=1))


def _check_mailboxes(session, doctor, now):
    """There is something of everything to look at, and it adds up."""
    assert wrong_places(session) == []
    received, archived, sent = (
        list_conversations(session, doctor, box, now=now)
        for box in (Box.RECEIVED, Box.ARCHIVED, Box.SENT)
    )
    assert received.unread >= 3
    assert 0 < received.contact_count < received.total
    assert archived.total >= 5
    assert sent.total >= 5
    assert any(row.draft_id for row in received.rows)
    assert any(row.attachment_count for row in received.rows)
    account = session.exec(select(Account).where(Account.role == Role.PATIENT)).one()
    own = list_conversations(session, actor_of(account), Box.ALL, now=now)
    assert own.rows[-1].kind is ConversationKind.WELCOME
    assert {row.is_ended for row in own.rows} == {True, False}
    assert any(row.draft_id for row in own.rows)
    assert own.unread >= 1
    waiting = select(OutboxMessage.to).where(
        OutboxMessage.state == OutboxState.WAITING, OutboxMessage.to == account.email
    )
    assert session.exec(waiting).all() == []


def _check_health_mail(session, keyring, now):
    """A hospital wrote to the patient and was answered; every list of the administrators has its rows."""
    account = session.exec(select(Account).where(Account.role == Role.PATIENT)).one()
    own = actor_of(account)
    outside = [
        row
        for row in list_conversations(session, own, Box.ALL, now=now).rows
        if row.others and row.others[0].party.kind is PartyKind.CORRESPONDENT
    ]
    talks = [open_conversation(session, own, row.id, now=now) for row in outside]
    assert sorted(len(talk.messages) for talk in talks) == [3, 3]
    names = {
        piece.name: piece for talk in talks for row in talk.messages for piece in row.attachments
    }
    assert names.keys() == {"Compte rendu d’ostéodensitométrie.pdf", "IHE_XDM.ZIP"}
    archive = xdm.require_archive(session, own, names["IHE_XDM.ZIP"].id, now=now)
    documents = xdm.list_archive(keyring, get_store(), archive)
    assert {xdm.may_keep(each) for each in documents} == {True, False}
    administrator = session.exec(select(Account).where(Account.role == Role.ADMINISTRATOR)).first()
    page = read_health_mail(session, actor_of(administrator), now=now)
    assert len({mail.reason for mail in page.mails}) == page.total == 5
    assert {mail.may_retry for mail in page.mails} == {True, False}
    assert len(page.failures) == 1
    assert page.waiting == 0
    assert page.looked_at is not None
