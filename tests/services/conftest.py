"""What the tests of services share."""

from datetime import datetime

import pytest
from sqlmodel import Session

from tests.services.circle import Circle, make_circle


@pytest.fixture
def circle(session: Session, now: datetime) -> Circle:
    """A patient, their circle and a stranger."""
    return make_circle(session, now)
