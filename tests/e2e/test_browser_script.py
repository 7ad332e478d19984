"""assets/liane.js on pages of its own: what the browser does by itself, by keyboard."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.chromium import Chromium

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SCRIPTS = ("/liane.js", "/upload.js", "/messages.js", "/mailbox.js", "/unread.js")
SITE = "http://localhost:9"
DRAFT_PAUSE_MS = 1_500


@pytest.fixture
def show(chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """`show(body)`: a page with the scripts in its head; `page.posts` holds what was posted, by path.

    `answer`: what posts are answered, instead of nothing.
    """
    context, page = chromium.open()
    posts: list[tuple[str, str]] = []
    body = ""
    said: dict[str, Any] = {}

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if route.request.method == "POST":
            posts.append((path, route.request.post_data or ""))
            route.fulfill(**(said or {"status": 204}))  # the browser stays where it is
            return
        if path in SCRIPTS:
            route.fulfill(path=ASSETS / path[1:], content_type="text/javascript")
            return
        scripts = "".join(f"<script src={script}></script>" for script in SCRIPTS)
        document = f"<!doctype html><title>Essai – Liane</title>{scripts}{body}"
        route.fulfill(body=document, content_type="text/html; charset=utf-8")

    context.route("**/*", answer)

    def draw(markup: str, answer: dict[str, Any] | None = None) -> Page:
        nonlocal body, said
        body, said = markup, answer or {}
        page.goto(f"{SITE}/essai")
        page.posts = posts  # type: ignore[attr-defined]
        return page

    yield draw
    chromium.close(context)


def _drafts(page: Any) -> list[dict[str, Any]]:
    return [json.loads(text) for path, text in page.posts if path == "/api/drafts"]


def _focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_S003_the_token_of_the_page_is_strong(show):
    page = show("")
    token = page.evaluate("sessionStorage.token")
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", token
    )
    page.reload()
    assert page.evaluate("sessionStorage.token") == token


def test_the_password_shows_on_demand(show):
    page = show(
        "<input id=p type=password><button data-toggle-password=p aria-pressed=false>"
        '<svg><use href="/icons.svg?v=1#eye"/></svg></button>'
    )
    page.get_by_role("button").click()
    expect(page.locator("#p")).to_have_attribute("type", "text")
    expect(page.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("use")).to_have_attribute("href", "/icons.svg?v=1#eye-off")
    page.get_by_role("button").click()
    expect(page.locator("#p")).to_have_attribute("type", "password")


COMBOBOX = """
<form action=/sent method=post><div class=combo>
<input id=c role=combobox aria-controls=l aria-expanded=false aria-label=Médicament>
<ul id=l role=listbox aria-label=Médicament></ul></div></form>
<script>
  const list = document.getElementById("l");
  const fill = (names) => list.replaceChildren(...names.map((name, i) => {
    const li = document.createElement("li");
    li.role = "option"; li.id = `l-${i}`; li.textContent = name; li.ariaSelected = "false";
    li.onclick = () => { document.title = name; list.replaceChildren(); };
    return li;
  }));
  document.getElementById("c").addEventListener("input", (event) =>
    fill(event.target.value ? ["Un", "Deux", "Trois"] : []));
