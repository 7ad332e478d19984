"""The words of a received mail as text (S110, S111): what it shows, and nothing it does.

The rule: what steers a screen instead of standing on it is taken out (controls other than tab and new line,
marks that turn the direction of a line), what cannot be a character becomes U+FFFD, and everything else
comes through as it was sent.
"""

import re
from html.parser import HTMLParser

import nh3

MAX_HTML = 512 * 1024
# Each open tag may cost as much as all those before it.
MAX_TAGS = 10_000
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLOCKS = frozenset(
    "address article blockquote div h1 h2 h3 h4 h5 h6 li ol p pre table tr ul".split()
)
_TAGS = {*_BLOCKS, "a", "b", "br", "em", "i", "span", "strong", "td", "th"}
_SILENT = {
    "head",
    "script",
    "style",
    "template",
    "title",
    "textarea",
    "select",
    "noscript",
    "svg",
    "math",
}
_LINKS = {"http", "https", "mailto"}
_THREE_LINES = re.compile(r"\n{3,}")


def readable(text: str) -> str:
    """Several lines, ended by a line feed each."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _STEERING.sub("", lines))


def readable_line(text: str) -> str:
    """One line: any run of white space is one space."""
    return " ".join(readable(text.replace("\u2028", " ").replace("\u2029", " ")).split())


def is_readable_html(html: bytes) -> bool:
    """Whether a body is of a size that can be reduced in a moment; a larger one is a file."""
    return len(html) <= MAX_HTML and html.count(b"<") <= MAX_TAGS


def text_of_html(html: str) -> str:
    """What an HTML body says: no script, style, picture, form nor frame; a link shows where it leads."""
    kept = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes={"a": {"href"}},
        url_schemes=_LINKS,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(kept)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Turns the few tags that are left into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._link = ""
        self._label: list[str] = []
        self._is_preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag == "a":
            self._link, self._label = dict(attrs).get("href") or "", []
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in _BLOCKS:
            self._parts.append("\n")
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        self._is_preformatted += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._is_preformatted -= tag == "pre"
        if tag == "a" and self._link:
            target, label = readable_line(self._link), readable_line("".join(self._label))
            if label not in {target, target.removeprefix("mailto:")}:
                self._parts.append(f" ({target})")
            self._link = ""
        elif tag in _BLOCKS and tag != "li":
            self._parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        shown = data if self._is_preformatted else re.sub(r"[ \t\r\n\f]+", " ", data)
        self._parts.append(shown)
        if self._link:
            self._label.append(shown)

    def text(self) -> str:
        lines = [line.strip(" ") for line in readable("".join(self._parts)).split("\n")]
        return _THREE_LINES.sub("\n\n", "\n".join(lines)).strip()
