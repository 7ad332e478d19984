"""Sheets of the demonstration as files: small, legible, and the same bytes at every start."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

from app.models.document import FileFormat

_WIDTH, _HEIGHT = 440, 560  # points: a sheet small enough to be read beside a list
_LEFT, _TOP, _LINE = 36, 510, 20
_COLUMNS = (_LEFT, 216, 318)
_GREEN, _BLACK, _GREY = "0.27 0.39 0.22", "0.11 0.13 0.14", "0.38 0.39 0.42"
_LINES_A_PAGE, _LINE_LENGTH = 17, 66
_SCALE = 2


@dataclass(frozen=True)
class Sheet:
    """What is written on a document. A line with tabs has columns; one that begins with `#` is a heading."""

    head: str
    place: str
    about: str
    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All its words."""
        body = "\n".join(line.lstrip("# ").replace("\t", "   ") for line in self.lines)
        return f"{self.head}\n{self.place}\n{self.about}\n{self.title}\n{body}"


@dataclass(frozen=True)
class Paper:
    """A file made of a sheet."""

    content: bytes
    format: FileFormat
    pages: int


def make(sheet: Sheet, kind: FileFormat) -> Paper:
    """The sheet as a file of this kind."""
    if kind is FileFormat.TXT:
        return Paper(sheet.text.encode(), kind, 1)
    if kind is FileFormat.RTF:
        return Paper(_rtf(sheet.text), kind, 1)
    if kind is FileFormat.PDF:
        pages = _pages(sheet)
        return Paper(_pdf(pages), kind, len(pages))
    return Paper(_picture(sheet, kind), kind, 1)


def _rtf(text: str) -> bytes:
    body = "".join(
        "\\par\n" if c == "\n" else c if ord(c) < 128 else f"\\u{ord(c)}?"  # noqa: PLR2004 - ASCII
        for c in text
    )
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Helvetica;}}\\f0\\fs24 " + body + "}").encode()


def _pages(sheet: Sheet) -> list[list[str]]:
    lines = [short for line in sheet.lines for short in _wrapped(line)]
    starts = range(0, max(1, len(lines)), _LINES_A_PAGE)
    return [_page(sheet, lines[at : at + _LINES_A_PAGE], is_first=at == 0) for at in starts]


def _wrapped(line: str) -> list[str]:
    return [line] if "\t" in line or not line else wrap(line, _LINE_LENGTH)


def _page(sheet: Sheet, lines: Sequence[str], *, is_first: bool) -> list[str]:
    """The drawing of one page, in the words of PDF."""
    drawn, y = [], _TOP
    head = (
        (
            ("F2", 15, _GREEN, sheet.head),
            ("F1", 10, _GREY, sheet.place),
            ("F1", 11, _BLACK, sheet.about),
        )
        if is_first
        else ()
    )
    for font, size, colour, words in head:
        drawn.append(_words(font, size, colour, _LEFT, y, words))
        y -= 26 if font == "F2" else 22
    y -= 12
    drawn.append(_words("F2", 12, _BLACK, _LEFT, y, sheet.title))
    drawn.append(f"0.8 0.81 0.84 RG {_LEFT} {y - 7} m {_WIDTH - _LEFT} {y - 7} l S")
    y -= 28
    for line in lines:
        is_heading = line.startswith("#")
        cells = line.lstrip("# ").split("\t")
        for column, cell in zip(_COLUMNS, cells, strict=False):
            is_strong = is_heading or (column == _COLUMNS[1] and cell.endswith("*"))
            colour = _GREY if column == _COLUMNS[2] else _BLACK
            drawn.append(_words("F2" if is_strong else "F1", 11, colour, column, y, cell))
        y -= _LINE
    return drawn


def _words(font: str, size: int, colour: str, x: int, y: int, words: str) -> str:
    plain = words.replace("\u202f", "\u00a0").replace("’", "'")
    escaped = plain.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT {colour} rg /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _pdf(pages: list[list[str]]) -> bytes:
    """A PDF by hand: two standard fonts, no date, no key, so that it is always the same."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for number, drawn in enumerate(pages):
        stream = "\n".join(drawn).encode("cp1252", errors="replace")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents "
            f"{6 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    made, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(made)


def _picture(sheet: Sheet, kind: FileFormat) -> bytes:
    """The sheet as a photograph or a scan."""
    size = (round(_WIDTH * _SCALE), round(_HEIGHT * _SCALE))
    is_scan = kind is FileFormat.TIF
    picture = Image.new("L" if is_scan else "RGB", size, 255 if is_scan else (250, 247, 238))
    pen = ImageDraw.Draw(picture)
    ink = 20 if is_scan else (38, 42, 58)
    y = 70.0
    for words, height in (
        (sheet.head, 26),
        (sheet.place, 16),
        (sheet.about, 18),
        ("", 18),
        (sheet.title, 22),
        *(
            (short, 18)
            for line in sheet.lines
            for short in _wrapped(line.lstrip("# ").replace("\t", "    "))
        ),
    ):
        pen.text((70, y), words, fill=ink, font=ImageFont.load_default(height))
        y += height * 1.7
    made = BytesIO()
    if is_scan:
        picture.point(lambda level: 255 if level > 128 else 0).convert("1").save(  # noqa: PLR2004 - half
            made, "TIFF", compression="group4", dpi=(150, 150)
        )
    else:
        picture.save(made, "JPEG", quality=80)
    return made.getvalue()