</script>
"""


class TestCombobox:
    @pytest.fixture
    def page(self, show):
        page = show(COMBOBOX)
        page.get_by_role("combobox").press_sequentially("d")
        expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
        return page

    @pytest.mark.parametrize(
        ("keys", "designated"),
        [
            (["ArrowDown"], "l-0"),
            (["ArrowDown", "ArrowDown"], "l-1"),
            (["ArrowUp"], "l-2"),
            (["ArrowDown", "ArrowUp"], "l-0"),
            (["ArrowDown", "End"], "l-2"),
            (["ArrowUp", "Home"], "l-0"),
            (["ArrowUp", "ArrowDown"], "l-2"),
        ],
    )
    def test_arrows_designate_and_stop_at_the_ends(self, page, keys, designated):
        for key in keys:
            page.keyboard.press(key)
        field = page.get_by_role("combobox")
        expect(field).to_have_attribute("aria-activedescendant", designated)
        expect(page.locator("[aria-selected=true]")).to_have_id(designated)
        expect(field).to_be_focused()

    def test_enter_chooses_what_is_designated(self, page):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.title() == "Deux"
        expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
        expect(page.get_by_role("combobox")).to_be_focused()

    def test_enter_alone_does_not_send_the_form(self, page):
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        assert page.posts == []

    def test_escape_closes_and_an_arrow_opens_again(self, page):
        field = page.get_by_role("combobox")
        page.keyboard.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("ArrowDown")
        expect(field).to_have_attribute("aria-expanded", "true")

    def test_typing_forgets_what_was_designated(self, page):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("e")
        expect(page.get_by_role("combobox")).not_to_have_attribute("aria-activedescendant", "l-0")


DRAFT = """
<form data-draft=tolerance data-scope=p1 onsubmit="return false">
<input name=key value=k><input name=secret type=password><input name=file type=file>
<label>Note <textarea name=note maxlength=10 data-count=n></textarea></label><p id=n></p>
<label><input type=radio name=opinion value=1>Bien</label>
<label><input type=radio name=opinion value=2>Mal</label>
<label><input type=checkbox name=tell value=yes>Prévenir</label>
<input name=hidden type=hidden value=h><input name=private data-no-draft value=x>
<p role=status data-draft-status></p><button>Valider</button></form>
"""


class TestDrafts:
    def test_S149_what_is_typed_is_posted_once_after_a_pause(self, show):
        page = show(DRAFT)
        page.get_by_label("Note").press_sequentially("abc", delay=50)
        page.get_by_label("Mal").check()
        expect(page.get_by_role("status")).to_have_text(
            re.compile(r"^Enregistré à \d+\u202fh\u202f\d\d$")
        )
        assert _drafts(page) == [
            {
                "form": "tolerance",
                "scope": "p1",
                "fields": {"note": "abc", "opinion": "2", "tell": "", "hidden": "h"},
            }
        ]

    def test_what_is_sent_is_no_draft_any_more(self, show):
        page = show(DRAFT)
        page.get_by_label("Note").fill("abc")
        page.get_by_role("button", name="Valider").click()
        page.wait_for_timeout(DRAFT_PAUSE_MS)
        assert _drafts(page) == []

    def test_leaving_saves_at_once(self, show):
        page = show(DRAFT)
        page.get_by_label("Note").fill("abc")
        # Chromium shows its tests no request of a page that is going away: only the event is real here.
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.wait_for_timeout(200)
        assert [draft["fields"]["note"] for draft in _drafts(page)] == ["abc"]

    def test_says_when_it_could_not_save(self, show):
        page = show(DRAFT)
        page.route("**/api/drafts", lambda route: route.fulfill(status=401))
        page.get_by_label("Note").fill("abc")
        expect(page.get_by_role("status")).to_have_text("Votre saisie n’est pas encore enregistrée")

    def test_counts_characters_from_four_fifths_of_the_limit(self, show):
        page = show(DRAFT)
        page.get_by_label("Note").press_sequentially("1234567")
        expect(page.locator("#n")).to_have_text("")
        page.get_by_label("Note").press_sequentially("8")
        expect(page.locator("#n")).to_have_text("8 caractères sur 10")


def test_S143_a_double_click_posts_once(show):
    page = show("<form data-once method=post action=/act><button>Agir</button></form>")
    page.get_by_role("button").dblclick()
    expect(page.get_by_role("button")).to_be_disabled()
    assert [path for path, _ in page.posts] == ["/act"]


DRAWN = """
<button id=opener>Ouvrir</button><div id=place></div>
<script>
  const place = document.getElementById("place");
  document.getElementById("opener").onclick = () => {
    place.innerHTML = `<dialog data-modal aria-label=Supprimer><button data-cancel id=cross>Fermer</button>
      <button id=remove>Supprimer</button><button id=keep data-safe>Conserver</button></dialog>`;
    place.querySelector("#cross").onclick = () => place.replaceChildren();
  };
