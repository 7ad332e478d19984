"""The frames of pages: what their buttons open is there (PS-24, PS-25)."""

import re

import pytest
import reflex as rx

from app.components.shell import (
    administrator_shell,
    patient_shell,
    professional_shell,
    signed_in_shell,
    viewer_shell,
)
from app.components.signed_out import card, signed_out_shell

SHELLS = {
    "professional": lambda: professional_shell(current="dashboard"),
    "patient": lambda: patient_shell(current="home"),
    "administrator": lambda: administrator_shell(current="registrations"),
    "signed_in": signed_in_shell,
    "viewer": lambda: viewer_shell(signed_out=signed_out_shell(card("Aide"))),
}


def _opened(page: rx.Component) -> set[str]:
    return set(re.findall(r'"data-opens":"([^"]+)"', str(page)))


def _dialogs(page: rx.Component) -> set[str]:
    return set(re.findall(r'jsx\("dialog",\{[^}]*\bid:"([^"]+)"', str(page)))


@pytest.mark.parametrize("draw", SHELLS.values(), ids=SHELLS)
class TestSignedIn:
    def test_every_dialog_its_buttons_open_is_there(self, draw):
        assert _opened(draw()) <= _dialogs(draw())

    def test_PS24_PS25_leaving_may_ask_first(self, draw):
        assert "quitter" in _opened(draw())
