"""Upkeep of stored files: removes what nothing names, puts keys under the newest wrapping key (S122)."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from app.authz.actor import Actor
from app.crypto import same
from app.db import get_database, reading, unit_of_work
from app.errors import Unavailable
from app.integrations.document_store import SHARDS, DocumentStore, get_store
from app.services import stored_file_key, stored_file_release
from app.services.stored_file_key import Step
from app.services.stored_file_release import BATCH, ORPHAN

_ROUNDS_A_DAY = 24
# Says whose store it is: the objects of another portal, which no row of ours names, are not orphans.
_OWNER_KEY = f"00/{'0' * 40}"

logger = logging.getLogger("liane.alert")


def once(actor: Actor, *, now: datetime) -> None:
    """One hourly round; each looks through a 24th of the store, a day through all of it."""
    store = get_store()
    remove_released(store, actor, now=now)
    if is_ours(store):
        for number, shard in enumerate(SHARDS):
            if number % _ROUNDS_A_DAY == now.hour:
                remove_orphans(store, actor, shard, now=now)
    rewrap_all(actor)


def is_ours(store: DocumentStore) -> bool:
    """Whether orphans may be looked for: the first portal that asks puts its mark; another's is an alert."""
    mark = get_database().keyring.mac("store", "owner")
    try:
        kept = store.get(_OWNER_KEY)
    except Unavailable as failure:
        if failure.code != "document.file_missing":
            return False
        store.put(_OWNER_KEY, mark)
        return True
    if not same(kept, mark):
        logger.critical("the store of documents is another portal's: its orphans are left alone")
        return False
    return True


def remove_released(store: DocumentStore, actor: Actor, *, now: datetime) -> int:
    """Remove released files, the objects before the rows; returns how many."""
    count = 0
    while True:
        with reading() as session:
            found = stored_file_release.list_released(session, actor, now=now)
        for keys in found.values():
            for key in keys:
                store.delete(key)
        if found:
            with unit_of_work() as session:
                stored_file_release.forget_files(session, actor, found)
        count += len(found)
        if len(found) < BATCH:
            return count


def remove_orphans(store: DocumentStore, actor: Actor, shard: str, *, now: datetime) -> int:
    """Remove objects of a shard that are older than a day and that no row names; returns how many."""
    count = 0
    for keys in _batches(store.list_keys(shard, older_than=now - ORPHAN)):
        with reading() as session:
            unnamed = stored_file_release.list_unnamed(session, actor, set(keys) - {_OWNER_KEY})
        for key in unnamed:
            store.delete(key)
        count += len(unnamed)
    return count


def rewrap_all(actor: Actor, tell: Callable[[Step], None] | None = None) -> Step:
    """Put every file under the newest wrapping key, one short transaction after the other."""
    done = failed = 0
    after: UUID | None = None
    while True:
        with unit_of_work() as session:
            step = stored_file_key.rewrap_some(session, actor, after=after)
        done, failed, after = done + step.done, failed + step.failed, step.last_id
        if tell is not None:
            tell(Step(done, failed, after))
        if after is None:
            return Step(done, failed, None)


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(keys, BATCH)):
        yield batch
