"""The demonstration on a base that real data was imported into first."""

from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from app.authz.actor import system
from app.db import unit_of_work
from app.models.registration import Registration, RegistrationKind
from app.seeds import demo, reference
from app.services.directory_import import import_directory
from tests.rpps_files import write_extract


@pytest.mark.databases("sqlite")
def test_nobody_of_a_real_directory_is_part_of_it(database, tmp_path, now):
    path = write_extract(tmp_path / "PS_LibreAcces_Personne_activite.txt")
    robot = system("test")
    import_directory(robot, path, folder=tmp_path / "work", now=now, database=database)
    with unit_of_work(database) as session:
        reference.ensure(session, robot, now=now)
        demo.Demonstration(session, now + timedelta(hours=1)).load()
        kinds = select(func.count()).where(col(Registration.kind) == RegistrationKind.PROFESSIONAL)
        assert session.exec(kinds).one() == 0
