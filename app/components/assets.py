"""Addresses of our own files with the digest of their content, so that browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "assets"


@cache
def asset(name: str) -> str:
    """`/icons.svg?v=…`: changes when the file does."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/{name}?v={digest}"
