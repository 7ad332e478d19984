"""Serves a built page at its plain address, without the redirect to a trailing slash.

The redirect would name `http://` behind a TLS proxy, and costs every first visit a round trip. What no file
can be named is looked for as an address nobody has, so that it gets the page that says so.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.built import PAGES

_ABSENT = "/introuvable"
_LONGEST, _LONGEST_PART = 1_000, 255


class PlainAddresses:
    """Pure ASGI: `/connexion` becomes `/connexion.html` where such a page was built."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pages = {
            "/" + page.relative_to(PAGES).with_suffix("").as_posix()
            for page in PAGES.rglob("*.html")
        } - {"/index", "/404", "/__spa-fallback"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            path = scope["path"].rstrip("/")
            if path in self.pages:
                scope = {**scope, "path": f"{path}.html", "raw_path": f"{path}.html".encode()}
            elif _names_nothing(path):
                scope = {**scope, "path": _ABSENT, "raw_path": _ABSENT.encode()}
        await self.app(scope, receive, send)


def _names_nothing(path: str) -> bool:
    """Whether a path holds what no file system takes as a name."""
    has_control = any(c < " " or c == "\x7f" for c in path)
    is_long = len(path) > _LONGEST or any(
        len(part.encode()) > _LONGEST_PART for part in path.split("/")
    )
    return has_control or is_long
