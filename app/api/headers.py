"""Security headers on every answer, and what no mode serves (S009, S010, S080, S081, S055)."""

import json
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.built import INLINE_SCRIPTS
from app.integrations.psc_settings import SIMULATOR
from app.settings import get_settings

_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
_CLOSED = ("/_upload", "/_all_routes", "/auth-codespace", "/_health", "/sitemap.xml")
_DEMO = "/demo/"
# The digest of their content stands in their name or, for the last five, behind `?v=`.
_KEPT = (
    "/assets/",
    "/fonts/",
    "/icons.svg",
    "/liane.js",
    "/documents.js",
    "/upload.js",
    "/favicon.svg",
)


def content_security_policy(listed: Path = INLINE_SCRIPTS) -> str:
    """No script but our own files and the inline ones of the build, by hash."""
    hashes = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "connect-src 'self'",
            "img-src 'self' blob: data:",
            "font-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Pure ASGI: adds headers as an answer starts, and leaves sockets alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.settings = get_settings()
        self.policy = content_security_policy()
        self.closed = (
            *_CLOSED,
            *(() if self.settings.is_demo else (_DEMO,)),
            *(() if self.settings.has_psc_simulator else (SIMULATOR,)),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), path)
            await send(message)

        if path.startswith(self.closed):
            await Response(status_code=404)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, path: str) -> None:
        headers.setdefault("Content-Security-Policy", self.policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
        if self.settings.public_url.startswith("https:"):
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        kind = headers.get("content-type", "")
        if kind.startswith("text/") and "charset" not in kind:
            headers["content-type"] = f"{kind}; charset=utf-8"
        if "cache-control" not in headers:
            is_asset = path.startswith(_KEPT)
            headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if is_asset else "no-store"
            )
