"""Plain text and RTF: read, never turned into anything but text (S096, S097)."""

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from striprtf.striprtf import rtf_to_text

from app.sandbox.protocol import MAX_TEXT
from app.sandbox.refusal import Refused

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Form feeds, and the marks old systems ended a text with, are text; other controls are not.
_NOT_TEXT = re.compile("[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The names striprtf may ask for, loaded while modules can still be.
_ENCODINGS = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp866 cp874 "
    "cp932 cp936 cp949 cp950 mac_roman utf-8 utf-16-le utf-16-be"
)

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])", re.DOTALL
)
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_OBJECT = re.compile(
    rb"\\(?:obj(?:ect|data|ocx|emb|link|autlink|html|update|sub|pub|icemb|attph|class|name|alias)"
    rb"|oleclsid|ddeauto|subdocument|nextfile|filetbl"
    rb"|mm(?:connectstr|connectstrdata|datasource|headersource|odsosrc|odsoudl|odsoudldata))(?![a-z])",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"DDE(?:AUTO)?\b|INCLUDE(?:PICTURE|TEXT)?\b|\b(?:IMPORT|LINK|EMBED|DATABASE|RD)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"')
# Nobody writes a letter of an instruction as a code, but to hide it.
_HIDDEN = "\ue000"
_WATCHED = frozenset({b"fldinst", b"template", b"sn", b"sv"})
_PLAIN_NAME = re.compile(r"[\w .()-]*")
_LINKING = frozenset({"pibname", "pibprintname", "fillblipname", "fillblip"})


def preload() -> None:
    """Every decoder that may be needed: nothing can be imported once the doors are shut."""
    for name in _ENCODINGS.split():
        codecs.lookup(name)
    _text_of("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 A;}}\\f0 a\\'e9\\u233?}")


def tidy(text: str) -> str:
    """Text without controls, lines ended one way, at most 500 000 characters."""
    text = text[: MAX_TEXT + MAX_TEXT // 2].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))[:MAX_TEXT]


def read_txt(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252 (S097)."""
    text = _decoded(content)
    if _NOT_TEXT.search(text):
        raise Refused("file.text_encoding")
    return tidy(text)


def _decoded(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "cp1252")


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise Refused("file.text_encoding") from None


def read_rtf(content: bytes) -> str:
    """The text of an RTF that holds no object and points to no other file."""
    if not content.startswith(b"{\\rtf"):
        raise Refused("file.damaged")
    if _OBJECT.search(content.replace(b"\x00", b"")):
        raise Refused("file.rtf_object")
    without_data = _without_binary(content)
    if b"\x00" in without_data:
        raise Refused("file.damaged")
    _look_into_groups(without_data)
    try:
        return tidy(_text_of(without_data.decode("cp1252", "replace")))
    except (LookupError, ValueError, OverflowError):
        return ""


def _text_of(rtf: str) -> str:
    read: Callable[..., str] = rtf_to_text
    return read(rtf, errors="replace")


def _without_binary(content: bytes) -> bytes:
    parts, at = [], 0
    while (found := _BINARY.search(content, at)) is not None:
        end = found.end() + int(found[1])
        if end > len(content):
            raise Refused("file.damaged")
        parts.append(content[at : found.start()])
        at = end
    return b"".join((*parts, content[at:]))


def _look_into_groups(content: bytes) -> None:
    """Instructions of fields, names of templates, properties of shapes: what may point elsewhere.

    A group is judged on the text it amounts to, however it is split into runs or escaped.
    """
    if content.count(b"{") > content.count(b"}"):
        raise Refused("file.damaged")
    groups, at = _Groups(), 0
    for token in _TOKEN.finditer(content):
        word, argument, code, symbol, brace = token.groups()
        groups.add(content[at : token.start()].decode("cp1252", "replace"))
        at = token.end()
        if brace:
            groups.turn(brace)
        elif word in _WATCHED:
            groups.watched.append((groups.depth, word, []))
        else:
            groups.add(_character(word, argument, code, symbol))


@dataclass
class _Groups:
    """Where a reading stands: how deep, and in which groups that are watched."""

    depth: int = 0
    property_name: str = ""
    watched: list[tuple[int, bytes, list[str]]] = field(default_factory=list)

    def add(self, text: str) -> None:
        if self.watched:
            self.watched[-1][2].append(text)

    def turn(self, brace: bytes) -> None:
        """Judge the groups a closing brace ends; their text is also that of what holds them."""
        self.depth += 1 if brace == b"{" else -1
        while self.watched and self.watched[-1][0] > self.depth:
            _, kind, pieces = self.watched.pop()
            text = "".join(pieces).replace("\r", "").replace("\n", "")
            if kind == b"sn":
                self.property_name = text.strip().lower()
            else:
                _judge(kind, text, self.property_name)
            self.add(text)


def _character(
    word: bytes | None, argument: bytes | None, code: bytes | None, symbol: bytes | None
) -> str:
    if word == b"u" and argument:
        letter = chr(int(argument) % 0x10000)
        return _HIDDEN if letter.isascii() and letter.isalpha() else letter
    if code:
        letter = bytes.fromhex(code.decode()).decode("cp1252", "replace")
        return _HIDDEN if letter.isascii() and letter.isalpha() else letter
    return symbol.decode("cp1252", "replace") if symbol and symbol in b"\\{}" else ""


def _judge(kind: bytes, text: str, property_name: str) -> None:
    is_linked = (
        (
            kind == b"fldinst"
            and (_HIDDEN in text or _FIELD.search(_QUOTED.sub("", text)) is not None)
        )
        or (kind == b"template" and _PLAIN_NAME.fullmatch(text.strip()) is None)
        or (kind == b"sv" and property_name in _LINKING and re.search(r"[:\\/]", text) is not None)
    )
    if is_linked:
        raise Refused("file.rtf_object")
