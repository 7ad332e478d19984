"""What a real browser that never came here before fetches for one page."""

from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from tests.e2e import browser as browsers
from tests.server import LiveServer


@dataclass(frozen=True)
class FirstLoad:
    """Compressed bytes over the wire, headers included, and how many answers."""

    path: str
    kilobytes: float
    requests: int


def measure(server: LiveServer, cookies: dict[str, str]) -> list[FirstLoad]:
    """`cookies`: for each path, the Cookie header it is asked with, '' for nobody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browsers.find(),
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        found = [_load(browser, server, path, cookie) for path, cookie in cookies.items()]
        browser.close()
    return found


def _load(browser: Browser, server: LiveServer, path: str, cookie: str) -> FirstLoad:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    if cookie:
        name, _, value = cookie.partition("=")
        # The browser takes a `__Host-` cookie for https only, and then sends it to localhost all the same.
        context.add_cookies(
            [
                {
                    "name": name,
                    "value": value,
                    "url": server.url.replace("http:", "https:"),
                    "secure": True,
                }
            ]
        )
    page = context.new_page()
    sizes: list[float] = []
    network = context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(server.url + path)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.url == server.url + path, f"{path} led to {page.url}"
    context.close()
    return FirstLoad(path, sum(sizes) / 1_000, len(sizes))
