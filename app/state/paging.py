"""The way through a long list whose page is in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.i18n.administration import span


@dataclass(frozen=True)
class Paging:
    """« Comptes 26 à 50 sur 5 000 » and the addresses of both neighbours; all empty for one page."""

    summary: str = ""
    previous: str = ""
    following: str = ""


def paging(
    words: str,
    address: Callable[[int], str],
    *,
    page: int,
    pages: int,
    size: int,
    shown: int,
    total: int,
) -> Paging:
    """The way through `pages` pages of `size` lines, `shown` of them on this one."""
    if pages < 2:  # noqa: PLR2004 - one page needs no way through
        return Paging()
    first = (page - 1) * size + 1
    return Paging(
        span(first, first + shown - 1, total, words),
        address(page - 1) if page > 1 else "",
        address(page + 1) if page < pages else "",
    )


class FoundPage(Protocol):
    """One page of what a service found."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def total(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def pages(self) -> int: ...


def paging_of(words: str, address: Callable[[int], str], found: FoundPage, *, size: int) -> Paging:
    """The way through what a service found."""
    return paging(
        words,
        address,
        page=found.page,
        pages=found.pages,
        size=size,
        shown=len(found.rows),
        total=found.total,
    )
