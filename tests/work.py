"""Counting what takes time, hashes, statements and messages, where timing would depend on the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Any

import pytest
from sqlalchemy import event

from app import crypto
from app.db import Database


@dataclass
class Work:
    """How much was done so far."""

    hashes: int = 0
    statements: int = 0
    messages: int = 0

    def since(self, before: "Work") -> "Work":
        return Work(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


@contextmanager
def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count the work of this process; hashes are counted and skipped, as none of them is right."""
    work = Work()

    def hashed(hashing: Any, *_: str) -> str:
        work.hashes += 1
        return "x" if hashing.__name__ == "hash" else ""

    def executed(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        work.statements += 1
        work.messages += statement.startswith("INSERT INTO outbox")

    monkeypatch.setattr(crypto, "_in_hash_slot", hashed)
    event.listen(database.engine, "before_cursor_execute", executed)
    yield work
    event.remove(database.engine, "before_cursor_execute", executed)
