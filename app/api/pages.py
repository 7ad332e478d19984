"""Serves a built page at its plain address, without the redirect to a trailing slash.

The redirect would name `http://` behind a TLS proxy, and costs every first visit a round trip.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.built import PAGES


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
        await self.app(scope, receive, send)
