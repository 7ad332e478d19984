"""What readers of public files share."""

import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.errors import SetupError

_PARIS = ZoneInfo("Europe/Paris")
_DAY_IN_NAME = re.compile(r"(20\d{2})([01]\d)([0-3]\d)\d{0,6}")


def day_in_name(path: Path, today: date, *, name: str = "") -> date:
    """The day in the name of a file, else the day it was written, never later than today."""
    for found in _DAY_IN_NAME.finditer(name or path.name):
        try:
            return min(date(*(int(part) for part in found.groups())), today)
        except ValueError:
            continue
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=_PARIS)
    return min(written.date(), today)


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be read."""
    try:
        yield
    except FileNotFoundError as error:
        raise SetupError(f"Le fichier {path} n’existe pas : vérifiez son nom.") from error
    except (
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
        gzip.BadGzipFile,
        tarfile.TarError,
    ) as error:
        raise SetupError(
            f"Le fichier {path} est incomplet ou abîmé : téléchargez-le de nouveau, puis relancez "
            "l’import."
        ) from error
    except OSError as error:
        raise SetupError(
            f"Le fichier {path} ne peut pas être lu : vérifiez ses droits et le disque, puis "
            "relancez l’import."
        ) from error
