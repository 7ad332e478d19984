"""What a patient decides about their record as a whole: confidentiality and the emergency switches."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import Conflict, Forbidden, NotAuthenticated, NotFound, RuleViolation
from app.models.journal import JournalEntry
from app.models.record_access import AccessKind, RecordSettings, RecordState
from app.services import record_settings
from app.services.record_settings import SWITCHES, change_settings, get_settings, settings_of
from app.services.visibility import sight
from tests import factories
from tests.documents import make_access


def _acts(session, patient_id):
    return [
        tuple(row)
        for row in session.execute(
            select(col(JournalEntry.action), col(JournalEntry.kind))
            .where(col(JournalEntry.patient_id) == patient_id)
            .order_by(col(JournalEntry.seq))
        )
    ]


class TestSettings:
    def test_ME123_to_ME125_everything_is_open_by_default_and_nothing_is_written(
        self, session, circle
    ):
        shown = get_settings(session, circle.patient_actor)
        assert shown.state is RecordState.OPEN
        assert (shown.is_confidential, shown.revision) == (False, 1)
        assert shown.allows_regulation
        assert shown.allows_emergency
        assert shown.allows_masked_in_emergency
        session.flush()
        assert session.get(RecordSettings, circle.patient_id) is None

    def test_is_the_own_record_only(self, session, circle, now):
        with pytest.raises(Forbidden):
            get_settings(session, circle.doctor)
        with pytest.raises(NotAuthenticated):
            get_settings(session, ANONYMOUS)


class TestChangeSettings:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_ME113_each_switch_acts_once_and_leaves_its_line(self, session, circle, now):
        shown = get_settings(session, circle.patient_actor)
        for name in SWITCHES:
            wanted = not getattr(shown, name)
            for _ in range(2):
                shown = change_settings(
                    session,
                    circle.patient_actor,
                    **{name: wanted},
                    revision=shown.revision,
                    now=now,
                )
                assert getattr(settings_of(session, circle.patient_id), name) is wanted
        assert shown.revision == 1 + len(SWITCHES)
        assert _acts(session, circle.patient_id) == [
            ("record_settings.is_confidential_on", "access"),
            ("record_settings.allows_regulation_off", "access"),
            ("record_settings.allows_emergency_off", "access"),
            ("record_settings.allows_masked_in_emergency_off", "access"),
        ]

    @pytest.mark.parametrize(
        ("switch", "kind"),
        [
            ("allows_emergency", AccessKind.EMERGENCY),
            ("allows_regulation", AccessKind.REGULATION),
        ],
    )
    def test_S062_what_a_switch_ended_does_not_begin_again_with_it(
        self, session, circle, now, switch, kind
    ):
        ends_at = now + timedelta(hours=1)
        make_access(session, circle.stranger, circle.patient_id, kind, ends_at, now)
        assert sight(session, circle.stranger, circle.patient_id, now=now).ends_at == ends_at
        for revision, is_open in ((1, False), (2, True)):
            change_settings(
                session, circle.patient_actor, **{switch: is_open}, revision=revision, now=now
            )
            with pytest.raises(NotFound):
                sight(session, circle.stranger, circle.patient_id, now=now)

    def test_a_change_based_on_another_state_is_refused_unless_it_is_already_so(
        self, session, circle, now
    ):
        change_settings(session, circle.patient_actor, is_confidential=True, revision=1, now=now)
        again = change_settings(
            session, circle.patient_actor, is_confidential=True, revision=1, now=now
        )
        assert again.revision == 2
        with pytest.raises(Conflict) as caught:
            change_settings(
                session, circle.patient_actor, allows_emergency=False, revision=1, now=now
            )
        assert caught.value.code == "record_settings.changed"

    def test_a_closed_record_has_no_settings_to_change(self, session, circle, now):
        session.add(RecordSettings(patient_id=circle.patient_id, state=RecordState.CLOSED))
        session.flush()
        with pytest.raises(RuleViolation):
            change_settings(
                session, circle.patient_actor, allows_emergency=False, revision=1, now=now
            )

    @pytest.mark.parametrize("who", ["doctor", "stranger"])
    def test_is_the_patients_alone(self, session, circle, now, who):
        with pytest.raises(Forbidden):
            change_settings(
                session, getattr(circle, who), is_confidential=True, revision=1, now=now
            )
        assert session.get(RecordSettings, circle.patient_id) is None

    def test_changes_nothing_of_another_patient(self, session, circle, now):
        other = factories.make_patient(session, circle.stranger, now=now)
        theirs = factories.make_patient_actor(session, other, now)
        change_settings(session, theirs, is_confidential=True, revision=1, now=now)
        assert record_settings.settings_of(session, other).is_confidential
        assert not settings_of(session, circle.patient_id).is_confidential
