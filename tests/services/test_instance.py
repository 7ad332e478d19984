"""The identity of the instance: written over the settings, with a logo that is only a picture (DM-23)."""

import struct
import zlib
from dataclasses import replace

import pytest

from app.authz.actor import ANONYMOUS
from app.errors import Conflict, Forbidden, Invalid, NotAuthenticated
from app.services.instance import change_instance, read_instance, read_logo
from app.services.picture import MAX_BYTES, read_picture
from app.settings import get_settings
from tests import factories

FIELDS = {"name": "CH du Marais", "place": "Nouvelle-Aquitaine", "contact_email": "Info@CH.example"}


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 4, height: int = 3, *, extra: bytes = b"", rows: int | None = None) -> bytes:
    """A grey picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress((b"\x00" + b"\x80" * width) * (height if rows is None else rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + extra
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


def jpeg(width: int = 4, height: int = 3, *, extra: bytes = b"") -> bytes:
    """The skeleton of a JPEG: its segments, a scan, its end."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00")
        + extra
        + segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x12\x34\xff\xd9"
    )


@pytest.fixture
def administrator(session, now):
    return factories.make_administrator(session, now)


class TestIdentity:
    def test_DM23_the_settings_until_somebody_writes_it(self, session):
        found = read_instance(session, ANONYMOUS)
        assert (found.name, found.version) == (get_settings().instance_name, 0)

    def test_DM23_what_was_written_takes_their_place(self, session, administrator, now):
        change_instance(session, administrator, FIELDS, version=0, now=now)
        found = read_instance(session, ANONYMOUS)
        assert (found.name, found.place, found.contact_email, found.version) == (
            "CH du Marais",
            "Nouvelle-Aquitaine",
            "info@ch.example",
            1,
        )

    def test_two_at_once_lose_nothing(self, session, administrator, now):
        change_instance(session, administrator, FIELDS, version=0, now=now)
        with pytest.raises(Conflict):
            change_instance(session, administrator, FIELDS, version=0, now=now)

    def test_all_faults_at_once(self, session, administrator, now):
        with pytest.raises(Invalid) as raised:
            change_instance(
                session,
                administrator,
                {"name": " ", "place": "x" * 101, "contact_email": "personne"},
                logo=b"<svg/>",
                version=0,
                now=now,
            )
        assert set(raised.value.fields) == {"name", "place", "contact_email", "logo"}

    def test_a_logo_is_kept_then_taken_away(self, session, administrator, now):
        first = change_instance(session, administrator, FIELDS, logo=png(), version=0, now=now)
        assert read_logo(session, ANONYMOUS) == ("image/png", png())
        kept = change_instance(session, administrator, FIELDS, version=1, now=now)
        assert kept.logo_digest == first.logo_digest != ""
        gone = change_instance(
            session, administrator, {**FIELDS, "without_logo": "on"}, version=2, now=now
        )
        assert (gone.logo_digest, read_logo(session, ANONYMOUS)) == ("", None)

    def test_S060_only_administrators(self, session, doctor, patient_actor, administrator, now):
        delegate = replace(doctor, on_behalf_of_id=administrator.account_id)
        for who in (doctor, patient_actor, delegate):
            with pytest.raises(Forbidden):
                change_instance(session, who, FIELDS, version=0, now=now)
        with pytest.raises(NotAuthenticated):
            change_instance(session, ANONYMOUS, FIELDS, version=0, now=now)


@pytest.mark.databases("sqlite")
class TestPicture:
    @pytest.mark.parametrize(("content", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg")])
    def test_takes_png_and_jpg(self, content, kind):
        found = read_picture(content)
        assert (found.media_type, found.width, found.height) == (kind, 4, 3)

    def test_S094_keeps_only_the_picture(self):
        secret = b"GPS 46.32,-0.46"
        for content in (
            png(extra=_chunk(b"tEXt", secret)) + secret,
            jpeg(extra=b"\xff\xe1" + struct.pack(">H", len(secret) + 2) + secret) + secret,
        ):
            assert secret in content
            assert secret not in read_picture(content).content

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.kind"),
            (b"GIF89a", "picture.kind"),
            (b"", "picture.kind"),
            (png() + b"x" * MAX_BYTES, "picture.too_large"),
            (png()[:40], "picture.damaged"),
            (png().replace(b"IDAT", b"IDAX"), "picture.damaged"),
            (png(rows=2), "picture.damaged"),
            (png(rows=2_000_000), "picture.damaged"),
            (png(2_001, 1), "picture.too_many_pixels"),
            (jpeg(1, 3_000), "picture.too_many_pixels"),
            (jpeg()[:-2], "picture.damaged"),
            (b"\xff\xd8\xff", "picture.damaged"),
        ],
    )
    def test_S091_refuses_what_is_not_one(self, content, code):
        with pytest.raises(Invalid) as raised:
            read_picture(content)
        assert raised.value.fields == {"logo": code}
