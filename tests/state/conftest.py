"""What the tests of states may ask for: tabs, and people saved before anybody acts."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlmodel import Session

from app.authz.actor import Actor
from app.db import Database, unit_of_work
from tests.tabs import Tab, Tabs


@pytest.fixture
async def open_tab(product: Any, database: Database) -> AsyncIterator[Callable[..., Tab]]:
    """`open_tab(actor)`: a tab of somebody signed in; `open_tab()`: of nobody."""
    tabs = Tabs(product, database)
    async with tabs.configured():
        yield tabs.open


@pytest.fixture
def saving(database: Database) -> Callable[[], AbstractContextManager[Session]]:
    """`with saving() as session:` one unit of work of the set-up, saved when it ends."""

    @contextmanager
    def begin() -> Iterator[Session]:
        with unit_of_work(database) as session:
            yield session

    return begin


@pytest.fixture
def circle(saving: Any) -> Any:
    """A patient, their circle, a stranger: saved, as of now."""
    from app.state.clock import utc_now  # noqa: PLC0415 - after the settings of the tests
    from tests.services.circle import make_circle  # noqa: PLC0415

    with saving() as session:
        return make_circle(session, utc_now())


@pytest.fixture
def administrator(saving: Any) -> Actor:
    """Somebody who runs the installation."""
    from app.state.clock import utc_now  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    with saving() as session:
        return factories.make_administrator(session, utc_now())
