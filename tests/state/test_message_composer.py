"""The form of a message: its key in the address, whom it goes to, what becomes of it (CX-41, ME-148)."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.models.entry import Entry, EntryKind
from app.models.message import Message, Priority
from app.models.patient import Patient
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.services.message_send import send
from app.state.clock import utc_now
from app.state.message_composer import ComposerState
from app.state.message_new import NewMessageState
from app.state.tolerance import ToleranceState
from tests.messages import patient, professional, write


def _fields(shown, **more):
    return {
        **shown.fields,
        "key": shown.form_key,
        "treatment_id": shown.followed[0].value,
        "domain": "digestive",
        "patient_appreciation": "slight",
        "grade": "2",
        **more,
    }


class TestNewMessage:
    async def test_ME148_a_draft_is_found_again_at_its_address(self, open_tab, circle, saving):
        key = uuid4()
        with saving() as session:
            typed = Typed(text="Bonjour", recipients=(professional(circle.pharmacist),))
            save_draft(session, circle.doctor, key, typed, now=utc_now())
        tab = open_tab(circle.doctor)
        await tab.visit(f"/messagerie/nouveau?brouillon={key}")
        shown = tab.of(NewMessageState)
        assert (shown.text, shown.draft_id, shown.revision) == ("Bonjour", str(key), 1)
        assert [each.label for each in shown.recipients] == ["Karim Haddad, pharmacien"]
        other = open_tab(circle.stranger)
        await other.visit(f"/messagerie/nouveau?brouillon={key}")
        assert (other.of(NewMessageState).text, other.of(NewMessageState).recipients) == ("", [])

    async def test_ME163_a_patient_chooses_one_and_only_who_wrote(self, open_tab, circle, saving):
        with saving() as session:
            for author in (circle.doctor, circle.pharmacist):
                write(session, author, patient(circle.patient_id), now=utc_now())
        tab = open_tab(circle.patient_actor)
        await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}")
        await tab.send(NewMessageState.show_recipients)
        found = tab.of(NewMessageState).found
        assert [each.label for each in found] == [
            "Karim Haddad, pharmacien",
            "Claire Martin, médecin",
        ]
        for each in found:
            await tab.send(NewMessageState.show_recipients)
            await tab.send(NewMessageState.pick, party=each.party)
        await tab.send(NewMessageState.pick, party=professional(circle.technician))
        assert [each.label for each in tab.of(NewMessageState).recipients] == [
            "Claire Martin, médecin"
        ]

    @pytest.mark.parametrize("asked", ["abc", "1b0c5f6e-5d0f-4a7c-9a52-0d0f3c1b7a11"])
    async def test_S062_about_a_patient_nobody_knows_says_so_and_does_not_wait(
        self, open_tab, circle, asked
    ):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}&patient={asked}")
        shown = tab.of(NewMessageState)
        assert (shown.is_loaded, shown.trouble) == (False, "Ce patient est introuvable.")
        await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}")
        assert (shown.is_loaded, shown.trouble) == (True, "")

    async def test_ME172_without_anybody_the_form_stays_and_says_why(self, open_tab, circle):
        tab = open_tab(circle.patient_actor)
        await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}")
        shown = tab.of(NewMessageState)
        assert shown.is_loaded
        assert shown.refusal.startswith("Aucun professionnel ne peut recevoir vos messages")

    async def test_ME154_documents_are_of_the_patient_it_is_about_or_to(
        self, open_tab, circle, saving
    ):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}")
        shown, theirs = tab.of(NewMessageState), patient(circle.patient_id)
        with saving() as session:
            name = session.get_one(Patient, circle.patient_id).birth_name
        said = [shown.patient_id]
        await tab.send(NewMessageState.search, typed=name)
        await tab.send(NewMessageState.pick, party=theirs)
        said.append(shown.patient_id)
        await tab.send(NewMessageState.unpick, party=theirs)
        said.append(shown.patient_id)
        await tab.send(NewMessageState.pick_about, patient_id=str(circle.patient_id))
        said.append(shown.patient_id)
        await tab.send(NewMessageState.unpick_about)
        said.append(shown.patient_id)
        assert said == ["", str(circle.patient_id), "", str(circle.patient_id), ""]

    async def test_ME161_says_to_whom_it_left(self, open_tab, circle, saving):
        key = uuid4()
        tab = open_tab(circle.doctor)
        await tab.visit(f"/messagerie/nouveau?brouillon={key}")
        await tab.send(ComposerState.sent, draft_id=str(key))
        assert tab.of(ComposerState).notice == ""
        with saving() as session:
            typed = Typed(text="Bonjour", subject="Objet", recipients=(patient(circle.patient_id),))
            send(session, circle.doctor, key, typed, now=utc_now())
        await tab.send(ComposerState.sent, draft_id=str(key))
        assert tab.of(ComposerState).notice.startswith("Votre message a été envoyé à ")


class TestTellCircle:
    async def test_CX41_leaves_with_the_entry(self, open_tab, circle, saving):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/tolerance")
        shown = tab.of(ToleranceState)
        assert shown.may_tell
        fields = _fields(shown, tell="contact", tell_words="")
        await tab.send(ToleranceState.submit, fields=fields)
        await tab.send(ToleranceState.submit, fields=fields)
        assert tab.of(ToleranceState).notice.endswith("Le cercle est prévenu.")
        with saving() as session:
            message = session.exec(select(Message)).one()
            assert message.priority is Priority.CONTACT
            assert message.text.startswith(
                "Une entrée vient d’être ajoutée au suivi\u202f: tolérance"
            )
            assert "Palbociclib 125 mg" in message.text

    @pytest.mark.parametrize("told", ["", "autre"])
    async def test_sends_nothing_unless_asked(self, open_tab, circle, saving, told):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/tolerance")
        await tab.send(ToleranceState.submit, fields=_fields(tab.of(ToleranceState), tell=told))
        assert "prévenu" not in tab.of(ToleranceState).notice
        with saving() as session:
            assert session.exec(select(Message)).all() == []

    async def test_words_that_cannot_leave_keep_the_entry_back(self, open_tab, circle, saving):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/tolerance")
        fields = _fields(tab.of(ToleranceState), tell="information", tell_words="\u202eici")
        await tab.send(ToleranceState.submit, fields=fields)
        after = tab.of(ToleranceState)
        assert list(after.field_errors) == ["tell_words"]
        assert after.fields["tell_words"] == "\u202eici"
        with saving() as session:
            kinds = session.exec(select(Entry.kind)).all()
            assert EntryKind.TOLERANCE not in kinds
