"""What a help chapter is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Steps:
    """What to do, one thing after the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """What holds, in no order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A box beside the text (MM-02). `is_warning`: what goes wrong when it is not known."""

    words: str
    is_warning: bool = False


@dataclass(frozen=True)
class Picture:
    """A screen of today, taken from the running product: `assets/help/<name>.webp`. `words`: what it shows."""

    name: str
    words: str


@dataclass(frozen=True)
class Way:
    """A link to where it is done, or to another chapter."""

    words: str
    href: str


@dataclass(frozen=True)
class Table:
    """Lines under heads. The first cell names its line; the last is a code."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


Block = str | Steps | Points | Note | Picture | Way | Table


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def key(self) -> str:
        """What an address names it by."""
        kept = (c if c.isascii() and c.isalnum() else "-" for c in self.title.lower())
        return "-".join(part for part in "".join(kept).split("-") if part)


@dataclass(frozen=True)
class Chapter:
    """One subject. `related`: chapters to read next, by key."""

    key: str
    title: str
    lead: str
    parts: tuple[Part, ...]
    related: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return f"/aide/{self.key}"


@dataclass(frozen=True)
class Shelf:
    """The chapters of one kind of reader."""

    title: str
    chapters: tuple[Chapter, ...]
