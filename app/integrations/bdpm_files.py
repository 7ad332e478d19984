"""The files of the Base de données publique des médicaments: where they are, and the text of their lines."""

import codecs
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.errors import SetupError

SOURCE = "Base de données publique des médicaments"
SPECIALITIES = "CIS_bdpm.txt"
COMPOSITIONS = "CIS_COMPO_bdpm.txt"
GENERICS = "CIS_GENER_bdpm.txt"
AVAILABILITY = "CIS_CIP_Dispo_Spec.txt"
MAX_LINE = 20_000

_MAX_FILE = 300_000_000
_CHUNK = 1 << 16
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ENTITY = re.compile(r"&[A-Za-z]+;")
_WINDOWS_1252 = {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}


def find_files(folder: Path) -> dict[str, Path]:
    if not folder.exists():
        raise SetupError(
            f"Le dossier {folder} n’existe pas : donnez celui où sont les fichiers de la {SOURCE}."
        )
    if not folder.is_dir():
        raise SetupError(
            f"{folder} n’est pas un dossier : donnez celui où sont les fichiers de la {SOURCE}."
        )
    try:
        by_name = {path.name.lower(): path for path in folder.iterdir() if path.is_file()}
    except OSError as error:
        raise SetupError(
            f"Le dossier {folder} ne peut pas être lu : vérifiez ses droits, puis relancez l’import."
        ) from error
    found: dict[str, Path] = {}
    for name in (SPECIALITIES, COMPOSITIONS, GENERICS, AVAILABILITY):
        path = by_name.get(name.lower())
        if path is not None:
            found[name] = path
        elif name in {SPECIALITIES, COMPOSITIONS}:
            raise SetupError(
                f"Le fichier {name} manque dans {folder} : téléchargez-le sur le site de la "
                f"{SOURCE}, puis relancez l’import."
            )
    for path in found.values():
        if path.stat().st_size > _MAX_FILE:
            raise SetupError(
                f"Le fichier {path} est trop grand pour être celui de la {SOURCE} : "
                "téléchargez-le de nouveau, puis relancez l’import."
            )
    return found


def encoding_of(file: BinaryIO) -> str:
    """`utf-8` when the whole file is, else `cp1252`. Leaves the file at its start."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    else:
        return "utf-8"
    finally:
        file.seek(0)


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Lines, however ended; one far too long comes cut, so that memory stays bounded."""
    while line := file.readline(MAX_LINE + 1):
        tail = line
        while len(tail) > MAX_LINE and not tail.endswith(b"\n"):
            tail = file.readline(MAX_LINE + 1)
        yield line


def decoded(raw: bytes, encoding: str) -> str:
    """The text of a line. Windows-1252 signs left as U+0080 to U+009F become what they were."""
    text = raw.decode(encoding, errors="ignore").removeprefix("\ufeff").rstrip("\r\n")
    return _CONTROLS.sub("", text.translate(_WINDOWS_1252))


def plain(text: str) -> str:
    """Text without doubled spaces or HTML entities, whatever their case."""
    known = _ENTITY.sub(lambda found: html.unescape(found[0].lower()), text)
    return " ".join(known.split())


def substance_name(text: str) -> str:
    """A substance as people write it: `CHLORHYDRATE DE TRAMADOL` is `chlorhydrate de tramadol`.

    Water of crystallisation and the word « base » do not change which substance it is; a comma would be
    taken for the next substance.
    """
    name = plain(text).replace(",", "")
    while True:
        shorter = re.sub(r"(?i) (base|anhydre|\w*hydratée?)$", "", name).strip()
        if shorter == name:
            break
        name = shorter
    words = re.split(r"([\s\-/()’']+)", name)
    return "".join(_lower(word, after) for word, after in zip(words, [*words[1:], ""], strict=True))


def _lower(word: str, after: str) -> str:
    is_sign = any(c.isdigit() for c in word) or re.fullmatch(r"[IVX]{2,}", word)
    is_letter = len(word) == 1 and word.isascii() and not after.startswith(("'", "’"))
    return word if is_sign or is_letter else word.lower()
