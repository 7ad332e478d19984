"""The help centre leads somewhere, and its pictures are there (U-26, MM-02, MM-03)."""

import pytest

from app.components.assets import FOLDER
from app.i18n.help import CHAPTERS, SHELVES
from app.i18n.help.block import Picture, Way

PICTURES = {
    block.name
    for chapter in CHAPTERS.values()
    for part in chapter.parts
    for block in part.blocks
    if isinstance(block, Picture)
}


def test_every_picture_is_there_and_every_file_is_shown():
    assert {file.stem for file in (FOLDER / "help").glob("*.webp")} == PICTURES


@pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=lambda chapter: chapter.key)
def test_MM03_a_chapter_leads_to_others_that_exist(chapter):
    assert set(chapter.related) <= CHAPTERS.keys() - {chapter.key}


@pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=lambda chapter: chapter.key)
def test_the_parts_of_a_chapter_have_addresses_of_their_own(chapter):
    keys = [part.key for part in chapter.parts]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_what_it_sends_people_to_is_a_page(product):
    from app.pages.table import PAGES  # noqa: PLC0415 - filled by the product

    ways = {
        block.href
        for chapter in CHAPTERS.values()
        for part in chapter.parts
        for block in part.blocks
        if isinstance(block, Way)
    }
    assert ways <= PAGES.keys()


def test_no_chapter_is_on_two_shelves():
    assert len(CHAPTERS) == sum(len(shelf.chapters) for shelf in SHELVES)
