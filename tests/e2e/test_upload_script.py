"""assets/upload.js on a page of its own: files chosen or dropped, sent, stopped, refused."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_browser_script import show  # noqa: F401 - a fixture

BOX = """
<div data-uploads data-patient=p1>
  <div data-drop style="height:80px"><button data-browse>Parcourir les fichiers</button>
  <input type=file multiple hidden></div>
  <ul data-upload-list></ul><p role=status data-upload-status></p>
  <button hidden data-uploads-arrived onclick="document.title += '!'"></button>
</div>"""
KEPT = {"id": "1", "sentence": "« Bilan » est prêt : PDF, 1 Ko."}


def a_file(name: str, size: int = 5) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": b"a" * size}


def choose(page: Page, *files: dict[str, object]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Parcourir les fichiers").press("Enter")
    chooser.value.set_files(list(files))


@pytest.fixture
def kept(show):  # noqa: F811 - the fixture
    return show(BOX, {"status": 200, "body": json.dumps(KEPT)})


def test_ME092_files_chosen_by_keyboard_go_one_by_one_and_the_page_is_told_once(kept):
    names = ["bilan été.txt", "b.pdf", "c.tiff"]
    choose(kept, *(a_file(name) for name in names))
    expect(kept.get_by_text("est prêt")).to_have_count(3)
    expect(kept.get_by_role("status")).to_have_text("3 fichiers sur 3 prêts.")
    expect(kept).to_have_title("Essai – Liane!")
    assert [path for path, _ in kept.posts] == ["/api/documents/uploads"] * 3


def test_ME096_what_cannot_be_kept_is_not_sent_and_can_be_taken_away(kept):
    choose(kept, a_file("a.gif"), a_file("b.txt", 5 * 1024 * 1024 + 1), a_file("c.txt", 0))
    expect(kept.get_by_text("Erreur")).to_have_count(3)
    expect(kept.get_by_text("Le fichier pèse 5,1\u00a0Mo.")).to_be_visible()
    kept.get_by_role("button", name="Retirer a.gif").click()
    expect(kept.get_by_role("listitem")).to_have_count(2)
    expect(kept.get_by_role("button", name="Parcourir les fichiers")).to_be_focused()
    assert kept.posts == []


def test_ME096_the_server_has_the_last_word(show):  # noqa: F811 - the fixture
    told = {"sentence": "Ce PDF est protégé par un mot de passe."}
    page = show(BOX, {"status": 422, "body": json.dumps(told)})
    choose(page, a_file("a.pdf"))
    expect(page.get_by_text("Erreur\u202f: Ce PDF est protégé")).to_be_visible()
    expect(page).to_have_title("Essai – Liane")


def test_ME092_a_file_dropped_goes_too_and_one_dropped_beside_does_not_take_the_page_away(kept):
    kept.evaluate(
        """() => {
          const drop = (target) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["a"], "d.txt"));
            const event = new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true});
            target.dispatchEvent(event);
            return event.defaultPrevented;
          };
          window.stayed = drop(document.body);
          drop(document.querySelector("[data-drop]"));
        }"""
    )
    expect(kept.get_by_text("est prêt")).to_have_count(1)
    assert kept.evaluate("window.stayed")
