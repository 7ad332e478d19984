"""The HTTP endpoints alone, over a throw-away database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.api import (
    access_history,
    auth,
    delegation,
    demo,
    document_file,
    drafts,
    own_account,
    own_factor,
    registration,
)
from app.api.headers import SecurityHeaders
from app.db import Database, keyring_of, unit_of_work, use_database
from app.models.account import Account
from app.settings import get_settings
from tests import factories

BASE = "https://portail.exemple.test"
PASSWORD = "Lierre-vert-42!"


@pytest.fixture
def settings_env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test only; call `get_settings.cache_clear()` after changing one."""
    monkeypatch.setenv("LIANE_PUBLIC_URL", BASE)
    monkeypatch.setenv("LIANE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LIANE_MODE", "demo")
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


@pytest.fixture
def client(database: Database, settings_env: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A browser on one of our own pages."""
    use_database(database)
    routes = [
        *auth.routes,
        *delegation.routes,
        *own_account.routes,
        *own_factor.routes,
        *drafts.routes,
        *registration.routes,
        *demo.routes,
        *document_file.routes,
        *access_history.routes,
    ]
    with TestClient(
        SecurityHeaders(Starlette(routes=routes)),
        base_url=BASE,
        headers={"Origin": BASE},
        follow_redirects=False,
    ) as browser:
        yield browser
    use_database(None)


@pytest.fixture
def account(database: Database) -> Account:
    """A professional's account with a password of its own."""
    with unit_of_work(database) as session:
        actor = factories.make_professional(session)
        account = session.get_one(Account, actor.account_id)
        account.password_hash = keyring_of(session).hash_password(PASSWORD)
        return account


@pytest.fixture
def signed_in(client: TestClient, account: Account) -> TestClient:
    """The same browser once signed in."""
    client.post("/auth/sign-in", data={"identifier": account.email, "password": PASSWORD})
    text = client.get("/demo/outbox.json").json()[0]["text"]
    answer = client.post("/auth/code", data={"code": text.split(" : ")[1][:6]})
    assert answer.headers["location"] == "/tableau-de-bord"
    return client
