"""The newest line of the journal as copied outside the base every hour: it shows a cut tail (S131)."""

import json
import os
from pathlib import Path

from app.services.journal import Head
from app.settings import get_settings


def head_path() -> Path:
    """Where the newest journal line known outside the base is kept."""
    return get_settings().data_dir / "journal-head.json"


def keep_head(path: Path, head: Head) -> None:
    """Write the head durably: a temporary file, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"seq": head.seq, "mac": head.mac}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_head(path: Path) -> Head | None:
    """The head kept outside, if there is one."""
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Head(int(kept["seq"]), str(kept["mac"]))
