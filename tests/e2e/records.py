"""Ways to the demonstration's patients, shared by the tests of the pages around a patient."""

from urllib.parse import urlsplit

from playwright.sync_api import Page


def path_of(page: Page, name: str) -> str:
    """`/patients/<id>` of a patient of the person signed in, found as people do: by the search."""
    page.goto("/patients")
    page.get_by_role("searchbox", name="Rechercher").fill(name)
    link = page.get_by_role("link", name=name).first
    link.wait_for()
    return urlsplit(link.get_attribute("href") or "").path.removesuffix("/synthese")
