"""The page of a text to accept: a code is asked for before a contract is signed (D-11, U-25)."""

from sqlalchemy import delete
from sqlmodel import col

from app.authz.actor import system
from app.cookies import SESSION, read
from app.models.legal_text import AcceptanceMode, LegalAcceptance, LegalTextKind
from app.services.contract_signature import send_signature_code
from app.services.legal_text import accept_text, current_text, ensure_reference_texts
from app.services.session import look_up
from app.state.clock import utc_now
from app.state.legal_text import ConditionsState


class TestConditions:
    async def test_D11_shows_where_the_code_of_a_contract_went(self, open_tab, circle, saving):
        now, who = utc_now(), circle.doctor
        with saving() as session:
            ensure_reference_texts(session, system("test"), now=now)
            session.execute(
                delete(LegalAcceptance).where(col(LegalAcceptance.account_id) == who.account_id)
            )
            terms = current_text(session, who, LegalTextKind.TERMS, now=now)
            contract = current_text(session, who, LegalTextKind.CONTRACT, now=now)
            accept_text(session, who, terms.id, mode=AcceptanceMode.BOX, now=now)
        tab = open_tab(who)
        await tab.visit("/conditions")
        shown = tab.of(ConditionsState)
        assert (shown.page_status, shown.is_contract, shown.sent) == ("ready", True, "")
        with saving() as session:
            identity = look_up(session, read(tab.cookie, SESSION), now=now)
            assert send_signature_code(session, identity.actor, contract.id, now=now).is_ok
        await tab.visit("/conditions")
        assert tab.of(ConditionsState).sent.startswith("Envoyé à ")