</script>
"""


class TestDialogs:
    def test_the_focus_goes_to_the_title_when_what_opened_it_is_gone(self, show):
        page = show(
            "<h1 tabindex=-1>Essai</h1><p id=line><button id=o>Retirer</button></p><div id=place></div>"
        )
        page.locator("#o").click()
        page.evaluate(
            "place.innerHTML = '<dialog data-modal><button data-safe>Oui</button></dialog>'"
        )
        expect(page.get_by_role("button", name="Oui")).to_be_focused()
        page.evaluate("line.remove(); place.replaceChildren()")
        expect(page.get_by_role("heading", level=1)).to_be_focused()

    def test_a_drawn_dialog_is_modal_and_the_safe_choice_has_the_focus(self, show):
        page = show(DRAWN)
        page.get_by_role("button", name="Ouvrir").click()
        expect(page.get_by_role("dialog", name="Supprimer")).to_be_visible()
        assert page.evaluate("document.querySelector('dialog').matches(':modal')")
        assert _focused(page) == "keep"

    def test_escape_presses_the_cross_and_the_focus_returns(self, show):
        page = show(DRAWN)
        for _ in range(2):
            page.get_by_role("button", name="Ouvrir").click()
            expect(page.get_by_role("dialog")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.get_by_role("button", name="Ouvrir")).to_be_focused()

    def test_a_dialog_of_the_page_opens_and_closes_without_the_server(self, show):
        page = show(
            "<button id=o data-opens=d>Menu</button>"
            "<dialog id=d aria-label=Menu><button data-closes>Fermer</button></dialog>"
        )
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name="Fermer").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert _focused(page) == "o"


class TestMenus:
    MENU = "<details class=menu><summary id=s>Compte</summary><a href=#x>Lien</a></details><p>Ailleurs</p>"

    @pytest.fixture
    def page(self, show):
        page = show(self.MENU)
        page.get_by_text("Compte").click()
        expect(page.get_by_role("link")).to_be_visible()
        return page

    def test_escape_closes_and_goes_back_to_the_summary(self, page):
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.get_by_role("link")).to_be_hidden()
        assert _focused(page) == "s"

    def test_a_click_elsewhere_closes(self, page):
        page.get_by_text("Ailleurs").click()
        expect(page.get_by_role("link")).to_be_hidden()


def test_the_theme_is_the_persons_choice_else_the_systems(show):
    page = show(
        "".join(
            f"<label><input type=radio name=theme value={value} data-theme-choice>{value}</label>"
            for value in ("light", "dark", "system")
        )
    )
    expect(page.get_by_label("system")).to_be_checked()
    page.get_by_label("dark").check()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_label("dark")).to_be_checked()
    page.get_by_label("system").check()
    assert page.evaluate("'theme' in document.documentElement.dataset") is False


SUMMARY = """
<main id=contenu><div id=place></div><h1>Essai</h1><form onsubmit="return false">
<input id=weight><fieldset id=opinion><input type=radio id=first name=opinion></fieldset></form></main>
<script>
  const place = document.getElementById("place");
  const fail = () => { place.innerHTML = `<div class=errsum tabindex=-1 id=sum>
    <a href="#weight">Saisissez le poids</a><a href="#opinion">Choisissez un avis</a></div>`; };
</script>
"""


class TestErrorSummary:
    @pytest.fixture
    def page(self, show):
        page = show(SUMMARY)
        page.evaluate("fail()")
        expect(page.locator("#sum")).to_be_focused()
        return page

    def test_takes_the_focus_and_marks_the_title_of_the_page(self, page):
        expect(page).to_have_title("Erreur – Essai – Liane")
        page.evaluate("place.replaceChildren()")
        expect(page).to_have_title("Essai – Liane")

    def test_the_messages_that_wait_are_counted_in_it_too(self, page):
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<i hidden data-unread=3></i>')"
        )
        expect(page).to_have_title("Erreur – (3) Essai – Liane")
        page.evaluate("place.replaceChildren()")
        expect(page).to_have_title("(3) Essai – Liane")
        page.evaluate("document.title = 'Messagerie – Liane'")
        expect(page).to_have_title("(3) Messagerie – Liane")
        page.evaluate("document.querySelector('[data-unread]').dataset.unread = '99+'")
        expect(page).to_have_title("(99+) Messagerie – Liane")
        page.evaluate("document.querySelector('[data-unread]').dataset.unread = ''")
        expect(page).to_have_title("Messagerie – Liane")

    def test_its_links_lead_into_the_fields(self, page):
        page.get_by_role("link", name="Saisissez le poids").click()
        assert _focused(page) == "weight"
        page.get_by_role("link", name="Choisissez un avis").click()
        assert _focused(page) == "first"

    def test_sending_again_in_vain_brings_the_focus_back(self, page):
        page.locator("#weight").press("Enter")
        expect(page.locator("#sum")).to_be_focused()


NAVIGATION = """
<a href=/autre id=go>Autre page</a><main id=contenu tabindex=-1><h1 tabindex=-1>Une</h1></main>
<script>
  document.getElementById("go").onclick = (event) => {
    event.preventDefault();
    history.pushState(null, "", "/autre");
    setTimeout(() => {
      document.title = "Autre – Liane";
      document.querySelector("main").innerHTML = "<h1 tabindex=-1>Autre</h1>";
    }, 100);
  };
