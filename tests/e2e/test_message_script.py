"""assets/messages.js on a page of its own: saved as one types, sent once, nothing typed lost (S143, S149)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.test_browser_script import show  # noqa: F401 - a fixture

FORM = """
<main><form data-message=d1 data-revision=0><div data-message-faults></div>
  <input type=hidden name=conversation_id value="">
  <input type=hidden name=recipient value="professional/1">
  <label>Objet <input name=subject id=message-subject></label>
  <div class=field><label>Message <textarea name=text id=message-text></textarea></label>
  <div data-fault=text></div></div>
  <div role=status data-message-trouble></div><p role=status><span data-message-status></span></p>
  <button type=submit><span data-message-verb>Envoyer</span></button>
  <button type=button hidden data-message-sent onclick="document.title += '!'"></button>
  <button type=button hidden data-message-again onclick="const it = document.querySelector('form');
    it.outerHTML = it.outerHTML.replace('data-message=&quot;d1', 'data-message=&quot;d2')"></button>
</form></main>"""
SAVED = (200, {"id": "d1", "revision": 1, "sentence": "Brouillon enregistré à 14 h 32"})
SENT = (200, {"conversation_id": "c1", "is_new": True, "sentence": "Message envoyé"})
CHANGED = (409, {"code": "message.draft_changed", "sentence": "Modifié ailleurs.", "fields": {}})
LEFT = (409, {"code": "message.draft_sent", "sentence": "Déjà parti.", "fields": {}})
GONE = (404, {"code": "message.conversation_not_found", "sentence": "Absente.", "fields": {}})

Answer = tuple[int, dict[str, Any]]
Posts = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def write(show) -> Callable[..., tuple[Page, Posts]]:  # noqa: F811 - the fixture
    """`write(draft=…, send=…)`: the form, with the answers to give in order, the last one again and again."""

    def draw(*, draft: list[Answer] | None = None, send: list[Answer] | None = None) -> Any:
        answers = {"draft": draft or [SAVED], "send": send or [SENT]}
        posts: Posts = []
        page = show("")

        def answer(route: Route) -> None:
            name = route.request.url.rsplit("/", 1)[-1]
            posts.append((name, json.loads(route.request.post_data or "{}")))
            known = answers[name]
            status, said = known.pop(0) if len(known) > 1 else known[0]
            if not status:
                route.abort()
                return
            route.fulfill(status=status, body=json.dumps(said))

        page.route("**/api/messages/*", answer)
        page = show(FORM)
        return page, posts

    return draw


def sent(posts: Posts) -> list[dict[str, Any]]:
    return [body for name, body in posts if name == "send"]


def test_ME148_the_first_character_is_saved_and_the_rest_at_leaving(write):
    page, posts = write()
    page.get_by_label("Message").press("B")
    expect(page.get_by_text("Brouillon enregistré à 14 h 32")).to_be_visible()
    assert [(body["text"], body["revision"]) for _, body in posts] == [("B", 0)]
    page.get_by_label("Message").fill("Bonjour")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(200)
    assert [(body["text"], body["revision"]) for _, body in posts[1:]] == [("Bonjour", 1)]
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])").count("Bonjour") == 0


def test_S143_a_double_click_and_a_cut_line_make_one_message(write):
    page, posts = write(send=[(0, {}), (503, {}), SENT])
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("button", name="Envoyer").dblclick()
    expect(page.get_by_text("votre message partira dès qu’elle revient")).to_be_visible()
    button = page.get_by_role("button", name="Envoi…")
    expect(button).to_be_disabled()
    expect(page).to_have_title("Essai – Liane!")
    expect(page.get_by_label("Message")).to_have_value("")
    bodies = sent(posts)
    assert len(bodies) == 3
    assert {(body["draft_id"], body["text"]) for body in bodies} == {("d1", "Bonjour")}
    assert [name for name, _ in posts][-1] == "send"


def test_a_draft_changed_elsewhere_asks_which_one_to_keep(write):
    page, posts = write(draft=[CHANGED, SAVED])
    page.get_by_label("Message").fill("Bonjour")
    expect(page.get_by_text("Modifié ailleurs.")).to_be_visible()
    expect(page.get_by_role("button", name="Reprendre l’autre version")).to_be_visible()
    page.get_by_role("button", name="Garder celle-ci").click()
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    assert [body.get("overwrite") for _, body in posts] == [None, True]


@pytest.mark.parametrize("answer", [LEFT, GONE])
def test_words_that_cannot_leave_from_here_go_to_a_new_message(write, answer):
    page, posts = write(send=[answer])
    page.get_by_label("Message").fill("Autre chose")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("button", name="Copier dans un nouveau message").click()
    expect(page.get_by_label("Message")).to_have_value("Autre chose")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    assert posts[-1][1]["draft_id"] == "d2"


def test_S110_invisible_characters_are_taken_out_on_demand_and_said(write):
    fault = {
        "code": "form.invalid",
        "sentence": "Corrigez.",
        "fields": {"text": "Retirez les caractères invisibles"},
        "codes": {"text": "message.unsendable"},
    }
    page, _ = write(send=[(422, fault), SENT])
    page.get_by_label("Message").fill("Bon\u202ejour\u0007\nà vous")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name="Il y a 1 erreur dans le formulaire")).to_be_visible()
    expect(page).to_have_title("Erreur – Essai – Liane")
    expect(page.get_by_label("Message")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Retirer les caractères invisibles").click()
    expect(page.get_by_text("2 caractères invisibles retirés.")).to_be_visible()
    expect(page.get_by_label("Message")).to_have_value("Bonjour\nà vous")
    expect(page).to_have_title("Essai – Liane")


def test_what_was_typed_survives_a_form_drawn_anew(write):
    page, posts = write()
    page.get_by_label("Message").fill("B")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    page.get_by_label("Message").fill("Bonjour")
    page.evaluate("""() => { const form = document.querySelector('form');
        const made = form.cloneNode(true); made.dataset.revision = 1;
        made.querySelector('textarea').value = 'B'; form.replaceWith(made); }""")
    expect(page.get_by_label("Message")).to_have_value("Bonjour")
    assert page.evaluate("document.activeElement.id") == "message-text"
    page.wait_for_timeout(200)
    assert (posts[-1][1]["text"], posts[-1][1]["revision"]) == ("Bonjour", 1)


def test_S143_whoever_sends_before_the_page_shows_what_they_picked_waits_for_it(write):
    page, posts = write()
    page.evaluate("""() => { const form = document.querySelector('form');
        form.insertAdjacentHTML('afterbegin', '<ul role=listbox><li role=option>Colin</li></ul>');
        form.querySelector('[role=option]').onclick = () => setTimeout(() => form.insertAdjacentHTML(
          'beforeend', '<input type=hidden name=recipient value="professional/2">'), 300); }""")
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("option", name="Colin").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page).to_have_title("Essai – Liane!")
    (body,) = sent(posts)
    assert body["recipients"] == ["professional/1", "professional/2"]


def test_a_save_whose_answer_was_lost_is_asked_again_before_anything_newer(write):
    page, posts = write(draft=[(0, {}), (200, {**SAVED[1], "revision": 1}), SAVED])
    page.get_by_label("Message").press("B")
    expect(page.get_by_text("Votre texte n’est pas encore enregistré")).to_be_visible()
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("button", name="Envoyer").click()
    expect(page).to_have_title("Essai – Liane!")
    saves = [(body["text"], body["revision"]) for name, body in posts if name == "draft"]
    assert saves[:2] == [("B", 0)] * 2
    assert [(body["text"], body["revision"]) for body in sent(posts)] == [("Bonjour", 1)]


def test_what_cannot_be_kept_is_said_once_beside_its_field_until_it_can(write):
    long = {"text": "Raccourcissez votre message"}
    fault = {"code": "form.invalid", "sentence": "Des erreurs.", "fields": long, "codes": {}}
    page, _ = write(draft=[(422, fault), SAVED], send=[(422, fault)])
    page.get_by_label("Message").fill("Trop long")
    said = page.get_by_text("raccourcissez votre message", exact=False)
    expect(said).to_have_count(1)
    expect(page.get_by_label("Message")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Message").fill("Court")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    expect(said).to_have_count(0)


def test_ME153_a_file_on_its_way_leaves_with_the_message_or_the_message_stays(write):
    page, posts = write()
    page.evaluate("""() => document.querySelector('main').insertAdjacentHTML('beforeend',
        '<div data-uploads data-busy data-draft=d1><ul></ul></div>')""")
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Une pièce jointe est en cours d’envoi.")).to_be_visible()
    page.evaluate("""() => { const box = document.querySelector('[data-uploads]');
        box.firstChild.innerHTML = '<li class=up-line><p class=err>Erreur</p></li>';
        delete box.dataset.busy; }""")
    expect(page.get_by_text("Une pièce n’a pas pu être jointe.")).to_be_visible()
    assert not sent(posts)
    page.get_by_role("button", name="Envoyer").click()
    expect(page).to_have_title("Essai – Liane!")


def test_S149_signing_out_waits_until_what_is_typed_is_kept_in_each_tab(write):
    page, posts = write()
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Message").press("B")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    page.get_by_label("Message").fill("Bonjour")
    other.evaluate("""() => { document.body.innerHTML = '<form action="/auth/sign-out" method=post>'
        + '<button>Partir</button></form>'; document.querySelector('form').onsubmit = (event) => {
          event.preventDefault(); document.title = 'Parti'; }; }""")
    other.get_by_role("button", name="Partir").click()
    expect(other).to_have_title("Parti")
    assert posts[-1][1]["text"] == "Bonjour"


def test_the_second_half_of_a_double_click_is_not_for_what_took_its_place(write):
    page, posts = write()
    page.evaluate("""() => { window.acts = 0; document.querySelector('main').insertAdjacentHTML('beforeend',
        '<button data-advances onclick="acts += 1">Traité</button>'); }""")
    page.get_by_role("button", name="Traité").click()
    page.get_by_role("button", name="Traité").click()
    assert page.evaluate("acts") == 1
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_role("button", name="Envoyer").click()
    expect(page).to_have_title("Essai – Liane!")
    button = page.get_by_role("button", name="Envo")
    page.evaluate("""() => { const it = document.querySelector('form');
        it.outerHTML = it.outerHTML.replace(/(disabled|readonly)=""/g, '').replaceAll('d1', 'd2'); }""")
    page.get_by_label("Message").fill("Encore")
    button.click()
    page.wait_for_timeout(700)
    assert len(sent(posts)) == 1
    button.click()
    expect(page).to_have_title("Essai – Liane!!")


def test_the_focus_goes_on_from_what_was_chosen_or_given_up(write):
    page, _ = write()
    page.evaluate("""() => { const draw = (markup) => {
        document.querySelector('[data-chosen]').innerHTML = markup; };
      document.querySelector('form').insertAdjacentHTML('afterbegin', '<div data-chosen></div>');
      const search = '<input role=combobox aria-label=Qui><b role=option tabindex=0>Colin</b>';
      draw(search);
      document.addEventListener('click', ({ target }) => setTimeout(() => {
        if (target.matches('[role=option]')) draw('<button type=button data-unpick>Retirer</button>');
        if (target.matches('[data-unpick]')) draw(search); }, 100)); }""")
    page.get_by_role("option").click()
    expect(page.get_by_role("button", name="Retirer")).to_be_focused()
    page.get_by_role("button", name="Retirer").press("Enter")
    expect(page.get_by_role("combobox")).to_be_focused()
