"""A browser that answers no more costs one wait, not the run."""

from playwright.sync_api import expect

from tests.e2e import browser as browsers
from tests.e2e.chromium import Chromium


def test_a_browser_that_answers_no_more_is_replaced(playwright):
    chromium = Chromium(playwright, browsers.find())
    context, _ = chromium.open()
    stuck = chromium.processes()
    for process in stuck:
        process.suspend()
    chromium.patience_seconds = 1
    chromium.close(context)
    chromium.patience_seconds = 30
    _, page = chromium.open()
    assert not set(stuck) & set(chromium.processes())
    page.set_content("<h1>Encore là</h1>")
    expect(page.get_by_role("heading")).to_be_visible()
    chromium.stop()
