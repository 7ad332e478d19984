"""Files people send, opened in a process of their own (S090 to S097, ME-093 to ME-096)."""

import csv
import io
import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from app.errors import AppError, RuleViolation, Unavailable
from app.i18n.file_check import removed_sentence
from app.integrations import file_check, file_process
from app.integrations.file_check import MAX_BYTES, CheckedFile, check_file, start_check
from app.integrations.file_process import nursery
from app.models.document import FileFormat
from tests.architecture.sources import ROOT

SAMPLES = ROOT.parent / "shared" / "data" / "uploads"
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def packed(picture: Image.Image, name: str, **options) -> bytes:
    written = io.BytesIO()
    picture.save(written, name, **options)
    return written.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Left half dark, right half light: a turn shows."""
    picture = Image.new(mode, size, "black")
    picture.paste("white", (size[0] // 2, 0, *size))
    return picture


def opened(checked: CheckedFile) -> Image.Image:
    picture = Image.open(io.BytesIO(checked.content))
    picture.load()
    return picture


def written(document: pikepdf.Pdf, **options) -> bytes:
    content = io.BytesIO()
    document.save(content, static_id=True, **options)
    return content.getvalue()


def page_with(**entries) -> pikepdf.Pdf:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 300))
    for key, value in entries.items():
        document.Root[f"/{key}"] = value
    return document


def action(kind: str, **entries) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name(f"/{kind}"), **entries)


def code_of(content: bytes, name: str) -> str:
    with pytest.raises(AppError) as failure:
        check_file(content, name)
    return failure.value.code


JPG = packed(halves(), "JPEG")
PDF = written(page_with())


class TestSamples:
    def test_every_sample_gets_the_verdict_of_its_manifest(self):
        if not SAMPLES.exists():
            pytest.skip("the samples are not beside the repository")
        with (SAMPLES / "MANIFEST.csv").open(encoding="utf-8") as table:
            rows = list(csv.DictReader(table))

        def verdict(row: dict[str, str]) -> str:
            path = SAMPLES / row["path"]
            try:
                checked = check_file(path.read_bytes(), path.name)
            except RuleViolation as refusal:
                return refusal.code
            except Unavailable:
                return "the process died or was too slow"
            assert b"GPS" not in checked.content or checked.format is FileFormat.PDF
            return "accepted"

        with ThreadPoolExecutor(2) as pool:
            verdicts = dict(
                zip([row["path"] for row in rows], pool.map(verdict, rows), strict=True)
            )
        wrong = {}
        for row in rows:
            found, expected = verdicts[row["path"]], row["expect"]
            must_accept, must_refuse = expected.startswith("accept"), expected.startswith("reject")
            if (
                found.startswith("the process")
                or (must_accept and found != "accepted")
                or (must_refuse and found == "accepted")
            ):
                wrong[row["path"]] = found
        assert wrong == {}
        assert len(verdicts) == 93
        assert verdicts["bad/encrypted-pdf/r4-aes-user-password.pdf"] == "file.password"
        assert verdicts["bad/encrypted-pdf/r6-user-password.pdf"] == "file.password"
        assert verdicts["bad/wrong-type/hopper.gif"] == "file.kind"


class TestNamesAndSizes:
    def test_ME095_refuses_one_byte_too_many(self):
        assert code_of(b"a" * (MAX_BYTES + 1), "a.txt") == "file.too_large"

    def test_refuses_an_empty_file(self):
        assert code_of(b"", "a.txt") == "file.empty"

    @pytest.mark.parametrize("name", ["a.gif", "a", "pdf", "a.pdf.exe", "a.\u202etxt.exe"])
    def test_ME093_refuses_other_formats(self, name):
        assert code_of(b"a", name) == "file.kind"

    @pytest.mark.parametrize(
        ("content", "name"),
        [(JPG, "a.png"), (PDF, "a.txt"), (b"hello", "a.pdf"), (b"PK\x03\x04", "a.txt")],
    )
    def test_S091_refuses_a_name_that_says_another_kind(self, content, name):
        assert code_of(content, name) == "file.mismatch"

    def test_S098_keeps_the_name_as_text(self):
        name = "C:\\Bilans\\Résultat\u202e du\n 3 mars.pdf"
        assert file_check.readable_name(name) == "Résultat du 3 mars.pdf"

    @pytest.mark.parametrize("name", ["", "/", "é" * 252 + ".pdf", "\u202e"])
    def test_S098_refuses_a_name_that_cannot_be_kept(self, name):
        with pytest.raises(RuleViolation, match=r"file\.name"):
            file_check.readable_name(name)


class TestPictures:
    def test_ME094_a_png_becomes_a_jpg_on_white(self):
        note = PngImagePlugin.PngInfo()
        note.add_text("comment", "Marie-Anne")
        png = packed(Image.new("RGBA", (40, 20), (0, 0, 0, 0)), "PNG", pnginfo=note)
        checked = check_file(png, "scan.PNG")
        assert (checked.format, checked.was_converted) == (FileFormat.JPG, True)
        picture = opened(checked)
        assert (picture.format, picture.mode, picture.getpixel((5, 5))) == (
            "JPEG",
            "RGB",
            (255,) * 3,
        )
        assert b"Marie-Anne" not in checked.content

    def test_S093_an_animated_png_gives_its_first_frame(self):
        frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
        png = packed(frames[0], "PNG", save_all=True, append_images=frames[1:])
        red, _, blue = opened(check_file(png, "a.png")).getpixel((8, 8))
        assert red > 200
        assert blue < 50

    def test_S094_sixteen_bits_of_grey_stay_grey(self):
        png = packed(Image.new("I;16", (8, 8), 32_768), "PNG")
        assert abs(opened(check_file(png, "a.png")).getpixel((3, 3)) - 128) < 3

    def test_S094_a_jpg_loses_place_maker_comment_and_tail_not_quality(self):
        exif = Image.Exif()
        exif[MAKER] = "Appareil de Marie"
        exif[GPS] = {2: (48.0, 51.0, 24.0)}
        jpg = packed(halves(), "JPEG", exif=exif, comment=b"Marie-Anne", quality=77) + b"tail"
        checked = check_file(jpg, "photo.jpeg")
        for planted in (b"Exif", b"Marie", b"tail"):
            assert planted not in checked.content
        assert checked.removed == ("metadata",)
        assert opened(checked).tobytes() == Image.open(io.BytesIO(jpg)).tobytes()
        assert "lieu" in removed_sentence(checked.removed)

    def test_S094_a_jpg_without_notes_is_not_touched(self):
        checked = check_file(JPG, "a.jpg")
        assert (checked.content, checked.removed) == (JPG, ())
        assert (checked.first_page.width, checked.first_page.height) == (64, 32)

    @pytest.mark.parametrize(("name", "kind"), [("JPEG", "jpg"), ("TIFF", "tif"), ("PNG", "png")])
    def test_S094_a_turned_picture_is_stored_upright(self, name, kind):
        exif = Image.Exif()
        exif[ORIENTATION] = 6
        checked = check_file(packed(halves(), name, exif=exif), f"a.{kind}")
        picture = opened(checked)
        assert picture.size == (32, 64)
        top, bottom = picture.getpixel((16, 4)), picture.getpixel((16, 60))
        assert max(top) < 40
        assert min(bottom) > 215
        assert picture.getexif().get(ORIENTATION, 1) == 1

    @pytest.mark.parametrize("packing", ["group4", "raw", "jpeg", "tiff_lzw"])
    def test_S094_a_tif_keeps_its_pages_and_loses_its_notes(self, packing):
        mode = "1" if packing == "group4" else "RGB"
        pages = [halves(mode, (64 + rank, 32)) for rank in range(3)]
        notes = {315: "Marie-Anne", 270: "Marie-Anne", MAKER: "Marie-Anne", 65_000: "Marie-Anne"}
        tif = packed(
            pages[0],
            "TIFF",
            save_all=True,
            append_images=pages[1:],
            compression=packing,
            tiffinfo=notes,
        )
        assert b"Marie" in tif
        checked = check_file(tif + b"Marie-Anne", "a.tiff")
        assert b"Marie" not in checked.content
        assert checked.page_count == 3
        before, after = Image.open(io.BytesIO(tif)), Image.open(io.BytesIO(checked.content))
        for rank in range(3):
            before.seek(rank)
            after.seek(rank)
            assert after.info["compression"] == before.info["compression"]
            assert after.tobytes() == before.tobytes()
        second = file_check.render_page(checked.content, FileFormat.TIF, 3)
        assert (second.width, second.height) == (66, 32)

    def test_S093_refuses_a_side_of_20001_pixels(self):
        assert (
            code_of(packed(Image.new("1", (20_001, 1)), "PNG"), "a.png") == "file.too_many_pixels"
        )

    def test_S093_refuses_64_million_pixels_and_more(self):
        content = packed(Image.new("1", (8_001, 8_000)), "TIFF", compression="group4")
        assert code_of(content, "a.tif") == "file.too_many_pixels"

    def test_S092_takes_64_million_transparent_pixels_within_its_memory(self):
        png = packed(Image.new("RGBA", (8_000, 8_000)), "PNG", compress_level=1)
        assert check_file(png, "a.png").first_page.width == 1_200

    def test_S093_refuses_201_pages(self):
        page = Image.new("1", (8, 8))
        tif = packed(page, "TIFF", save_all=True, append_images=[page] * 200)
        assert code_of(tif, "a.tif") == "file.too_many_pages"

    @pytest.mark.parametrize("content", [JPG[:-40], packed(halves(), "PNG")[:60]])
    def test_S091_refuses_what_does_not_decode_to_the_end(self, content):
        assert code_of(content, "a.jpg" if content[0] == 0xFF else "a.png") == "file.damaged"


class TestPdf:
    def test_S095_bytes_stay_as_they_are(self):
        checked = check_file(PDF, "a.pdf")
        assert (checked.content, checked.removed, checked.page_count) == (PDF, (), 1)
        assert (checked.first_page.width, checked.first_page.height) == (1200, 1800)

    @pytest.mark.parametrize("objects", ["disable", "generate"])
    def test_S095_active_content_is_removed_and_told(self, objects):
        document = page_with(OpenAction=action("JavaScript", JS="app.alert('marqueur')"))
        document.attachments["marqueur.txt"] = b"marqueur"
        document.Root.AA = pikepdf.Dictionary(WC=action("Launch", F="marqueur.exe"))
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=[], XFA=document.make_stream(b"<marqueur/>")
        )
        page = document.pages[0]
        kinds = ("SubmitForm", "ImportData", "GoToR", "GoToE", "Movie", "URI")
        links = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 9, 9],
                A=action(kind, URI="https://exemple.fr/" if kind == "URI" else "marqueur"),
            )
            for kind in kinds
        ]
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9], NM="marqueur")
        page.obj.Annots = document.make_indirect(pikepdf.Array([*links, note]))
        content = written(document, object_stream_mode=getattr(pikepdf.ObjectStreamMode, objects))
        checked = check_file(content, "a.pdf")
        assert set(checked.removed) == set(
            "javascript attachments launch xfa submit import remote media".split()
        )
        with pikepdf.open(io.BytesIO(checked.content)) as kept:
            everything = b"".join(thing.unparse(resolved=True) for thing in kept.objects)
            assert b"marqueur" not in everything
            assert b"exemple.fr" in everything

    def test_S095_sees_through_escaped_names(self):
        content = written(page_with(OpenAction=action("JavaScript", JS="1")), qdf=True)
        escaped = content.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")
        assert b"/JavaScript" not in escaped
        assert "javascript" in check_file(escaped, "a.pdf").removed

    def test_S095_sees_what_is_said_elsewhere(self):
        document = page_with()
        document.Root.OpenAction = pikepdf.Dictionary(
            S=document.make_indirect(pikepdf.Name.Launch),
            Win=document.make_indirect(pikepdf.Dictionary(F="marqueur.exe")),
        )
        assert check_file(written(document), "a.pdf").removed == ("launch",)

    def test_S095_refuses_signed_and_active(self):
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"-")
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s", V=signature)
        form = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        signed = written(page_with(AcroForm=form))
        assert check_file(signed, "a.pdf").content == signed
        active = written(page_with(AcroForm=form, OpenAction=action("JavaScript", JS="1")))
        assert code_of(active, "a.pdf") == "file.signed_active"

    def test_S095_refuses_a_password_but_not_an_empty_one(self):
        locked = written(page_with(), encryption=pikepdf.Encryption(owner="a", user="b"))
        assert code_of(locked, "a.pdf") == "file.password"
        only_owner = pikepdf.Encryption(owner="a", user="")
        readable = written(page_with(), encryption=only_owner)
        assert check_file(readable, "a.pdf").content == readable
        active = page_with(OpenAction=action("JavaScript", JS="1"))
        checked = check_file(written(active, encryption=only_owner), "a.pdf")
        assert checked.removed == ("javascript",)
        with pikepdf.open(io.BytesIO(checked.content)) as kept:
            assert not kept.is_encrypted

    def test_S095_refuses_a_file_without_a_page(self):
        assert code_of(written(pikepdf.new()), "a.pdf") == "file.no_page"

    def test_S093_refuses_2001_pages(self):
        document = page_with()
        for _ in range(2_000):
            document.add_blank_page(page_size=(20, 20))
        assert code_of(written(document), "a.pdf") == "file.too_many_pages"

    def test_a_page_of_a_stored_file_is_drawn(self):
        document = page_with()
        document.add_blank_page(page_size=(100, 50))
        picture = file_check.render_page(written(document), FileFormat.PDF, 2, width=400)
        assert (picture.width, picture.height) == (400, 200)
        with pytest.raises(RuleViolation, match=r"file\.no_page"):
            file_check.render_page(PDF, FileFormat.PDF, 2)


class TestTexts:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_S097_reads_three_ways_of_writing(self, encoding):
        content = "Créatinine : 80 µmol/L\r\nfin".encode(encoding)
        checked = check_file(content, "a.txt")
        assert checked.text == "Créatinine : 80 µmol/L\nfin"
        assert (checked.content, checked.first_page) == (content, None)

    @pytest.mark.parametrize(
        "content", [b"a\x00b", "abc".encode("utf-16-le"), b"\x81\x8d", b"\xff\xfea\x00b", b"\x01a"]
    )
    def test_S097_refuses_what_is_no_text(self, content):
        assert code_of(content, "a.txt") == "file.text_encoding"

    def test_S096_reads_the_text_of_an_rtf(self):
        rtf = rb"{\rtf1\ansi\ansicpg1252 {\*\template Normal.dotm}Cr\'e9atinine {\b 80}\par fin}"
        checked = check_file(rtf, "a.rtf")
        assert checked.text == "Créatinine 80\nfin"
        assert checked.content == rtf

    @pytest.mark.parametrize(
        "inside",
        [
            rb"{\object\objemb{\*\objdata 0105}}",
            rb"{\*\objdata 0105}",
            rb"{\*\template http://exemple.fr/a.dot}",
            rb"{\*\template \'68ttp}",
            rb'{\field{\*\fldinst { INCLUDE}{\b PICTURE "http://exemple.fr/a.png"}}{\fldrslt }}',
            rb'{\field{\*\fldinst DDEAUTO cmd "/k calc"}{\fldrslt }}',
            rb"{\field{\*\fldinst \u68?\u68?E cmd}{\fldrslt }}",
            rb"{\field{\*\fldinst LINK Word.Document a.doc}{\fldrslt }}",
            rb"{\sp{\sn pibName}{\sv http://exemple.fr/a.png}}",
        ],
    )
    def test_S096_refuses_objects_and_links_to_files(self, inside):
        assert code_of(rb"{\rtf1\ansi a" + inside + b"}", "a.rtf") == "file.rtf_object"

    def test_S096_a_link_to_an_address_stays(self):
        link = rb'{\field{\*\fldinst HYPERLINK "https://exemple.fr/import/link"}{\fldrslt ici}}'
        assert "ici" in check_file(rb"{\rtf1 " + link + b"}", "a.rtf").text


PROBE = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
from app.sandbox import child, limits
child.load()
limits.restrain()
limits.shut_doors()
tries = {
    "socket": lambda: socket.socket(),
    "file": lambda: open("/etc/hostname"),
    "pipe": lambda: os.pipe(),
    "process": lambda: os.fork(),
    "memory": lambda: bytearray(800 * 1024 * 1024),
}
for name, act in tries.items():
    try:
        act()
        os.write(1, name.encode() + b" was possible\\n")
    except (OSError, MemoryError):
        pass
os.write(1, b"asked " + str(dict(os.environ)).encode())
"""


