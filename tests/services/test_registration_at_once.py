"""Fifty submissions of one registration at once (S066, S143). No open session may stand in their way."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.authz.actor import system
from app.db import Database, unit_of_work
from app.errors import AppError
from app.models.account import Account
from app.services.legal_text import ensure_reference_texts
from app.services.registration_contract import send_contract_code, sign_contract
from app.services.registration_progress import Step
from app.services.registration_view import read_registration
from tests.services import registrations as flow
from tests.services.registrations import EMAIL, visitor


@pytest.mark.databases("sqlite", "postgresql")
def test_S066_fifty_submissions_at_once_make_one_account(database: Database, now):
    with unit_of_work(database) as session:
        ensure_reference_texts(session, system("test"), now=now)
        token = flow.ready_to_sign(session, now)
        send_contract_code(session, visitor(), token, now=now)
        code = flow.code_of(flow.newest(session, EMAIL, "signature"))
        text_id = read_registration(
            session, visitor(), token, Step.CONTRACT, now=now
        ).contract.text.id

    def sign(_: int) -> str:
        try:
            with unit_of_work(database) as session:
                outcome = sign_contract(
                    session, visitor(), token, text_id, name="Claire Vasseur", code=code, now=now
                )
                return outcome.error
        except AppError as failure:
            return failure.code

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(sign, range(50)))
    assert answers.count("") == 1
    assert set(answers) <= {"", "registration.handed_in"}
    with unit_of_work(database) as session:
        assert session.execute(select(func.count()).select_from(Account)).scalar() == 1
