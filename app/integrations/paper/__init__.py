"""Papers we make: PDF that screen readers follow, from plain text alone (RGAA 13.3).

A paper is data: titles, facts and tables of strings. The one template, `paper-a4.typ`, reads them as strings,
so that nothing typed anywhere is ever taken for markup. The files are tagged, have a title and a language,
and keep their fonts (PDF/UA-1, PDF/A-2a). Drawing takes no session and lets other threads work: call it
outside any transaction, in a worker thread.
"""

import json
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
_STANDARDS: Any = ["a-2a", "ua-1"]
# What no font of ours draws is shown so.
UNDRAWN = "□"
# Every character up to here is in our fonts, control characters aside.
_LAST_PLAIN = "\u017f"
# Signs of French typography beyond: never asked about.
_PLAIN = frozenset("’«»–—…œŒ·€□")
_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf", "Cn", "Co", "Cs"})
# Not in our font: the sign of micro, which is a letter there, and the narrow space.
_SAME = str.maketrans({"\u00b5": "\u03bc", "\u202f": "\u00a0"})
_PROBE = b"#set document(title: [-])\n#set text(font: sys.inputs.font)\n#sys.inputs.text"
_FONT = "Atkinson Hyperlegible Next"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Fact:
    """One label and what is known under it."""

    label: str
    value: str


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table, and in smaller letters under it."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Section:
    """A titled table. `shares`: widths of its columns; `empty`: what is said when it has no row."""

    title: str
    count: str
    empty: str
    heads: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Paper:
    """A whole document. `running`: what each page is called at its foot; `page_words`: `Page`, `sur`."""

    title: str
    kind: str
    name: str
    place: str
    made: str
    running: str
    page_words: tuple[str, str]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    notes_title: str
    notes: tuple[str, ...]
    undrawn: str
    made_at: datetime


def draw(paper: Paper) -> bytes:
    """The paper as a PDF. `Paper.undrawn` is said once when a character had to be replaced."""
    try:
        return _compiled(paper, _is_drawn)
    except typst.TypstError:
        # Signs drawn one by one may still not go together: then only plain letters stay.
        return _compiled(paper, lambda sign: sign == UNDRAWN)


def _compiled(paper: Paper, is_drawn: Callable[[str], bool]) -> bytes:
    values = asdict(paper) | {"made_at": ""}
    drawable = _drawable(values, is_drawn)
    if _drawable(values, lambda _: True) == drawable:
        drawable["undrawn"] = ""
    # The typesetter takes whole seconds.
    at = paper.made_at.replace(microsecond=0)
    return _typeset(_template(), paper=json.dumps(drawable), at=at)


def _typeset(template: bytes, *, at: datetime | None = None, **inputs: str) -> bytes:
    """One at a time: the one typesetter forgets earlier papers as it goes, which several would not."""
    with _one_at_a_time:
        made = _typesetter().compile(
            template, format="pdf", sys_inputs=inputs, pdf_standards=_STANDARDS, timestamp=at
        )
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> bytes:
    return (_FOLDER / "paper-a4.typ").read_bytes()


@cache
def _typesetter() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[_FOLDER / "fonts"])
    # It reads no file: the template comes as bytes, and names none.
    return typst.Compiler(b"", root=_FOLDER / "fonts", font_paths=fonts, ignore_system_fonts=True)


def _drawable(value: Any, is_drawn: Callable[[str], bool]) -> Any:
    """The same values, with text that can be drawn."""
    if isinstance(value, str):
        return _tidied(value, is_drawn)
    if isinstance(value, dict):
        return {key: _drawable(inner, is_drawn) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(inner, is_drawn) for inner in value]
    return value


def _tidied(text: str, is_drawn: Callable[[str], bool]) -> str:
    """One line without any control or direction character; what cannot be drawn is a box."""
    composed = unicodedata.normalize("NFC", text).translate(_SAME)
    seen = (
        " " if unicodedata.category(sign) in _BREAKS else sign
        for sign in composed
        if unicodedata.category(sign) not in _UNSEEN
    )
    return "".join(
        sign if sign <= _LAST_PLAIN or sign in _PLAIN or is_drawn(sign) else UNDRAWN
        for sign in seen
    )


@lru_cache(maxsize=8_192)
def _is_drawn(sign: str) -> bool:
    """Whether a font of ours has it: asked of the typesetter, which refuses to leave anything out."""
    try:
        _typeset(_PROBE, text=sign, font=_FONT)
    except typst.TypstError:
        return False
    return True
