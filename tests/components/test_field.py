"""Fields: label, hint, error and control are tied together."""

import reflex as rx

from app.components.choice_field import checkbox, radio_cards
from app.components.field import FieldParts, date_fields, text_field
from app.components.file_field import file_field
from app.components.markup import look


def _html(component: rx.Component) -> str:
    return str(component)


class TestFile:
    def test_its_words_are_french_and_it_is_weighed_before_it_is_sent(self):
        drawn = _html(file_field("Logo", "logo", accept="image/png", max_bytes=9, error=""))
        assert 'htmlFor:"logo"' in drawn
        assert "Choisir un fichier" in drawn
        assert '"data-max-bytes":"9"' in drawn


class TestTies:
    def test_a_hint_describes_the_control(self):
        drawn = _html(text_field("Poids", "weight", hint="En kg", error=""))
        assert '"aria-describedby":"weight-hint"' in drawn
        assert 'id:"weight-hint"' in drawn or '"id":"weight-hint"' in drawn

    def test_an_error_describes_it_too_and_marks_it(self):
        drawn = _html(text_field("Poids", "weight", hint="En kg", error="Saisissez le poids"))
        assert '"aria-describedby":"weight-hint weight-error"' in drawn
        assert '"aria-invalid":"true"' in drawn
        assert "saisissez le poids" in drawn

    def test_without_either_nothing_describes_it(self):
        drawn = _html(text_field("Poids", "weight", error=""))
        assert "aria-describedby" not in drawn
        assert "aria-invalid" not in drawn

    def test_the_label_names_the_control_and_says_it_is_mandatory(self):
        drawn = _html(text_field("Poids", "weight", required=True, error=""))
        assert 'htmlFor:"weight"' in drawn
        assert '"\\u00a0*"' in drawn
        assert '"aria-required":"true"' in drawn

    def test_another_id_keeps_the_name(self):
        drawn = _html(text_field("Poids", "weight", id="corrected-weight", error=""))
        assert 'name:"weight"' in drawn
        assert 'htmlFor:"corrected-weight"' in drawn


class TestGroups:
    def test_radio_cards_choose_the_value(self):
        drawn = _html(
            radio_cards("Avis", "opinion", [("1", "Bien"), ("2", "Mal")], value="2", error="")
        )
        assert drawn.count('type:"radio"') == 2
        assert "defaultChecked:true" in drawn
        assert "defaultChecked:false" in drawn

    def test_a_date_is_three_short_fields(self):
        drawn = _html(date_fields("Date", "happened", day="9", month="3", year="2026", error=""))
        for part in ("day", "month", "year"):
            assert f'name:"happened_{part}"' in drawn

    def test_a_birth_date_may_be_filled_in_by_the_browser(self):
        drawn = _html(date_fields("Date de naissance", "birth", birth=True, error=""))
        assert 'autoComplete:"bday-year"' in drawn

    def test_the_words_of_a_box_are_its_target(self):
        drawn = _html(checkbox("J’ai remis la notice", "handed", error=""))
        assert 'type:"checkbox"' in drawn
        assert 'className:"check"' in drawn


class TestErrorSentence:
    def _said(self, sentence: str) -> str:
        return _html(text_field("X", "x", error=sentence))

    def test_follows_a_colon_in_lower_case(self):
        assert "choisissez une date" in self._said("Choisissez une date")

    def test_keeps_an_acronym(self):
        assert "NIR incomplet" in self._said("NIR incomplet")


def test_an_error_of_the_state_ties_itself_when_it_comes():
    parts = FieldParts("X", "x", element_id="", hint="", error=None, required=False)
    assert "x-error" in str(parts.described()["aria_describedby"])


def test_classes_join_without_blanks():
    assert look("badge", "", "new") == "badge new"
