"""Files at rest: what was changed is refused, a crash leaves an orphan, keys rotate without a stop."""

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.authz.actor import system
from app.crypto import Keyring, load_keyring
from app.db import unit_of_work
from app.errors import Unavailable
from app.integrations.document_store import FolderStore
from app.jobs import stored_file as job
from app.key_file import add_key, create
from app.models.document import FileFormat, StoredFile, StoredPage
from app.services import stored_file, stored_file_key, stored_file_release
from app.services.stored_file import PagePicture
from tests import factories

ROBOT = system("tests")
CONTENT = b"%PDF-1.7 Marqueur-en-clair " * 50
PICTURE = PagePicture(1, b"\xff\xd8 une page " * 40, 600, 800)


@pytest.fixture
def keyring(database):
    return database.keyring


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def patient_id(database, now):
    with unit_of_work(database) as session:
        doctor = factories.make_professional(session, now)
        return factories.make_patient(session, doctor)


@pytest.fixture
def keep(database, keyring, store, patient_id, now):
    """Seal, write and record a file."""

    def make(content=CONTENT, pages=(PICTURE,), written_at=now):
        sealed = stored_file.seal_file(
            keyring, patient_id, content, file_format=FileFormat.PDF, page_count=3, pages=pages
        )
        stored_file.write_sealed(store, sealed)
        with unit_of_work(database) as session:
            return stored_file.record_file(session, ROBOT, sealed, now=written_at)

    return make


def _path(store, file):
    return store.root / file.store_key


def _objects(store):
    return sorted(path.name for path in store.root.rglob("*") if path.is_file())


def _refusal(act, *arguments):
    with pytest.raises(Unavailable) as caught:
        act(*arguments)
    return caught.value.code