</script>
"""


class TestNavigation:
    def test_the_title_of_the_new_page_has_the_focus_and_is_announced(self, show):
        page = show(NAVIGATION)
        page.get_by_role("link").click()
        expect(page.get_by_role("heading", name="Autre")).to_be_focused()
        expect(page.get_by_role("status")).to_have_text("Autre – Liane")

    def test_a_change_of_filter_moves_nothing(self, show):
        page = show(NAVIGATION + "<button id=f>Filtrer</button>")
        page.get_by_role("button").focus()
        page.evaluate("history.pushState(null, '', '/essai?type=x')")
        page.wait_for_timeout(300)
        assert _focused(page) == "f"


class TestSteps:
    def test_a_step_that_replaces_another_takes_the_focus_the_first_does_not(self, show):
        page = show("<button id=f>Suite</button><main id=place></main>")
        page.get_by_role("button").focus()
        page.evaluate("place.innerHTML = '<h2 id=one data-focus>Une</h2>'")
        page.wait_for_timeout(200)
        assert _focused(page) == "f"
        page.evaluate("place.innerHTML = '<h2 id=two data-focus>Deux</h2>'")
        expect(page.locator("#two")).to_be_focused()

    def test_the_faults_of_a_step_come_first(self, show):
        page = show("<main id=place></main>")
        page.evaluate("place.innerHTML = '<h2 data-focus>Une</h2>'")
        page.evaluate(
            "place.innerHTML = '<div class=errsum id=sum tabindex=-1></div><h2 data-focus>Deux</h2>'"
        )
        expect(page.locator("#sum")).to_be_focused()


WAYS = """
<form onsubmit="event.preventDefault(); document.title = new FormData(this).get('way')">
<input id=text name=text><input type=hidden name=way value="">
<button type=button data-way=back>Retour</button><button data-way=next>Suite</button>
<button data-way=add>Ajouter</button></form>
"""


class TestWays:
    @pytest.mark.parametrize(
        ("name", "way"), [("Retour", "back"), ("Suite", "next"), ("Ajouter", "add")]
    )
    def test_the_button_pressed_is_said_with_the_form(self, show, name, way):
        page = show(WAYS)
        page.get_by_role("button", name=name).click()
        expect(page).to_have_title(way)

    def test_enter_presses_the_first_button_that_sends(self, show):
        page = show(WAYS)
        page.locator("#text").press("Enter")
        expect(page).to_have_title("next")


class TestSearchPill:
    PAGE = "<div class=top><a class=search href=#>Rechercher</a></div><main id=place></main>"

    def test_leads_to_the_field_that_is_there(self, show):
        page = show(self.PAGE + "<input id=s data-search aria-label=Patient>")
        page.get_by_role("link").click()
        expect(page.locator("#s")).to_be_focused()

    def test_leads_to_the_field_that_arrives(self, show):
        page = show(self.PAGE)
        page.get_by_role("link").click()
        page.evaluate("setTimeout(() => { place.innerHTML = '<input id=s data-search>'; }, 200)")
        expect(page.locator("#s")).to_be_focused()

    def test_takes_no_focus_unasked(self, show):
        page = show(self.PAGE + "<button id=f>Autre</button>")
        page.locator("#f").focus()
        page.evaluate("place.innerHTML = '<input id=s data-search>'")
        page.wait_for_timeout(200)
        assert _focused(page) == "f"


def test_printing_is_a_button_away(show):
    page = show("<button data-print>Imprimer</button>")
    page.evaluate("window.print = () => { document.title = 'imprimé'; }")
    page.get_by_role("button").click()
    assert page.title() == "imprimé"


_NEW_PASSWORD = """
<div data-new-password><input id=password type=password><input id=password_again type=password><ul>
<li data-criterion=length>8<span class=vh></span><li data-criterion=upper>A<span class=vh></span>
<li data-criterion=lower>a<span class=vh></span><li data-criterion=digit>1<span class=vh></span>
<li data-criterion=special>!<span class=vh></span><li data-criterion=again>2<span class=vh></span></ul>
<p role=status data-criteria-status></p></div>"""


@pytest.mark.parametrize(
    ("typed", "again", "met"),
    [
        ("", "", ""),
        ("lierre", "", "lower"),
        ("Éé1 ", "Éé1 ", "upper lower digit again"),
        ("Lierre-vert-42!", "Lierre-vert-42", "length upper lower digit special"),
        ("Lierre-vert-42!", "Lierre-vert-42!", "length upper lower digit special again"),
    ],
)
def test_S020_criteria_tick_themselves(show, typed, again, met):
    page = show(_NEW_PASSWORD)
    page.fill("#password", typed)
    page.fill("#password_again", again)
    ticked = page.eval_on_selector_all("[data-met]", "all => all.map(x => x.dataset.criterion)")
    assert " ".join(ticked) == met
    if met:
        expect(page.get_by_role("status")).to_contain_text(f"sur {6}")


def test_S083_the_token_of_a_link_is_read_from_its_fragment(show):
    page = show("<form id=f method=post action=/auth/x></form>")
    page.evaluate("""() => {
        location.hash = "abc-DEF_123";
        document.getElementById("f").innerHTML = "<input name=token data-fragment type=hidden>";
    }""")
    page.wait_for_function("document.querySelector('[name=token]').value === 'abc-DEF_123'")
