"""Two people, one account: granted, acted under, cut off, in two real browsers (CX-46 to CX-48, U-20)."""

import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from app.db import reading
from app.models.account import Account
from app.models.professional import Professional
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.records import path_of
from tests.server import email_of

PAGE = "/compte/delegations"
WITHIN = 2.0
BAR = "Vous agissez pour la Dre Martin"


@pytest.fixture
def number(server) -> str:
    """The RPPS of the general practitioner."""
    with server.database() as base, reading(base) as session:
        return session.execute(
            select(col(Professional.rpps))
            .join(Account, col(Account.id) == col(Professional.account_id))
            .where(col(Account.email) == email_of("generaliste"))
        ).scalar_one()


def grant(page: Page, number: str, scope: str) -> None:
    """On the page, once it was read: what is typed while a page opens again is not kept."""
    page.get_by_label("N° RPPS").fill(number)
    form = page.get_by_role("region", name="Autoriser un professionnel")
    expect(form.get_by_role("status").first).to_contain_text("Dr Yves Caradec")
    page.get_by_role("radio", name=scope).check()
    page.get_by_role("button", name="Accorder la délégation").dblclick()
    expect(page.get_by_text("La délégation est accordée.")).to_be_visible()


def granted(page: Page):
    region = page.get_by_role("region", name="Délégations accordées")
    return region.get_by_role("listitem").filter(has_text="Dr Yves Caradec").first


def withdraw(page: Page) -> float:
    """Withdraw it; when that was asked."""
    granted(page).get_by_role("button", name="Retirer").click()
    dialog = page.get_by_role("dialog", name="Retirer cette délégation")
    expect(dialog.get_by_role("button", name="Conserver")).to_be_focused()
    asked = time.monotonic()
    dialog.get_by_role("button", name="Retirer").click()
    return asked


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_CX48_S062_a_delegate_acts_and_is_cut_off_within_two_seconds(
    open_page, sign_in_by_hand, axe, number, size
):
    doctor, delegate = open_page(size), open_page(size)
    sign_in_by_hand(doctor, "medecin")
    doctor.goto(PAGE)
    expect(doctor.get_by_role("region", name="Délégations accordées")).to_contain_text(
        "Mme Sophie Lemaire"
    )
    axe(doctor)
    grant(doctor, number, "Consultation et saisie du suivi")
    expect(granted(doctor)).to_contain_text("En cours")
    axe(doctor)

    sign_in_by_hand(delegate, "generaliste")
    delegate.goto(PAGE)
    axe(delegate)
    delegate.get_by_role("region", name="Agir pour").get_by_role(
        "button", name="Agir pour la Dre Martin"
    ).click()
    delegate.wait_for_url("**/tableau-de-bord")
    bar = delegate.get_by_role("region", name="Mode en cours")
    expect(bar).to_contain_text(BAR)
    expect(bar).to_contain_text("Chaque acte porte vos deux noms")
    axe(delegate)
    for path in ("/aide", "/contact", "/patients"):
        delegate.goto(path)
        expect(bar).to_contain_text(BAR)
    delegate.goto(PAGE)
    delegate.wait_for_url("**/tableau-de-bord")
    record = path_of(delegate, "MARTINEZ José")
    delegate.goto(f"{record}/synthese")
    expect(delegate.get_by_text("Mme Sophie Lemaire, pour la Dre Martin").first).to_be_visible()
    axe(delegate)

    asked = withdraw(doctor)
    delegate.wait_for_url("**/tableau-de-bord")
    expect(delegate.get_by_text("La délégation de la Dre Martin a pris fin.")).to_be_visible()
    assert time.monotonic() - asked < WITHIN + 1  # the page it lands on is drawn, too
    expect(bar).to_have_count(0)
    delegate.goto(f"{record}/synthese")
    expect(delegate.get_by_role("heading", level=1)).to_have_text("Ce patient est introuvable.")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_CX48_reading_offers_no_writing_and_one_goes_back(
    open_page, sign_in_by_hand, axe, number, size
):
    doctor, delegate = open_page(size), open_page(size)
    sign_in_by_hand(doctor, "medecin")
    doctor.goto(PAGE)
    grant(doctor, number, "Consultation Lire")
    sign_in_by_hand(delegate, "generaliste")
    delegate.goto(PAGE)
    delegate.get_by_role("region", name="Agir pour").get_by_role(
        "button", name="Agir pour la Dre Martin"
    ).click()
    delegate.wait_for_url("**/tableau-de-bord")
    record = path_of(delegate, "MARTINEZ José")
    expect(delegate.get_by_role("link", name="Ajouter un patient")).to_have_count(0)
    for section in ("tolerance", "interactions", "observance", "traitements"):
        delegate.goto(f"{record}/{section}")
        panel = delegate.get_by_role("region", name=re.compile("^Ajouter"))
        expect(panel).to_contain_text("Votre délégation ne va pas jusque-là")
        expect(panel.get_by_role("button")).to_have_count(0)
        expect(delegate.get_by_role("button", name="Corriger")).to_have_count(0)
    axe(delegate)
    delegate.goto(f"{record}/synthese")
    expect(delegate.get_by_role("heading", level=1)).to_have_text("Synthèse")
    expect(delegate.get_by_text("Ajouter une entrée")).to_have_count(0)
    delegate.goto(f"{record}/contacts")
    expect(delegate.get_by_role("heading", level=1)).to_have_text("Contacts")
    expect(delegate.get_by_role("button", name="Ajouter un PdS")).to_have_count(0)
    expect(delegate.get_by_role("link", name="Modifier la fiche patient")).to_have_count(0)
    delegate.get_by_role("region", name="Mode en cours").get_by_role(
        "button", name="Quitter ce mode"
    ).click()
    delegate.wait_for_url(f"**{PAGE}")
    expect(delegate.get_by_role("heading", level=1)).to_have_text("Ma délégation")
    expect(delegate.get_by_role("region", name="Mode en cours")).to_have_count(0)
    delegate.goto(f"{record}/synthese")
    expect(delegate.get_by_role("heading", level=1)).to_have_text("Ce patient est introuvable.")
    withdraw(doctor)
    expect(doctor.get_by_text("La délégation est retirée.")).to_be_visible()
