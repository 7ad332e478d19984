"""What the plain HTTP endpoints share: origin check, client address, small forms, cookies."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from html import escape
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app import cookies
from app.components.assets import asset
from app.settings import get_settings

MAX_FORM_BYTES = 16_384
MAX_SECRET = 1_000
SEE_OTHER = 303
_LET_GO = 64 * 1024 * 1024

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A request that no page of ours makes; answered without doing anything."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def client_address(request: Request) -> str:
    """The client's address: the socket's, or what the counted trusted proxies say (S026)."""
    hops = get_settings().trusted_proxy_hops
    forwarded = [
        part.strip()
        for part in request.headers.get("x-forwarded-for", "").split(",")
        if part.strip()
    ]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops][:45]
    return request.client.host[:45] if request.client else ""


def require_own_origin(request: Request) -> None:
    """Refuse a post that does not come from one of our own pages (S082).

    Our referrer policy makes browsers send `Origin: null` with forms; they then vouch for the page's
    origin in `Sec-Fetch-Site`, which no script can set.
    """
    origin = request.headers.get("origin", "null").lower()
    site = request.headers.get("sec-fetch-site", "")
    is_vouched = origin == "null" and site == "same-origin"
    is_named = origin in get_settings().allowed_origins and site in {"", "same-origin"}
    if not is_vouched and not is_named:
        raise Refused(
            PlainTextResponse("Cette demande ne vient pas d’une page de ce portail.", 403)
        )


def post_route(path: str, handler: Handler, *, from_anywhere: bool = False) -> Route:
    """A form post of our own pages. `from_anywhere`: of another server, that proves itself in another way."""

    async def checked(request: Request) -> Response:
        try:
            if not from_anywhere:
                require_own_origin(request)
            return await handler(request)
        except Refused as refused:
            return refused.response

    return Route(path, checked, methods=["POST"])


def own_origin(request: Request) -> str:
    """The origin the browser uses, when it is one of ours; else the address people are told."""
    host = request.headers.get("host", "").lower()
    settings = get_settings()
    return next(
        (origin for origin in settings.allowed_origins if urlsplit(origin).netloc == host),
        settings.base_url,
    )


async def read_form(request: Request, *, most: int = 20) -> Mapping[str, str]:
    """The text fields of a small url-encoded form, `most` of them at most."""
    size = request.headers.get("content-length", "0")
    if not size.isdigit() or int(size) > MAX_FORM_BYTES:
        raise Refused(PlainTextResponse("Le formulaire est trop long.", 413))
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Refused(PlainTextResponse("Ce formulaire ne peut pas être lu.", 415))
    form = await request.form(max_fields=most)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def typed_secret(form: Mapping[str, str], name: str) -> str:
    """A password or code of a form; what is far longer than any is not looked at."""
    secret = form.get(name, "")
    return secret if len(secret) <= MAX_SECRET else ""


def local_path(path: str) -> str:
    """A path of this portal, or '' for anything that leads elsewhere."""
    parts = urlsplit(path)
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path[:500] if is_local and not parts.scheme and not parts.netloc else ""


async def let_go(body: AsyncIterator[bytes]) -> None:
    """Read and forget what is being sent: a browser cut off while it sends shows no answer at all."""
    read = 0
    async for part in body:
        read += len(part)
        if read > _LET_GO:
            return


def redirect(path: str) -> RedirectResponse:
    """Send the browser to a page of ours after a post."""
    return RedirectResponse(path, status_code=SEE_OTHER, headers={"Cache-Control": "no-store"})


def hand_over(url: str, words: str) -> Response:
    """Send the browser to another site after a post.

    Not by a redirect: `form-action 'self'` would stop it there (S080).
    """
    target = escape(url)
    return HTMLResponse(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{asset("favicon.svg")}"><title>{escape(words)}</title>'
        f'<meta http-equiv="refresh" content="0;url={target}"></head>'
        f'<body><p><a href="{target}">{escape(words)}</a></p></body></html>',
        headers={"Cache-Control": "no-store"},
    )


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """A `__Host-` cookie: Secure, HttpOnly, SameSite=Lax, whole site, no domain (S051)."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: str) -> None:
    """Make the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def cookie_of(request: Request, name: str) -> str:
    """The value of a cookie, '' when absent."""
    return cookies.read(request.headers.get("cookie", ""), name)
