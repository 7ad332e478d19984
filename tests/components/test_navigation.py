"""The main navigation leads to pages that exist, and says where one is."""

import re
from typing import Any

import pytest

from app.components.navigation import rail
from app.models.account import Role

HREF = re.compile(r'\bto:"([^"?]+)')


@pytest.mark.parametrize("role", [*Role, None])
def test_every_destination_is_a_page(product: Any, role: Role | None):
    from app.pages.table import PAGES  # noqa: PLC0415 - filled by the product

    places = set(HREF.findall(str(rail(role, ""))))
    assert places
    assert places <= PAGES.keys()


def test_every_module_of_the_portal_is_a_page(product: Any):
    from app.pages.table import PAGES  # noqa: PLC0415 - filled by the product

    assert set(HREF.findall(str(PAGES["/applications"].build()))) <= PAGES.keys()


def test_the_rail_of_whoever_reads_offers_what_each_role_is_offered():
    everywhere = set(HREF.findall(str(rail(None, ""))))
    assert everywhere == {place for role in Role for place in HREF.findall(str(rail(role, "")))}


def test_one_destination_is_the_page_one_is_on():
    assert str(rail(Role.PROFESSIONAL, "patients")).count('"aria-current":"page"') == 1
