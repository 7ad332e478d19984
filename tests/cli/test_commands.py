"""The command line, run as an operator runs it: what goes wrong is one clear sentence and exit code 1."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import open_database
from app.settings import Settings
from tests.journal_guard import unguarded_journal
from tests.server import free_port, run_liane

PUBLIC = {"LIANE_MODE": "production", "LIANE_PUBLIC_URL": "https://portail.exemple.test"}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `liane migrate` leaves it, to copy."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    done = run_liane("migrate", data_dir=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port somebody else listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def _assert_one_sentence(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Erreur\u202f: ")
    assert lines[0].endswith(".")
    for word in words:
        assert word in lines[0]


class TestStart:
    def test_a_busy_port(self, tmp_path, busy_port):
        done = run_liane("demo", data_dir=tmp_path / "data", PORT=str(busy_port))
        _assert_one_sentence(done, str(busy_port), "PORT=")
        assert not (tmp_path / "data").exists()

    def test_a_missing_key_for_an_existing_base(self, data_dir):
        key = data_dir / "keys" / "liane.key"
        key.unlink()
        _assert_one_sentence(run_liane("migrate", data_dir=data_dir), "LIANE_KEY_FILE")
        assert not key.exists()

    def test_the_key_of_another_base(self, data_dir, tmp_path):
        done = run_liane("migrate", data_dir=tmp_path / "other")
        assert done.returncode == 0
        other_key = tmp_path / "other" / "keys" / "liane.key"
        done = run_liane("migrate", data_dir=data_dir, LIANE_KEY_FILE=str(other_key))
        _assert_one_sentence(done, "LIANE_KEY_FILE")

    def test_a_key_others_may_read(self, data_dir):
        (data_dir / "keys" / "liane.key").chmod(0o444)
        _assert_one_sentence(run_liane("migrate", data_dir=data_dir), "chmod 400")

    def test_S151_a_base_made_by_a_later_version(self, data_dir):
        base = open_database(Settings(data_dir=data_dir))
        with base.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'from_later'"))
        base.engine.dispose()
        _assert_one_sentence(run_liane("migrate", data_dir=data_dir), "plus récente")

    @pytest.mark.parametrize("setting", ["PORT", "LIANE_MODE", "LIANE_TRUSTED_PROXY_HOPS"])
    def test_a_setting_that_cannot_be_read(self, tmp_path, setting):
        done = run_liane("migrate", data_dir=tmp_path / "data", **{setting: "beaucoup"})
        _assert_one_sentence(done, setting)
        assert "beaucoup" not in done.stderr


class TestFiles:
    def test_the_key_is_its_owners_alone_and_outside_the_base(self, migrated):
        key = migrated / "keys" / "liane.key"
        assert key.stat().st_mode & 0o777 == 0o400
        assert (migrated / "liane.db").stat().st_mode & 0o077 == 0

    def test_the_base_is_unreadable_without_its_key(self, migrated):
        content = (migrated / "liane.db").read_bytes()
        assert not content.startswith(b"SQLite format 3")
        assert b"CREATE TABLE" not in content


class TestProduction:
    """S154: an unsafe configuration does not start."""

    @pytest.mark.parametrize(
        ("settings", "word"),
        [
            ({"LIANE_PUBLIC_URL": ""}, "LIANE_PUBLIC_URL"),
            ({"LIANE_PUBLIC_URL": "http://portail.exemple.test"}, "https://"),
            ({"LIANE_PUBLIC_URL": "https://*.exemple.test"}, "exacte"),
            ({"LIANE_PUBLIC_URL": "https://portail.exemple.test/liane"}, "exacte"),
            ({}, "LIANE_SMTP_URL"),
        ],
    )
    def test_S154_refuses_to_start(self, tmp_path, settings, word):
        done = run_liane("serve", data_dir=tmp_path / "data", **(PUBLIC | settings))
        _assert_one_sentence(done, word)
        assert not (tmp_path / "data").exists()


class TestKeys:
    def test_S122_one_command_rotates_and_says_that_none_is_left(self, data_dir):
        key = data_dir / "keys" / "liane.key"
        master = key.read_text().split()
        done = run_liane("keys", "rotate", data_dir=data_dir)
        assert done.returncode == 0, done.stderr
        assert "0 fichier sous une ancienne clé" in done.stdout.replace("\u00a0", " ")
        assert key.stat().st_mode & 0o777 == 0o400
        lines = key.read_text().split()
        assert (lines[:1], len(lines)) == (master, 2)
        assert not any(line in done.stdout for line in lines)
        shown = run_liane("keys", "status", data_dir=data_dir).stdout.splitlines()
        assert ["en service" in line for line in shown] == [False, True]

    def test_S122_a_line_that_is_no_random_key_does_not_start(self, data_dir):
        key = data_dir / "keys" / "liane.key"
        key.chmod(0o600)
        key.write_text(key.read_text() + "ab" * 32 + "\n")
        key.chmod(0o400)
        _assert_one_sentence(run_liane("migrate", data_dir=data_dir), "liane.key", "hasard")


class TestImport:
    @pytest.mark.parametrize("what", ["missing", "empty", "file"])
    def test_an_unreadable_release(self, data_dir, tmp_path, what):
        path = tmp_path / what
        if what == "empty":
            path.mkdir()
        if what == "file":
            path.write_bytes(b"\x00\xff rien")
        done = run_liane("import", "medicines", str(path), data_dir=data_dir)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("Erreur\u202f: ")


class TestJournalVerify:
    @pytest.fixture
    def written(self, data_dir: Path) -> Path:
        """A base whose journal holds at least two lines."""
        done = run_liane(
            *("admin", "create", "--email", "admin@exemple.test", "--family-name", "Garnier"),
            *("--given-name", "Hélène", "--password", "Lierre-vert-42!"),
            data_dir=data_dir,
        )
        assert done.returncode == 0, done.stderr
        return data_dir

    def test_S131_an_untouched_journal(self, written):
        done = run_liane("journal", "verify", data_dir=written)
        assert done.returncode == 0
        assert "intact" in done.stdout

    def test_S131_a_verification_leaves_a_line(self, written):
        assert run_liane("journal", "verify", data_dir=written).returncode == 0
        base = open_database(Settings(data_dir=written))
        with base.engine.connect() as connection:
            last = connection.execute(
                text("SELECT action, result FROM journal_entry ORDER BY seq DESC LIMIT 1")
            ).one()
        base.engine.dispose()
        assert last == ("journal.verified", "ok")
        assert run_liane("journal", "verify", data_dir=written).returncode == 0

    def test_S131_names_the_first_bad_line(self, written):
        base = open_database(Settings(data_dir=written))
        with unguarded_journal(base) as connection:
            last = connection.execute(text("SELECT max(seq) FROM journal_entry")).scalar_one()
            connection.execute(
                text("UPDATE journal_entry SET action = 'other' WHERE seq = :seq"), {"seq": last}
            )
        base.engine.dispose()
        done = run_liane("journal", "verify", data_dir=written)
        _assert_one_sentence(done, f"ligne {last}")


class TestAdminCreate:
    def test_refuses_a_weak_password_with_its_reason(self, data_dir):
        done = run_liane(
            *("admin", "create", "--email", "admin@exemple.test", "--family-name", "Garnier"),
            *("--given-name", "Hélène", "--password", "court"),
            data_dir=data_dir,
        )
        assert done.returncode == 1
        assert "8 caractères" in done.stderr


class TestDoctor:
    def test_all_is_well(self, data_dir, smtp_server):
        done = run_liane("doctor", data_dir=data_dir, LIANE_SMTP_URL=smtp_server.url)
        failing = [line for line in done.stdout.splitlines() if line.startswith("✗")]
        # Whether the pages are built is none of this test's business.
        assert [line for line in failing if "liane build" not in line] == []
        assert "le serveur répond" in done.stdout

    def test_a_provider_that_does_not_answer_is_named(self, data_dir, smtp_server):
        settings = {
            "LIANE_PSC_ISSUER": f"http://127.0.0.1:{free_port()}",
            "LIANE_PSC_CLIENT_ID": "liane",
            "LIANE_PSC_CLIENT_SECRET": "secret",
            "LIANE_SMTP_URL": smtp_server.url,
        }
        done = run_liane("doctor", data_dir=data_dir, **settings)
        failing = [line for line in done.stdout.splitlines() if line.startswith("✗")]
        assert any("LIANE_PSC_ISSUER" in line for line in failing)

    def test_one_line_each_with_the_mend(self, tmp_path):
        settings = {"LIANE_SMTP_URL": f"smtp://127.0.0.1:{free_port()}"}
        done = run_liane("doctor", data_dir=tmp_path / "data", **settings)
        assert done.returncode == 1
        failing = [line for line in done.stdout.splitlines() if line.startswith("✗")]
        assert any("liane migrate" in line for line in failing)
        assert any("LIANE_SMTP_URL" in line for line in failing)

    def test_a_store_that_does_not_answer_is_named(self, data_dir, smtp_server):
        settings = {
            "LIANE_DOCUMENT_STORE": "s3://documents/liane",
            "LIANE_S3_ENDPOINT": f"http://127.0.0.1:{free_port()}",
            "LIANE_S3_KEY_ID": "liane",
            "LIANE_S3_SECRET": "example-of-a-secret",
            "LIANE_SMTP_URL": smtp_server.url,
        }
        done = run_liane("doctor", data_dir=data_dir, **settings)
        failing = [line for line in done.stdout.splitlines() if line.startswith("✗")]
        assert any("LIANE_S3_ENDPOINT" in line for line in failing)
