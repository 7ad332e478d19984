"""The three registrations, from the first page to a working sign-in (CX-01 to CX-08, MM-04 to MM-31)."""

import re
from dataclasses import replace
from itertools import count

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import col

from app.db import unit_of_work
from app.models.registration import Registration
from app.services.registration_progress import Step
from app.services.registration_queue import ReviewStep
from app.services.registration_review import approve_registration, read_registration
from app.state.clock import utc_now
from app.state.registration_steps import PATHS
from tests import factories
from tests.e2e.conftest import DESKTOP
from tests.e2e.routes import PAGES
from tests.e2e.test_psc import SIMULATOR, confirm

PASSWORD = "Glycine-Bleue-42"
_numbers = count(1)


def fresh_email(page: Page) -> str:
    return f"inscription{next(_numbers)}.{page.viewport_size['width']}@exemple.test"


def code_in(server, *to: str, aim: str = "") -> str:
    """The newest single-use code sent to one of these, for something."""
    for message in server.outbox():
        found = re.search(r"\b\d{6}\b", message["text"])
        if message["to"] in to and aim in message["text"] and found:
            return found[0]
    raise AssertionError(to)


def open_door(page: Page, server, name: str) -> None:
    server.forget_limits()
    page.goto("/inscription")
    page.get_by_role("button", name=name).click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def at(page: Page, step: Step, axe=None) -> None:
    """A step as whoever registers finds it."""
    page.wait_for_url(f"**{PATHS[step]}")
    expect(page).to_have_title(PAGES[PATHS[step]].full_title)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    if axe:
        axe(page)


