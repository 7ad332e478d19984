"""Going to Pro Santé Connect and back: one browser, one state, once, ten minutes (S040, S044, S066)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from app.authz.actor import Actor, system
from app.db import unit_of_work
from app.errors import Forbidden
from app.models.psc import PscTrip, TripPurpose
from app.services import psc_trip

NOBODY = Actor(address="192.0.2.7")
COMING_IN = frozenset({TripPurpose.SIGN_IN, TripPurpose.REGISTER})


def start(session, now, purpose=TripPurpose.SIGN_IN, **more):
    return psc_trip.start_trip(session, NOBODY, purpose, now=now, **more)


def finish(session, token, state, now, purposes=COMING_IN):
    return psc_trip.finish_trip(session, NOBODY, token, state, purposes, now=now)


class TestTrip:
    def test_S040_three_values_of_256_bits_each_its_own(self, session, now):
        trip, other = start(session, now), start(session, now)
        values = [trip.token, trip.state, trip.nonce, trip.verifier]
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", value) for value in values)
        assert len({*values, other.token, other.state, other.nonce, other.verifier}) == 8

    def test_S040_the_base_holds_none_of_them(self, session, now):
        trip = start(session, now)
        session.flush()
        row = session.exec(select(PscTrip)).one()
        kept = repr(row.model_dump())
        assert not [v for v in (trip.token, trip.state, trip.nonce, trip.verifier) if v in kept]

    def test_comes_back_with_what_it_left_with(self, session, now):
        trip = start(session, now, next_path="/patients")
        session.flush()
        assert finish(session, trip.token, trip.state, now) == trip

    def test_S040_a_second_return_is_refused(self, session, now):
        trip = start(session, now)
        session.flush()
        finish(session, trip.token, trip.state, now)
        with pytest.raises(Forbidden) as caught:
            finish(session, trip.token, trip.state, now)
        assert caught.value.code == "psc.used"

    def test_S040_ten_minutes(self, session, now):
        trip = start(session, now)
        session.flush()
        with pytest.raises(Forbidden) as caught:
            finish(session, trip.token, trip.state, now + timedelta(minutes=10))
        assert caught.value.code == "psc.expired"
        assert finish(session, trip.token, trip.state, now + timedelta(minutes=9, seconds=59))

    def test_S040_another_browser_is_refused(self, session, now):
        mine, other = start(session, now), start(session, now)
        session.flush()
        for token in ("", "inconnu", other.token):
            with pytest.raises(Forbidden) as caught:
                finish(session, token, mine.state, now)
            assert caught.value.code == "psc.other_browser"

    @pytest.mark.parametrize("state", ["", "autre", "é"])
    def test_S044_a_forged_return_ends_nothing(self, session, now, state):
        trip = start(session, now)
        session.flush()
        with pytest.raises(Forbidden) as caught:
            finish(session, trip.token, state, now)
        assert caught.value.code == "psc.other_browser"
        assert finish(session, trip.token, trip.state, now) == trip

    def test_the_return_of_a_sign_out_signs_nobody_in(self, session, now):
        trip = start(session, now, TripPurpose.SIGN_OUT)
        session.flush()
        with pytest.raises(Forbidden):
            finish(session, trip.token, trip.state, now)

    def test_one_address_starts_so_many_only(self, session, now, monkeypatch):
        monkeypatch.setattr(psc_trip, "STARTS", psc_trip.Rule("psc_start", 3, timedelta(hours=1)))
        for _ in range(3):
            start(session, now)
        with pytest.raises(Forbidden) as caught:
            start(session, now)
        assert caught.value.code == "psc.too_many"
        assert start(session, now + timedelta(hours=1))

    def test_old_trips_are_forgotten(self, session, now):
        start(session, now)
        session.flush()
        psc_trip.forget_stale(session, system("upkeep"), now=now + timedelta(days=2))
        assert session.exec(select(PscTrip)).all() == []


@pytest.mark.databases("sqlite", "postgresql")
def test_S066_fifty_returns_at_once_make_one(database, now):
    with unit_of_work(database) as session:
        trip = start(session, now)

    def come_back(_):
        try:
            with unit_of_work(database) as session:
                finish(session, trip.token, trip.state, now)
        except Forbidden:
            return False
        return True

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(come_back, range(50))) == 1
