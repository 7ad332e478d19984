"""The address of a page: the choices it carries, and the same page with other choices."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit


def path_of(url: object) -> str:
    """The path of an address, without the slash at its end."""
    return urlsplit(str(url)).path.rstrip("/") or "/"


def query_of(url: object) -> dict[str, str]:
    """The choices of an address: filters, order, page, step."""
    return dict(parse_qsl(urlsplit(str(url)).query))


def number_in(query: Mapping[str, str], name: str, *, most: int) -> int:
    """A number of the address between 1 and `most`; 0 when there is no such number."""
    typed = query.get(name, "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(most))
    return min(int(typed), most) if is_number else 0


def address(path: str, **chosen: object) -> str:
    """A path with its choices; empty ones are left out."""
    kept = {name: str(value) for name, value in chosen.items() if value not in {"", None, 0}}
    return path + (f"?{urlencode(kept)}" if kept else "")
