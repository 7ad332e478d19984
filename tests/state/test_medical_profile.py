"""The medical profile as a PDF: tagged, in French, whole, and made of text alone (ME-158, RGAA 13.3)."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from app.i18n.medical_profile import UNDRAWN, profile_name
from app.integrations import paper
from app.integrations.file_check import check_file
from app.models.patient import Sex
from app.models.professional import Profession
from app.services.entry_row import Author
from app.services.medical_profile import MedicalProfile, ProfileIdentity, ProfileTreatment
from app.state.medical_profile import make_profile_file, make_profile_pdf

_MADE = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
_DOCTOR = Author(
    uuid4(), "Dre", "Claire", "Martin", Profession.DOCTOR, "oncologue", "Clinique", "Niort"
)
_IDENTITY = ProfileIdentity(
    "Lefèvre", "Besson", "Jeanne, Marie", "Jeanne", date(1958, 6, 4), Sex.FEMALE, "258067919123418"
)
_EMPTY = MedicalProfile(_IDENTITY, (), (), (), "Clinique des Tilleuls, Niort", _MADE)
# What would be markup, code or a reference if any of it were read as such.
_HOSTILE = (
    '#panic("x") *gras* _it_ = Titre $x^2$ `code` @ref <label> \\u{41} // fin /* { [ ] } */ "; \\'
)


def _treatment(label: str = "Palbociclib 125 mg", posology: str = "1 par jour") -> ProfileTreatment:
    started_on = date(2026, 3, 3)
    return ProfileTreatment(
        label, "palbociclib", posology, started_on, None, _DOCTOR, date(2026, 3, 5)
    )


def _words(content: bytes) -> str:
    """All text, in the order it is read; words cut at the end of a line made whole."""
    with pypdfium2.PdfDocument(content) as document:
        pages = [document[n].get_textpage().get_text_bounded() for n in range(len(document))]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def _tags(node: pikepdf.Object) -> Iterator[str]:
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            yield from _tags(kid)


class TestMakeProfilePdf:
    def test_RGAA13_3_is_tagged_titled_and_in_french(self):
        content = make_profile_pdf(replace(_EMPTY, current_treatments=(_treatment(),)))
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "fr"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert set(_tags(pdf.Root.StructTreeRoot)) >= {
                "/H1",
                "/H2",
                "/P",
                "/Table",
                "/TH",
                "/TD",
            }
            metadata = pdf.open_metadata()
            assert metadata["dc:title"] == "Profil médical de Jeanne Besson"
            assert metadata["pdfuaid:part"] == "1"

    def test_says_who_it_is_about_and_where_it_comes_from(self):
        words = _words(make_profile_pdf(_EMPTY))
        for part in (
            "LEFÈVRE",
            "Jeanne, Marie",
            "4 juin 1958",
            "2 58 06 79 191 234 18",
            "Aucun traitement en cours n’est inscrit",
            "Aucun traitement passé n’est inscrit",
            "à la demande de la patiente",
            "22 novembre 2026 à 12 h 30",
            "Page 1 sur 1",
        ):
            assert part in words, part
        assert UNDRAWN not in words

    def test_names_every_treatment_on_as_many_pages_as_it_takes(self):
        rows = tuple(_treatment(f"Médicament-{n:03}") for n in range(60))
        content = make_profile_pdf(replace(_EMPTY, current_treatments=rows))
        words = _words(content)
        assert all(row.label in words for row in rows)
        assert "60 traitements" in words
        with pypdfium2.PdfDocument(content) as document:
            assert f"Page {len(document)} sur {len(document)}" in words
            assert len(document) > 2

    def test_takes_text_for_text(self):
        hostile = replace(_EMPTY, current_treatments=(_treatment(posology=_HOSTILE),))
        assert _HOSTILE in _words(make_profile_pdf(hostile))

    @pytest.mark.parametrize(
        ("typed", "shown", "is_whole"),
        [
            ("25 µg, œdème, 2 ≥ 1", "25 μg, œdème, 2 ≥ 1", True),
            ("Łukasz Šimůnek Ελένη Наталья", "Łukasz Šimůnek Ελένη Наталья", True),
            ("李 et 😀", "□ et □", False),
            ("un\u202edeux\u0000trois\ue000", "undeux trois", True),
        ],
    )
    def test_writes_what_its_fonts_have_and_says_what_they_have_not(self, typed, shown, is_whole):
        odd = replace(_EMPTY, current_treatments=(_treatment(posology=typed),))
        words = _words(make_profile_pdf(odd))
        assert shown in words
        assert (UNDRAWN in words) is not is_whole

    def test_keeps_a_very_long_word_on_the_page(self):
        long = replace(_EMPTY, current_treatments=(_treatment("Évérolimus" * 25),))
        content = make_profile_pdf(long)
        with pypdfium2.PdfDocument(content) as document:
            page = document[0]
            text = page.get_textpage()
            edges = [text.get_charbox(n)[2] for n in range(text.count_chars())]
            assert max(edges) <= page.get_width() - 50

    def test_signs_that_do_not_go_together_leave_plain_letters(self, monkeypatch):
        monkeypatch.setattr(paper, "_is_drawn", lambda _: True)
        odd = replace(_EMPTY, current_treatments=(_treatment(posology="李 matin"),))
        assert "□ matin" in _words(make_profile_pdf(odd))

    def test_is_accepted_by_our_own_check_as_it_is(self):
        # At the moment a clock gives, which is finer than a second.
        content = make_profile_pdf(replace(_EMPTY, made_at=_MADE.replace(microsecond=314_159)))
        checked = check_file(content, "profil.pdf")
        assert (checked.content, checked.removed) == (content, ())

    async def test_has_a_name_for_its_file(self):
        file = await make_profile_file(_EMPTY)
        assert file.name == "Profil médical de Jeanne Besson au 22 novembre 2026.pdf"
        assert file.content.startswith(b"%PDF-")
        aminata = replace(_EMPTY, identity=replace(_IDENTITY, given_name="Aminata"))
        assert profile_name(aminata).startswith("Profil médical d’Aminata Besson au ")