def finish_places(page: Page, axe=None) -> None:
    """Every place gets its laboratory; one more place is added from the list."""
    at(page, Step.PLACES, axe)
    heading(page, "Vos lieux d’exercice")
    missing = page.get_by_role("button", name=re.compile("^Choisir le laboratoire"))
    page.get_by_role("button", name=re.compile("Ajouter un établissement|Je renseigne")).wait_for()
    while missing.count():
        missing.first.click()
        pick_laboratory(page, "Medipath Niort")
    page.get_by_role("button", name=re.compile("Ajouter un établissement|Je renseigne")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Établissement").fill("tilleuls niort")
    dialog.get_by_role("option", name=re.compile("Clinique des Tilleuls")).click()
    if axe:
        axe(page)
    dialog.get_by_role("button", name="Continuer").click()
    pick_laboratory(page, "Medipath Poitiers")
    expect(page.get_by_text("Medipath Poitiers", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Continuer").click()


def pick_laboratory(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog", name="Laboratoire partenaire")
    dialog.get_by_label(re.compile(name)).check()
    dialog.get_by_role("button", name="Terminer").click()
    expect(dialog).to_have_count(0)


def prove_email(page: Page, server, email: str, axe=None) -> None:
    at(page, Step.EMAIL, axe)
    heading(page, "Votre adresse e-mail")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_label("Code OTP").fill(code_in(server, email))
    page.get_by_role("button", name="Valider mon adresse").click()


def choose_password(page: Page, axe=None) -> None:
    at(page, Step.PASSWORD, axe)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Confirmez le mot de passe").fill(PASSWORD)
    expect(page.locator("[data-criterion][data-met]")).to_have_count(6)
    page.get_by_role("button", name="Choisir ce mot de passe").click()


def accept_terms(page: Page, axe) -> None:
    heading(page, "Conditions d’utilisation")
    page.get_by_label("J’ai lu et j’accepte").wait_for()
    at(page, Step.TERMS, axe)
    page.get_by_label("J’ai lu et j’accepte").check()
    page.get_by_role("button", name="Valider").click()


def sign_on_screen(page: Page, server, email: str, name: str, axe) -> None:
    at(page, Step.CONTRACT, axe)
    page.get_by_role("button", name="Recevoir mon code de signature").click()
    page.get_by_label("Votre prénom et votre nom").fill(name)
    page.get_by_label("Code de signature").fill(code_in(server, email, aim="signer"))
    axe(page)
    page.get_by_role("button", name="Signer le contrat").click()


def expect_waiting(page: Page, email: str, axe) -> None:
    """MM-22: to the sign-in page with a notice; the state of the registration stays readable."""
    page.wait_for_url("**/connexion")
    expect(page.get_by_role("status").get_by_text("Votre inscription est envoyée")).to_be_visible()
    page.goto("/inscription/suivi")
    heading(page, "En attente de vérification")
    expect(page.get_by_text(email)).to_be_visible()
    at(page, Step.REVIEW, axe)


def approve(server, email: str) -> None:
    """As many administrators as it takes."""
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        registration = session.execute(
            select(Registration).where(col(Registration.email) == email)
        ).scalar_one()
        first, second = (
            replace(factories.make_administrator(session, now), factor_at=now) for _ in range(2)
        )
        step = approve_registration(session, first, registration.id, now=now)
        if step is ReviewStep.FIRST_OF_TWO:
            seen = read_registration(session, second, registration.id, now=now)
            approve_registration(
                session, second, registration.id, grant_id=seen.row.first.grant_id, now=now
            )


def sign_in(page: Page, server, email: str, phone: str = "") -> None:
    server.forget_limits()
    page.goto("/connexion")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Connectez-vous").click()
    page.wait_for_url("**/connexion/code")
    if phone:
        page.get_by_label("Par SMS").check()
        page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code à usage unique").fill(code_in(server, email, phone, aim="connecter"))
    page.get_by_role("button", name="Valider mon code à usage unique").click()


def test_a_doctor_of_the_directory_registers_and_signs_in(any_size, server, axe):
    page, email = any_size, fresh_email(any_size)
    # A number registers once.
    doctor, family_name = (
        ("Marc Chauvet", "Chauvet")
        if page.viewport_size == DESKTOP
        else ("Thomas Le Goff", "Le Goff")
    )
    page.goto("/inscription")
    page.get_by_role("button", name="Je suis un médecin").wait_for()
    axe(page)
    open_door(page, server, "Je suis un médecin")
    page.get_by_label("Prénom").wait_for()
    at(page, Step.IDENTITY, axe)
    page.get_by_label("Nom", exact=True).fill(family_name.lower())
    page.get_by_role("radio", name=re.compile(family_name)).check()
    axe(page)
    page.get_by_role("button", name=f"Continuer avec le Dr {doctor}").click()
    finish_places(page, axe)
    prove_email(page, server, email, axe)
    heading(page, "Vos numéros de téléphone")
    at(page, Step.PHONE, axe)
    number = f"06 00 {page.viewport_size['width'] % 100:02d} 00 {next(_numbers):02d}"
    page.get_by_label("Téléphone").fill(number)
    page.get_by_role("button", name="Ajouter ce numéro").click()
    e164 = f"+33{number.replace(' ', '')[1:]}"
    code = code_in(server, e164)
    page.get_by_label("Code reçu par SMS").fill(code)
    axe(page)
    page.get_by_role("button", name="Valider ce numéro").click()
    expect(page.get_by_text("Vérifié", exact=True)).to_be_visible()
    page.get_by_role("button", name="Continuer").click()
    choose_password(page, axe)
    accept_terms(page, axe)
    sign_on_screen(page, server, email, doctor, axe)
    expect_waiting(page, email, axe)
    approve(server, email)
    page.reload()
    heading(page, "Votre compte est ouvert")
    sign_in(page, server, email, e164)
    page.wait_for_url("**/tableau-de-bord")


def test_MM24_a_shared_secretariat_registers(any_size, server, axe):
    page, email = any_size, fresh_email(any_size)
    open_door(page, server, "Créer un compte Secrétariat")
    heading(page, "Qui êtes-vous")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Il y a 4 erreurs")
    axe(page)
    page.get_by_label("Profession").select_option(label="Secrétaire médical ou médicale")
    page.get_by_label("Civilité").select_option("Mme")
    page.get_by_label("Nom", exact=False).first.fill("Roy")
    page.get_by_label("Prénom").fill("Lina")
    page.get_by_label("Je souhaite créer un compte partagé").check()
    page.get_by_label("Intitulé du compte").fill("Secrétariat d’oncologie")
    page.get_by_role("button", name="Continuer").click()
    finish_places(page)
    prove_email(page, server, email)
    page.get_by_role("button", name="Continuer sans téléphone").click()
    choose_password(page)
    page.get_by_label("Nom", exact=True).fill("Roy")
    page.get_by_label("Prénom").fill("Lina")
    page.get_by_label("Code personnel").fill("582914")
    axe(page)
    page.get_by_role("button", name="Ajouter cette personne").click()
    expect(page.get_by_role("button", name="Retirer Lina Roy")).to_be_visible()
    page.get_by_role("button", name="Continuer").click()
    accept_terms(page, axe)
    # A secretariat signs no contract: the terms hand its registration in (MM-28).
    expect_waiting(page, email, axe)
    approve(server, email)
    sign_in(page, server, email)
    page.wait_for_url(re.compile("/connexion/membre|/applications"))


def test_MM29_pro_sante_connect_fills_the_identity_and_signs(any_size, server, axe):
    page, email = any_size, fresh_email(any_size)
    open_door(page, server, "S’inscrire avec Pro Santé Connect")
    page.wait_for_url(f"**{SIMULATOR}/connexion")
    confirm(page, "Nadia Benali" if page.viewport_size == DESKTOP else "Luc Perrin")
    page.wait_for_url("**/inscription")
    go_on = page.get_by_role("button", name="Continuer l’inscription avec cette identité")
    if page.viewport_size == DESKTOP:
        go_on.click()
        expect(page.get_by_text("Choisissez la profession de ce compte")).to_be_visible()
        axe(page)
        page.get_by_role("radio", name="Pharmacien").check()
    go_on.click()
    expect(page.get_by_text("Identité certifiée")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Continuer").click()
    finish_places(page)
    prove_email(page, server, email)
    page.get_by_role("button", name="Continuer sans téléphone").click()
    choose_password(page)
    accept_terms(page, axe)
    page.get_by_role("button", name="Signer avec Pro Santé Connect").click()
    expect_waiting(page, email, axe)
    approve(server, email)
    sign_in(page, server, email)
    page.wait_for_url("**/tableau-de-bord")


def test_CX06_the_link_resumes_in_another_browser(open_page, server):
    page, other = open_page(), open_page()
    email = fresh_email(page)
    open_door(page, server, "Je suis un médecin")
    page.get_by_label("Je ne me trouve pas").check()
    page.locator("#rpps").fill(factories.unique_rpps())
    page.get_by_label("Profession").select_option(label="Médecin")
    page.get_by_label("Civilité").select_option("Dre")
    page.locator("#family_name").fill("Vasseur")
    page.reload()
    expect(page.locator("#family_name")).to_have_value("Vasseur")
    page.locator("#given_name").fill("Claire")
    page.get_by_role("button", name="Continuer").click()
    finish_places(page)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_label("Code OTP").wait_for()
    text = next(message["text"] for message in server.outbox() if message["to"] == email)
    link = re.search(r"/inscription/lien#\S+", text)
    other.goto(link[0])
    other.wait_for_url("**/inscription?suite=1")
    assert "#" not in other.url
    other.get_by_role("link", name="Reprendre mon inscription").click()
    heading(other, "Vos numéros de téléphone")
    other.goto(link[0])
    expect(other.get_by_text("Ce lien a déjà servi")).to_be_visible()
