"""Where sealed files are kept: the same promises of a folder and of a real server that speaks S3."""

import errno
import os
import stat
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.crypto import new_store_key
from app.errors import SetupError, Unavailable
from app.integrations import document_store
from app.integrations.document_store import FolderStore, open_store
from app.settings import Settings
from tests.server import free_port

SOON = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(
    params=[
        "folder",
        pytest.param(
            "s3", marks=pytest.mark.skipif(sys.platform != "linux", reason="no server for it")
        ),
    ]
)
def store(request, tmp_path):
    """Each of the two stores, empty or with what other tests left."""
    if request.param == "folder":
        return open_store(Settings(mode="demo", data_dir=tmp_path))
    return open_store(request.getfixturevalue("s3_server").settings())


class TestBothStores:
    def test_S098_keeps_a_whole_object_under_a_random_key(self, store):
        key, body = new_store_key(), os.urandom(5 * 1024**2)
        store.put(key, body)
        assert store.get(key) == body
        assert key in store.list_keys(key[:2], older_than=SOON)
        assert key not in store.list_keys(key[:2], older_than=SOON - timedelta(days=2))
        store.delete(key)
        store.delete(key)
        assert key not in store.list_keys(key[:2], older_than=SOON)

    def test_says_that_an_object_is_missing(self, store):
        store.put(new_store_key(), b"a")
        with pytest.raises(Unavailable) as caught:
            store.get(new_store_key())
        assert caught.value.code == "document.file_missing"

    @pytest.mark.parametrize("key", ["../../liane.key", "ab/../x", "/etc/passwd", "ab/AB", ""])
    def test_S098_reaches_nothing_but_its_own_keys(self, store, key):
        for act in (store.get, store.delete, lambda k: store.put(k, b"x")):
            with pytest.raises((ValueError, Unavailable)):
                act(key)

    def test_the_operators_check_leaves_nothing_behind(self, store):
        before = [k for s in document_store.SHARDS for k in store.list_keys(s, older_than=SOON)]
        store.check()
        after = [k for s in document_store.SHARDS for k in store.list_keys(s, older_than=SOON)]
        assert after == before

    def test_refuses_to_hold_what_we_never_wrote(self, store, monkeypatch):
        monkeypatch.setattr(document_store, "MOST_BYTES", 10)
        key = new_store_key()
        store.put(key, b"x" * 11)
        with pytest.raises(Unavailable) as caught:
            store.get(key)
        assert caught.value.code == "document.file_damaged"


class TestFolder:
    @pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
    def test_S122_files_and_folders_are_their_owners_alone(self, tmp_path, mask):
        before = os.umask(mask)
        try:
            store = FolderStore(tmp_path / "documents")
            key = new_store_key()
            store.put(key, b"a")
        finally:
            os.umask(before)
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in store.root.rglob("*")}
        assert modes == {store.root / key[:2]: 0o700, store.root / key: 0o600}
        assert stat.S_IMODE(store.root.stat().st_mode) == 0o700

    def test_a_full_disk_leaves_no_half_file(self, tmp_path, monkeypatch):
        store, key = FolderStore(tmp_path), new_store_key()

        def full(handle):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable) as caught:
            store.put(key, b"a")
        assert caught.value.code == "document.store_full"
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_what_a_crash_left_unfinished_is_listed_and_removed(self, tmp_path):
        store, key = FolderStore(tmp_path), new_store_key()
        store.put(key, b"a")
        unfinished = store.root / f"{key}.part"
        (store.root / key).rename(unfinished)
        assert list(store.list_keys(key[:2], older_than=SOON)) == [f"{key}.part"]
        store.delete(f"{key}.part")
        assert not unfinished.exists()

    def test_a_folder_that_is_not_mounted_has_lost_nothing(self, tmp_path):
        with pytest.raises(Unavailable) as caught:
            FolderStore(tmp_path / "documents").get(new_store_key())
        assert caught.value.code == "document.store_unreachable"

    def test_a_folder_others_may_enter_is_named_to_the_operator(self, tmp_path):
        (tmp_path / "documents").mkdir()
        (tmp_path / "documents").chmod(0o755)
        with pytest.raises(SetupError, match="chmod 700"):
            FolderStore(tmp_path / "documents").check()

    def test_S100_says_what_is_left_before_the_first_file(self, tmp_path):
        space = FolderStore(tmp_path / "none" / "documents").free_space()
        assert space is not None
        assert 0 < space.free <= space.total


@pytest.mark.skipif(sys.platform != "linux", reason="no server for it")
class TestS3:
    @pytest.mark.parametrize(
        "changes", [{"s3_secret": "wrong"}, {"s3_key_id": "nobody"}], ids=["secret", "key"]
    )
    def test_refused_keys_are_named_to_the_operator(self, s3_server, changes):
        with pytest.raises(SetupError, match="LIANE_S3_SECRET"):
            open_store(s3_server.settings(**changes)).check()

    def test_a_server_that_does_not_answer_is_given_up_soon(self, s3_server):
        store = open_store(s3_server.settings(s3_endpoint=f"http://127.0.0.1:{free_port()}"))
        began = time.monotonic()
        for act in (lambda: store.get(new_store_key()), store.check):
            with pytest.raises(Unavailable) as caught:
                act()
            assert caught.value.code == "document.store_unreachable"
        assert time.monotonic() - began < 10

    def test_nobody_can_tell_what_is_left(self, s3_server):
        assert open_store(s3_server.settings()).free_space() is None