class TestReading:
    def test_S120_gives_back_what_was_sealed_and_nothing_is_in_clear(
        self, database, keyring, store, keep
    ):
        file = keep()
        assert stored_file.read_content(keyring, store, file) == CONTENT
        with unit_of_work(database) as session:
            page = stored_file.find_page(session, ROBOT, file.id, 1)
            assert stored_file.find_page(session, ROBOT, file.id, 2) is None
        assert stored_file.read_page(keyring, store, file, page) == PICTURE.body
        kept = [path.read_bytes() for path in store.root.rglob("*") if path.is_file()]
        assert len(kept) == 2
        assert not any(b"Marqueur" in body or b"une page" in body for body in kept)

    @pytest.mark.databases("sqlite")
    @pytest.mark.parametrize("change", ["first", "nonce", "middle", "last", "cut", "empty"])
    def test_S120_refuses_a_changed_file_and_raises_an_alert(
        self, keyring, store, keep, caplog, change
    ):
        file = keep()
        body = bytearray(_path(store, file).read_bytes())
        at = {"first": 0, "nonce": 3, "middle": len(body) // 2, "last": -1}.get(change)
        if at is not None:
            body[at] ^= 1
        kept = {"cut": body[:-40], "empty": b""}.get(change, body)
        _path(store, file).write_bytes(bytes(kept))
        with caplog.at_level(logging.CRITICAL):
            code = _refusal(stored_file.read_content, keyring, store, file)
        assert code == "document.file_damaged"
        assert [(r.name, r.levelname) for r in caplog.records] == [("liane.alert", "CRITICAL")]
        assert str(file.id) in caplog.text

    @pytest.mark.databases("sqlite")
    def test_S120_refuses_swapped_objects_files_pages_and_keys(
        self, database, keyring, store, keep, patient_id
    ):
        one = keep(pages=(PICTURE, replace(PICTURE, page=2)))
        two = keep(b"autre" * 100)
        swapped = replace(one, store_key=two.store_key)
        assert (
            _refusal(stored_file.read_content, keyring, store, swapped) == "document.file_damaged"
        )
        under_another = replace(one, wrapped=two.wrapped)
        with unit_of_work(database) as session:
            first, second = (stored_file.find_page(session, ROBOT, one.id, n) for n in (1, 2))
        assert (
            _refusal(
                stored_file.read_page,
                keyring,
                store,
                one,
                replace(first, store_key=second.store_key),
            )
            == "document.file_damaged"
        )
        code = _refusal(stored_file.read_content, keyring, store, under_another)
        assert code == "document.file_damaged"

    @pytest.mark.databases("sqlite")
    def test_tells_a_lost_object_from_a_lost_key(self, keyring, store, keep, caplog):
        file = keep()
        other = Keyring(os.urandom(32))
        assert _refusal(stored_file.read_content, other, store, file) == "document.key_missing"
        _path(store, file).unlink()
        assert _refusal(stored_file.read_content, keyring, store, file) == "document.file_missing"
        assert len(caplog.records) == 2

    def test_the_same_content_is_known_again_for_the_same_patient_only(
        self, database, keyring, keep, patient_id, now
    ):
        file = keep()
        mac = stored_file.content_mac(keyring, patient_id, CONTENT)
        assert mac != stored_file.content_mac(keyring, file.id, CONTENT)
        with unit_of_work(database) as session:
            assert session.get_one(StoredFile, file.id).content_mac == mac

    def test_the_first_picture_of_a_page_stays(self, database, keyring, store, keep):
        file = keep()
        late = stored_file.seal_page(keyring, file, replace(PICTURE, body=b"deux"))
        stored_file.write_sealed(store, late)
        with unit_of_work(database) as session:
            stored_file.record_page(session, ROBOT, late)
            page = stored_file.find_page(session, ROBOT, file.id, 1)
        assert stored_file.read_page(keyring, store, file, page) == PICTURE.body

    def test_a_page_drawn_twice_at_once_is_kept_once(self, database, keyring, store, keep):
        file = keep()
        first, second = (
            stored_file.seal_page(keyring, file, replace(PICTURE, page=2)) for _ in range(2)
        )

        def record_second():
            with unit_of_work(database) as session:
                stored_file.record_page(session, ROBOT, second)

        with ThreadPoolExecutor(1) as pool:
            with unit_of_work(database) as session:
                stored_file.record_page(session, ROBOT, first)
                late = pool.submit(record_second)
                time.sleep(0.3)
            late.result()
        with unit_of_work(database) as session:
            assert stored_file.find_page(session, ROBOT, file.id, 2).store_key == first.store_key


class TestNothingHalfStored:
    @pytest.mark.databases("sqlite")
    def test_a_store_that_fails_half_way_keeps_nothing(
        self, keyring, store, patient_id, monkeypatch
    ):
        sealed = stored_file.seal_file(
            keyring,
            patient_id,
            CONTENT,
            file_format=FileFormat.PDF,
            page_count=1,
            pages=[PICTURE],
        )
        put = store.put

        def fail_on_the_picture(key, body):
            if key == sealed.pages[0].store_key:
                raise Unavailable("document.store_full")
            put(key, body)

        monkeypatch.setattr(store, "put", fail_on_the_picture)
        assert _refusal(stored_file.write_sealed, store, sealed) == "document.store_full"
        assert _objects(store) == []

    def test_a_crash_between_object_and_row_leaves_an_orphan_that_goes_after_a_day(
        self, database, keyring, store, keep, patient_id
    ):
        now = datetime.now(UTC)
        kept = keep()
        orphan = stored_file.seal_file(
            keyring, patient_id, CONTENT, file_format=FileFormat.PDF, page_count=1
        )
        stored_file.write_sealed(store, orphan)
        shards = {orphan.store_key[:2], kept.store_key[:2]}

        def sweep(at):
            return sum(job.remove_orphans(store, ROBOT, shard, now=at) for shard in shards)

        assert sweep(now + timedelta(hours=23)) == 0
        assert sweep(now + timedelta(hours=25)) == 1
        assert stored_file.read_content(keyring, store, kept) == CONTENT
        assert _refusal(store.get, orphan.store_key) == "document.file_missing"

    def test_a_released_file_goes_whole_and_no_other(self, database, keyring, store, keep, now):
        kept, gone = keep(), keep(b"autre")
        with unit_of_work(database) as session:
            stored_file_release.release(session, ROBOT, gone.id, now=now)
        assert job.remove_released(store, ROBOT, now=now - timedelta(minutes=1)) == 0
        assert job.remove_released(store, ROBOT, now=now) == 1
        assert job.remove_released(store, ROBOT, now=now) == 0
        with unit_of_work(database) as session:
            assert session.exec(select(StoredFile.id)).all() == [kept.id]
            assert session.exec(select(StoredPage.file_id)).all() == [kept.id]
        assert len(_objects(store)) == 2

    @pytest.mark.databases("sqlite")
    def test_a_round_of_a_day_looks_at_every_shard(self, database, store, monkeypatch, now):
        seen = []
        store.check()
        monkeypatch.setattr(job, "get_store", lambda: store)
        monkeypatch.setattr(
            job, "remove_orphans", lambda _store, _actor, shard, **_: seen.append(shard)
        )
        for hour in range(24):
            job.once(ROBOT, now=now.replace(hour=hour))
        assert sorted(seen) == list(job.SHARDS)

    @pytest.mark.databases("sqlite")
    def test_another_portals_store_is_left_alone(self, database, store, keep, now, caplog):
        keep()
        assert job.is_ours(store)
        assert job.is_ours(store)
        later = datetime.now(UTC) + timedelta(days=2)
        assert job.remove_orphans(store, ROBOT, "00", now=later) == 0
        object.__setattr__(database, "keyring", Keyring(os.urandom(32)))
        assert not job.is_ours(store)
        assert [record.name for record in caplog.records] == ["liane.alert"]


class TestRotation:
    """S122, with a key file of the test's own."""

    @pytest.fixture
    def key_path(self, tmp_path):
        create(tmp_path / "keys" / "liane.key")
        return tmp_path / "keys" / "liane.key"

    @pytest.fixture
    def keyring(self, database, key_path):
        held = load_keyring(key_path, may_create=False)
        object.__setattr__(database, "keyring", held)
        return held

    def _key_ids(self, database):
        with unit_of_work(database) as session:
            return {use.key_id: use.files for use in stored_file_key.list_uses(session, ROBOT)}

    @pytest.mark.databases("sqlite")
    def test_a_key_file_that_is_a_link_stays_one(self, key_path, tmp_path):
        link = tmp_path / "liane.key"
        link.symlink_to(key_path)
        add_key(link)
        assert link.is_symlink()
        assert len(key_path.read_text().split()) == 2
        assert [path.name for path in key_path.parent.iterdir()] == [key_path.name]

    def test_new_files_take_the_new_key_at_once_and_old_ones_open(
        self, database, keyring, store, keep, key_path
    ):
        old = keep()
        add_key(key_path)
        new = keep(b"autre")
        assert new.wrapped.key_id != old.wrapped.key_id
        assert key_path.stat().st_mode & 0o777 == 0o400
        # Another process, started since, opens both.
        for held in (keyring, load_keyring(key_path, may_create=False)):
            assert stored_file.read_content(held, store, old) == CONTENT
            assert stored_file.read_content(held, store, new) == b"autre"

    def test_interrupted_it_goes_on_and_ends_with_none_left(
        self, database, keyring, store, keep, key_path, monkeypatch
    ):
        monkeypatch.setattr(stored_file_key, "BATCH", 2)
        files = [keep(f"fichier {n}".encode()) for n in range(5)]
        add_key(key_path)
        with unit_of_work(database) as session:
            stored_file_key.rewrap_some(session, ROBOT)
        assert sorted(self._key_ids(database).values()) == [2, 3]
        assert job.rewrap_all(ROBOT).done == 3
        assert job.rewrap_all(ROBOT).done == 0
        newest = keyring.wrapping_ids()[-1]
        assert self._key_ids(database)[newest] == 5
        with unit_of_work(database) as session:
            for n, file in enumerate(files):
                now_kept = stored_file.file_ref(session.get_one(StoredFile, file.id))
                content = stored_file.read_content(keyring, store, now_kept)
                assert content == f"fichier {n}".encode()

    @pytest.mark.databases("sqlite")
    def test_a_file_sealed_just_before_is_recorded_under_the_new_key(
        self, database, keyring, store, key_path, patient_id, now
    ):
        sealed = stored_file.seal_file(
            keyring, patient_id, CONTENT, file_format=FileFormat.TXT, page_count=1
        )
        stored_file.write_sealed(store, sealed)
        add_key(key_path)
        with unit_of_work(database) as session:
            kept = stored_file.record_file(session, ROBOT, sealed, now=now)
        assert kept.wrapped.key_id == keyring.wrapping_ids()[-1] != sealed.wrapped.key_id
        assert stored_file.read_content(keyring, store, kept) == CONTENT

    @pytest.mark.databases("sqlite")
    def test_a_file_whose_key_is_lost_is_counted_and_left(
        self, database, keyring, store, keep, key_path
    ):
        keep()
        with unit_of_work(database) as session:
            session.exec(select(StoredFile)).one().key_id = "perdue"
        add_key(key_path)
        assert (job.rewrap_all(ROBOT).done, job.rewrap_all(ROBOT).failed) == (0, 1)
        with unit_of_work(database) as session:
            lost = [u for u in stored_file_key.list_uses(session, ROBOT) if not u.is_held]
        assert [(use.key_id, use.files) for use in lost] == [("perdue", 1)]

    @pytest.mark.databases("sqlite")
    def test_a_key_file_that_goes_or_is_spoilt_while_serving_changes_nothing(
        self, database, keyring, store, keep, key_path
    ):
        file = keep()
        key_path.unlink()
        assert stored_file.read_content(keyring, store, file) == CONTENT
        key_path.write_text("abc\n")
        assert keep(b"autre").wrapped.key_id == file.wrapped.key_id
