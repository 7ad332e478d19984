"""The adherence page: curve, history, and a form with a score or the Girerd questions (CX-30 to CX-33)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.adherence import DIRECTIONS, score as score_sentence
from app.models.adherence import MAX_SCORE, ScoreDirection
from app.services import adherence
from app.services.adherence import AdherencePage, Score
from app.services.fields import FieldReader
from app.services.questionnaire import (
    QuestionnaireView,
    current_questionnaire,
    list_questionnaires,
)
from app.state.base import Audience, event
from app.state.clock import today, utc_now
from app.state.figure import Figure, draw_curves
from app.state.follow_up import FollowUpState, go
from app.state.form import Choice, key_of, read_fact

SECTION = "observance"
DIRECTION_CHOICES = [Choice(direction.value, label) for direction, label in DIRECTIONS.items()]
SCORE_CHOICES = [Choice(str(score), str(score)) for score in range(MAX_SCORE + 1)]
ANSWER_CHOICES = [Choice("oui", "Oui"), Choice("non", "Non")]
WAYS = [Choice("questionnaire", "Questionnaire de Girerd"), Choice("score", "Score saisi")]


@dataclass(frozen=True)
class Question:
    """One question of the questionnaire and what is answered so far."""

    name: str
    number: str
    text: str
    answer: str
    error: str


class AdherenceState(FollowUpState):
    """Adherence scores of one patient."""

    way: str = "questionnaire"
    questions: list[Question] = []
    questionnaire_title: str = ""
    questionnaire_source: str = ""
    computed: str = ""
    curves: Figure = Figure()

    _questionnaire_id: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the curve, the history and an empty form, or what was typed before."""
        await self._read()

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just wrote, leaving the form alone."""
        await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def choose_way(self, value: str) -> None:
        """Answer the questions, or type a score found elsewhere."""
        self.way = "score" if value == "score" else "questionnaire"

    @event(Audience.PROFESSIONAL)
    def answer(self, name: str, value: str) -> None:
        """Note one answer, and show the class as soon as the last one is given."""
        if name not in {question.name for question in self.questions}:
            return
        self.fields = {**self.fields, name: "oui" if value == "oui" else "non"}
        self._show_questions()

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> None:
        """Record the entry of the form."""
        self.fields = typed = {name: str(value) for name, value in fields.items()}
        reader = FieldReader(typed)
        fact = read_fact(typed, reader)
        saved = await self._save(
            adherence.record_adherence,
            adherence.correct_adherence,
            "L’entrée d’observance est enregistrée.",
            fact=fact,
            score=self._score(typed, reader),
            key=key_of(typed),
            now=utc_now(),
        )
        self._show_questions()
        if saved:
            await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def choose_treatment(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one treatment."""
        return go(self._address(traitement=value, page=1))

    @event(Audience.PROFESSIONAL)
    def correct_score(self, entry_id: str) -> None:
        """Put one of one's own entries back in the form, the way it was given."""
        row = self._entries.get(str(entry_id))
        if row is None or not row.may_correct:
            return
        FollowUpState.correct.fn(self, entry_id)
        self.way = self.fields.get("way", "questionnaire")
        self._show_questions()

    def _score(self, typed: dict[str, str], reader: FieldReader) -> Score:
        if self.way == "score":
            return Score(
                score=reader.integer(
                    "score",
                    least=0,
                    most=MAX_SCORE,
                    missing=None,
                    out_of_range="adherence.score_range",
                ),
                direction=reader.choice("direction", ScoreDirection, missing=None),
            )
        given = {"oui": True, "non": False}
        return Score(
            questionnaire_id=reader.key("questionnaire_id", missing=None),
            answers=[given.get(typed.get(question.name, "")) for question in self.questions],
        )

    def _show_questions(self) -> None:
        self.questions = [
            Question(
                question.name,
                question.number,
                question.text,
                self.fields.get(question.name, ""),
                self.field_errors.get(question.name, ""),
            )
            for question in self.questions
        ]
        answers = [question.answer for question in self.questions]
        done = bool(answers) and all(answers)
        self.computed = score_sentence(answers.count("oui")) if done else ""

    async def _read(self, *, is_refresh: bool = False) -> None:
        loaded = await self._show(
            SECTION, _list_with_questions, refresh=AdherenceState.refresh, is_refresh=is_refresh
        )
        if loaded is None:
            return
        page, current, every = loaded
        self._questionnaire_id = str(current.id)
        self.questionnaire_title, self.questionnaire_source = current.title, current.source
        self.questions = [
            Question(f"answer_{n}", str(n), text, "", "")
            for n, text in enumerate(current.items, start=1)
        ]
        if not is_refresh:
            self.way = self.fields.get("way", "questionnaire")
        self.fields = {**self.fields, "questionnaire_id": str(current.id)}
        self._show_questions()
        self.curves = draw_curves(page.curves, today())
        wording = {str(key): view.items for key, view in every.items()}
        self._show_history(page.history, is_refresh=is_refresh, questions=wording)


def _list_with_questions(
    session: Session, actor: Actor, patient_id: Any, **filters: Any
) -> tuple[AdherencePage, QuestionnaireView, dict[Any, QuestionnaireView]]:
    page = adherence.list_adherence(session, actor, patient_id, **filters)
    return page, current_questionnaire(session, actor), list_questionnaires(session, actor)
