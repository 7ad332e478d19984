"""The document types: one list, two groupings, and no document that nobody finds (U-16, FC-22, FC-25)."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.errors import Invalid
from app.i18n.document import CLASSES, PATIENT_CATEGORIES, RECORD_CATEGORIES
from app.models.document import DocumentClass, PatientCategory, RecordCategory
from app.services.document_type import (
    Depositor,
    StatisticGroup,
    all_types,
    document_type,
    patient_type,
    professional_types,
    types_of,
)

NATIONAL = Path(__file__).parents[2].parent / "shared" / "data" / "nos"
# Put into French: the list has an English label, and one without its accents.
MENDED = {"E1762": "Document complet", "IMG-KOS": "Référence d’objets d’un examen d’imagerie"}


class TestTheList:
    def test_U16_every_type_is_in_one_category_of_each_grouping(self):
        codes = Counter(each.code for each in all_types())
        assert len(codes) == 114
        assert Counter(c for category in PatientCategory for c in types_of(category)) == codes
        assert Counter(c for category in RecordCategory for c in types_of(category)) == codes

    @pytest.mark.parametrize("category", [*PatientCategory, *RecordCategory])
    def test_no_category_stays_empty(self, category):
        assert types_of(category)

    def test_DM53_every_group_of_the_legend_has_types(self):
        assert {each.statistic_group for each in all_types()} == set(StatisticGroup)

    def test_every_class_and_category_has_its_word(self):
        assert set(CLASSES) == set(DocumentClass) == {each.document_class for each in all_types()}
        assert set(PATIENT_CATEGORIES) == set(PatientCategory)
        assert set(RECORD_CATEGORIES) == set(RecordCategory)

    @pytest.mark.skipif(not NATIONAL.exists(), reason="the national lists are not beside the code")
    def test_it_is_the_national_one(self):
        concepts = ET.parse(  # noqa: S314 - a file of the reference data, not of a person
            NATIONAL / "svs" / "JDV_J07_XdsTypeCode_CISIS.xml"
        ).iter("{urn:ihe:iti:svs:2008}Concept")
        labels = {c.attrib["code"]: c.attrib["displayName"].replace("'", "’") for c in concepts}
        assert {each.code: each.label for each in all_types()} == labels | MENDED

    @pytest.mark.skipif(not NATIONAL.exists(), reason="the national lists are not beside the code")
    def test_FC22_the_classes_are_the_national_ones_where_there_are(self):
        table = NATIONAL / "tabs" / "ASS_X16-CorrespondanceType-Classe-DMP.tabs"
        lines = [line.split(";") for line in table.read_text(encoding="utf-8").splitlines()[3:]]
        classes = {(line[0] or line[1]): line[3] for line in lines if line[0] or line[1]}
        ours = {each.code: each.document_class.value for each in all_types()}
        assert len(classes.keys() & ours) == 79
        assert {code: ours[code] for code in classes.keys() & ours} == {
            code: classes[code] for code in classes.keys() & ours
        }


class TestDocumentType:
    def test_FC25_places_an_unusual_type(self):
        found = document_type("75492-9")
        assert found.document_class is DocumentClass.REPORT
        assert found.patient_category is PatientCategory.PREVENTION
        assert found.record_category is RecordCategory.PREVENTION

    def test_shows_reimbursements_to_the_patient_too(self):
        assert document_type("REMB").patient_category is PatientCategory.OTHER
        assert types_of(RecordCategory.REIMBURSEMENT) == ("REMB",)

    def test_refuses_a_code_of_no_list(self):
        with pytest.raises(Invalid) as refusal:
            document_type("12345-6")
        assert refusal.value.fields == {"type": "document.type_unknown"}


class TestWhoDeposits:
    @pytest.mark.parametrize("category", PatientCategory)
    def test_ME100_a_patients_deposit_stays_in_the_category_they_chose(self, category):
        assert document_type(patient_type(category)).patient_category is category

    def test_professionals_do_not_deposit_for_patients_nor_for_machines(self):
        codes = {each.code for each in professional_types()}
        assert len(codes) == 100
        assert codes.isdisjoint({"DOCPAT01", "DOCPAT09", "REMB", "FEUILLE-DE-STYLE"})
        assert all(each.depositor is Depositor.PROFESSIONAL for each in professional_types())
