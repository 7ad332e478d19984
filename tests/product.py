"""The application itself, imported once: its pages, handlers and endpoints are there to be looked at."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def product() -> Any:
    """The composed `rx.App`. Its logs stay those of the test runner."""
    from app import log  # noqa: PLC0415 - only the tests that ask for it pay for the framework

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "configure", lambda: None)
        from app.app import liane  # noqa: PLC0415
    return liane