class TestTheProcess:
    def test_S092_no_socket_no_file_no_process_no_secret(self):
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", PROBE, str(ROOT)],
            env={},
            capture_output=True,
            check=False,
            timeout=30,
        )
        assert b"possible" not in done.stdout
        assert done.stdout.startswith(b"asked {")
        assert b"LIANE" not in done.stdout

    def test_S092_its_death_is_a_refusal(self):
        with start_check() as checker:
            signal.pidfd_send_signal(checker.process.handle, signal.SIGKILL)
            with pytest.raises(Unavailable, match=r"file\.check_failed"):
                checker.check(PDF, "a.pdf")

    def test_S092_its_silence_is_a_refusal_and_ends_it(self):
        with start_check(seconds=0.3) as checker:
            signal.pidfd_send_signal(checker.process.handle, signal.SIGSTOP)
            with pytest.raises(Unavailable, match=r"file\.check_failed"):
                checker.check(PDF, "a.pdf")
            mine = os.dup(checker.process.handle)
        with os.fdopen(mine) as handle:
            assert select.select([handle], [], [], 5)[0], "it goes on"

    def test_S092_another_takes_the_place_of_the_one_that_forks(self):
        check_file(PDF, "a.pdf")
        first = nursery._process
        first.kill()
        assert check_file(PDF, "a.pdf").page_count == 1
        assert nursery._process is not first

    def test_S092_a_few_at_once_whoever_asks(self, monkeypatch):
        monkeypatch.setattr(file_process, "PLACE_SECONDS", 0.05)
        with ExitStack() as open_ones:
            for _ in range(file_process.AT_ONCE):
                open_ones.enter_context(start_check())
            with pytest.raises(Unavailable, match=r"file\.check_failed"):
                check_file(PDF, "a.pdf")
        assert check_file(PDF, "a.pdf").page_count == 1

    @pytest.mark.parametrize("answer", [b"", b"\x00" * 8, b"\x00\x00\x00\x02\x00\x00\x00\x00[]"])
    def test_S092_its_nonsense_is_a_refusal(self, answer, monkeypatch):
        with start_check() as checker:
            monkeypatch.setattr(checker.process, "exchange", lambda *_: answer)
            with pytest.raises(Unavailable, match=r"file\.check_failed"):
                checker.check(PDF, "a.pdf")
