"""A real Chromium on the real server. Pages are driven by roles and labels, as people find things."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.e2e import browser as browsers
from tests.e2e.chromium import Chromium
from tests.e2e.people import at_a_browser, people  # noqa: F401 - fixtures of several modules
from tests.server import PASSWORD, ROOT, LiveServer, email_of

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
WAIT_MS = 15_000
RESULTS = ROOT / "test-results"

_AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=WAIT_MS)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "browser_complains: the browser's console shows an error that the test is about"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Remember that a test failed, so that its pages are photographed before they close."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    """One Chromium for the run; each page of a test has a context, so cookies, of its own."""
    program = browsers.find()
    assert program is not None, "no Chromium: python -m tests.e2e.browser installs one"
    started = Chromium(playwright, program)
    yield started
    started.stop()


@pytest.fixture
def open_page(
    chromium: Chromium, server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """`open_page(size=DESKTOP, **context options)`: one more person at a browser of their own.

    Afterwards: a photograph of each page in test-results/ when the test failed; and no page may have asked
    anything of another site, thrown an error, or been stopped by the content policy.
    """
    opened: list[Page] = []
    faults: list[str] = []

    def make(size: dict[str, int] = DESKTOP, **options: Any) -> Page:
        context, page = chromium.open(
            base_url=server.url,
            viewport=size,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            has_touch=size["width"] < 768,
            **options,
        )
        context.set_default_timeout(WAIT_MS)
        _watch(context, server, faults)
        opened.append(page)
        return page

    yield make

    if request.node.stash.get(_FAILED, False):
        _keep(request.node.nodeid, opened, server)
    for page in opened:
        chromium.close(page.context)
    if not request.node.get_closest_marker("browser_complains"):
        assert faults == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A browser of 1440 × 900, nobody signed in."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A browser of 390 × 844 with a touch screen, nobody signed in."""
    return open_page(PHONE)


@pytest.fixture(params=["1440", "390"])
def any_size(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """The test runs twice: at 1440 × 900 in light colours, and at 390 × 844 in dark ones."""
    return open_page(DESKTOP) if request.param == "1440" else open_page(PHONE, color_scheme="dark")


@pytest.fixture
def sign_in(server: LiveServer) -> Callable[..., None]:
    """`sign_in(page, "medecin")`: give a page the cookie of somebody signed in, kept for the whole run.

    Tests that sign out, or change what a sign-in may do, use `sign_in_by_hand`.
    """

    def give(page: Page, who: str) -> None:
        name, _, value = server.cookie_of(who).partition("=")
        # The browser takes a `__Host-` cookie for https only, and then sends it to localhost all the same.
        page.context.add_cookies(
            [
                {
                    "name": name,
                    "value": value,
                    "url": server.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    return give


@pytest.fixture
def sign_in_by_hand(server: LiveServer) -> Callable[..., None]:
    """`sign_in_by_hand(page, "medecin")`: fill in both forms, with the code of /demo/outbox.json."""

    def type_in(page: Page, who: str, password: str = PASSWORD) -> None:
        server.forget_limits()
        email = email_of(who)
        page.goto("/connexion")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Mot de passe", exact=True).fill(password)
        page.get_by_role("button", name="Connectez-vous").click()
        page.wait_for_url("**/connexion/code")
        choice = page.get_by_role("button", name="Continuer")
        choice.or_(page.get_by_label("Code à usage unique")).first.wait_for()
        if choice.is_visible():
            choice.click()
        page.get_by_label("Code à usage unique").fill(server.newest_code(email))
        page.get_by_role("button", name="Valider mon code à usage unique").click()
        page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/connexion"))

    return type_in


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)`: no violation of any rule of axe-core on what is shown now, and no sideways scroll.

    `without`: rules left out, for a page that shows somebody else's content.
    """

    def check(page: Page, *, without: tuple[str, ...] = ()) -> None:
        page.evaluate("document.fonts.ready")
        page.evaluate(_AXE.read_text(encoding="utf-8"))
        options = {"rules": {rule: {"enabled": False} for rule in without}}
        found = page.evaluate("options => axe.run(document, options)", options)
        assert found["passes"], "axe saw an empty page"
        assert [_told(violation) for violation in found["violations"]] == []
        fits(page)

    return check


def fits(page: Page) -> None:
    """Nothing is wider than the window."""
    wide, shown = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown, f"{page.url} is {wide - shown} px too wide at {shown}"


def _told(violation: dict[str, Any]) -> str:
    places = "; ".join(
        f"{' '.join(map(str, node['target']))} {node['html'][:160]}" for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {places}"


def _watch(context: BrowserContext, server: LiveServer, faults: list[str]) -> None:
    def asked(request: Any) -> None:
        parts = urlsplit(request.url)
        is_network = parts.scheme in {"http", "https", "ws", "wss"}
        if is_network and parts.netloc != urlsplit(server.url).netloc:
            faults.append(f"another site was asked: {request.url}")

    def said(message: Any) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.page and message.page.url})")

    context.on("request", asked)
    context.on("console", said)
    context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))


def _keep(nodeid: str, pages: list[Page], server: LiveServer) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", nodeid.removeprefix("tests/e2e/"))
    for number, page in enumerate(pages):
        page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
    (RESULTS / f"{name}.log").write_text(server.log[-20_000:], encoding="utf-8")
