"""Every page of the table: axe at 0, one h1, no sideways scroll, light and dark (RGAA 8.5, 9.1, 10.11)."""

import pytest
from playwright.sync_api import expect

from app.state.registration_steps import END, PATHS
from tests.e2e.conftest import DESKTOP, PHONE, fits
from tests.e2e.records import path_of
from tests.e2e.routes import PAGES, titled

SMALLEST = {"width": 320, "height": 640}
WHO = {
    "professional": "medecin",
    "signed_in": "medecin",
    "own_account": "medecin",
    "staff": "medecin",
    "mailbox": "medecin",
    "patient": "patient",
    "administrator": "admin",
}
# Where an address of the table leads in the demonstration, when it is not the address itself.
_ELSEWHERE = {
    "404": "/une-page-qui-n-existe-pas",
    "/admin/matrice/[profession]": "/admin/matrice/60?modifier=1",
}
# Shown only on the way to somewhere, or inside a shared account. Whoever opens them cold is led elsewhere:
# the tests that go that way look at each, light at 1440 px and dark at 390 px.
_ON_THE_WAY = {
    "/compte/membres",
    "/conditions",
    "/connexion/code",
    "/connexion/membre",
    "/connexion/pro-sante-connect",
    "/notice/[notice_id]",
    *PATHS.values(),
    END,
}


@pytest.mark.browser_complains
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("route", sorted(set(PAGES) - _ON_THE_WAY))
def test_every_page_is_accessible(open_page, sign_in, axe, route: str, scheme: str) -> None:
    page = open_page(PHONE if scheme == "dark" else DESKTOP, color_scheme=scheme)
    who = WHO.get(PAGES[route].audience.value)
    if who:
        sign_in(page, who)
    path = _ELSEWHERE.get(route, route)
    if "[patient_id]" in path:
        path = path.replace("/patients/[patient_id]", path_of(page, "LEFÈVRE Jeanne"))
    if "[conversation_id]" in path:
        page.goto("/messagerie?boite=envoyes")
        path = page.locator(".cv-names").last.get_attribute("href") or ""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.get_by_text("Chargement…").first.wait_for(state="detached")
    expect(page).to_have_title(titled(PAGES[route].full_title))
    axe(page)
    page.set_viewport_size(SMALLEST)
    fits(page)
