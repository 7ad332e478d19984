"""Takes the pictures of the help centre and of the README from the running product: `make pictures`."""

import base64
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.components.help import PICTURE_SIZE
from tests.e2e import browser as browsers
from tests.server import ROOT, LiveServer, start

HELP = ROOT / "assets" / "help"
QUALITY = 82


@dataclass(frozen=True)
class Shot:
    """One picture: who looks (nobody: signed out), at which address, after which acts.

    `{patient}` in the address is the demonstration's first patient.
    """

    name: str
    path: str
    who: str = ""
    act: Callable[[Page], object] | None = None


def _open_operator_door(page: Page) -> None:
    page.get_by_text("Code opérateur, en officine").click()


def _go_to_provider(page: Page) -> None:
    page.get_by_role("button", name="PRO SANTE CONNECT").click()
    page.get_by_role("heading", level=1, name="Connectez-vous").wait_for()


def _search_directory(page: Page) -> None:
    page.get_by_role("button", name="Je suis un médecin").click()
    page.get_by_label("Nom", exact=True).fill("mar")
    page.get_by_role("radio").first.wait_for()


def _open_first_document(page: Page) -> None:
    page.locator("a[data-row]").first.click()
    page.get_by_role("img", name="Document «").wait_for()
    page.wait_for_timeout(500)


def _open_conversation(subject: str, page: Page) -> None:
    page.locator(".cv", has_text=subject).locator("a[data-row]").first.click()
    page.get_by_role("region", name="Messages de la conversation").wait_for()
    page.wait_for_timeout(800)


SHOTS = (
    Shot("connexion", "/connexion"),
    Shot("code-operateur", "/connexion", act=_open_operator_door),
    Shot("pro-sante-connect", "/connexion", act=_go_to_provider),
    Shot("inscription", "/inscription", act=_search_directory),
    Shot("ajouter-un-patient", "/patients/nouveau", "medecin"),
    Shot("contacts", "/patients/{patient}/contacts", "medecin"),
    Shot("tolerance", "/patients/{patient}/tolerance", "medecin"),
    Shot("observance", "/patients/{patient}/observance", "medecin"),
    Shot("synthese", "/patients/{patient}/synthese", "medecin"),
    Shot("delegations", "/compte/delegations", "medecin"),
    Shot("mon-compte", "/compte", "medecin"),
    Shot("securite", "/compte/securite", "medecin"),
    Shot("applications", "/applications", "medecin"),
    Shot("equipe", "/compte/equipe", "pharmacien"),
    Shot("accueil", "/accueil", "patient"),
    Shot("documents", "/documents?categorie=4", "patient", act=_open_first_document),
    Shot("acces", "/parametres/confidentialite", "patient"),
    Shot("dossier-partage", "/patients/{patient}/documents", "medecin"),
    Shot("rechercher", "/dossiers?acces=identite", "medecin"),
    Shot("messages", "/messagerie", "medecin", act=partial(_open_conversation, "Prises sautées")),
    Shot(
        "messagerie",
        "/messagerie",
        "patient",
        act=partial(_open_conversation, "Votre prise de sang"),
    ),
    Shot("demandes", "/admin/inscriptions", "admin"),
    Shot("comptes", "/admin/comptes", "admin"),
)


def main() -> None:
    """Take every picture, in one browser, from one demonstration."""
    program = browsers.find()
    assert program is not None, "no Chromium: python -m tests.e2e.browser installs one"
    HELP.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _server(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        for shot in SHOTS:
            take(browser, server, shot)
            print(shot.name)
        browser.close()


@contextmanager
def _server(folder: Path) -> Iterator[LiveServer]:
    running = start(folder)
    yield running
    running.stop()


def take(browser: Browser, server: LiveServer, shot: Shot) -> None:
    """One picture, in a browser of its own."""
    with _page(browser, server, shot.who) as page:
        path = shot.path
        if "{patient}" in path:
            path = path.replace("{patient}", _first_patient(page))
        page.goto(path)
        page.get_by_text("Chargement…").first.wait_for(state="detached")
        page.wait_for_timeout(800)
        if shot.act is not None:
            shot.act(page)
        (HELP / f"{shot.name}.webp").write_bytes(_webp(page))


@contextmanager
def _page(browser: Browser, server: LiveServer, who: str) -> Iterator[Page]:
    width, height = PICTURE_SIZE
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
        color_scheme="light",
    )
    if who:
        name, _, value = server.cookie_of(who).partition("=")
        context.add_cookies(
            [
                {
                    "name": name,
                    "value": value.split(";")[0],
                    "url": server.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
    yield context.new_page()
    context.close()


def _first_patient(page: Page) -> str:
    page.goto("/patients")
    link = page.get_by_role("link", name="LEFÈVRE Jeanne").first
    address = link.get_attribute("href") or ""
    return address.split("/")[2]


def _webp(page: Page) -> bytes:
    # Playwright knows PNG and JPEG; the browser itself writes WebP, a third of the size for a screen.
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
