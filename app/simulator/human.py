"""What somebody does in their browser at the simulator, step by step.

The request under way is found by a cookie, never by an address.
"""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.request import (
    cookie_of,
    drop_cookie,
    hand_over,
    read_form,
    redirect,
    set_cookie,
)
from app.integrations.psc_settings import SIMULATOR
from app.simulator import choice, screens
from app.simulator.frame import APPLICATION, CARD, KEY, MEANS, SECRET_CODE
from app.simulator.machine import NO_STORE
from app.simulator.memory import PHONE_LIFE, Request, Session
from app.simulator.people import BY_RPPS, PEOPLE, Person
from app.simulator.provider import Provider, Refusal, ReturnedRefusal, returned

REQUEST, SESSION = "__Host-simulateur-demande", "__Host-simulateur-session"
REMEMBERED = "__Host-simulateur-identifiant"
_YEAR = 31_536_000
_BAD_REQUEST = 400
_TYPED_WITH_TYPE = 12


class Human:
    """What somebody does in their browser. The request under way is found by a cookie, never by an address."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.memory = provider.memory

    async def authorize(self, http: HttpRequest) -> Response:
        """Where the service sends the browser: straight back when a session is open (PS-07)."""
        query = dict(http.query_params)
        try:
            request = self.provider.read_request(query)
        except Refusal as refusal:
            return _html(
                screens.unanswerable("Demande refusée", refusal.description.capitalize()),
                _BAD_REQUEST,
            )
        except ReturnedRefusal as refusal:
            return _away(returned(refusal.request, error=refusal.error))
        session = self.provider.session_of(cookie_of(http, SESSION))
        prompt = query.get("prompt", "")
        if session is not None and prompt != "login":
            return _away(self.provider.grant(request, session))
        if prompt == "none":
            return _away(returned(request, error="login_required"))
        name = self.memory.requests.put(request, now=self._now())
        answer = redirect(f"{SIMULATOR}/connexion")
        set_cookie(answer, REQUEST, name)
        return answer

    async def sign_in(self, http: HttpRequest) -> Response:
        """« Connectez-vous », by one of the means."""
        request = self._request(http)
        if request is None:
            return _nothing_asked()
        means = http.path_params.get("means") or request.means or APPLICATION
        if means not in MEANS:
            return _nothing_asked()
        # What went wrong with somebody's code is no fault of the choice one is back at.
        error = "" if request.person else request.error
        request.error = ""
        request.person, request.phone_until = None, None
        remembered = cookie_of(http, REMEMBERED)
        return _html(
            choice.sign_in(means, rpps=remembered, is_remembered=bool(remembered), error=error)
        )

    async def start_application(self, http: HttpRequest) -> Response:
        """An RPPS number, or somebody of the list: the request goes to their phone."""
        request = self._request(http)
        if request is None:
            return _nothing_asked()
        form = await read_form(http)
        request.means, request.error = APPLICATION, ""
        typed = "".join(sign for sign in form.get("rpps", "") if sign.isdigit())
        rpps = typed[1:] if len(typed) == _TYPED_WITH_TYPE and typed.startswith("8") else typed
        person = PEOPLE.get(form.get("personne", "")) or BY_RPPS.get(rpps)
        answer = redirect(f"{SIMULATOR}/telephone")
        if person is None:
            request.error = _why_nobody(typed)
            answer = redirect(f"{SIMULATOR}/connexion/{APPLICATION}")
        else:
            request.person = person
            request.number = f"{10 + secrets.randbelow(90)}"
            request.phone_until = self._now() + PHONE_LIFE
        if "personne" not in form:
            if form.get("memoriser") and person is not None:
                set_cookie(answer, REMEMBERED, person.rpps, seconds=_YEAR)
            elif not form.get("memoriser"):
                drop_cookie(answer, REMEMBERED)
        return answer

    async def phone(self, http: HttpRequest) -> Response:
        """The number to compare, and the phone."""
        request = self._request(http)
        if request is None or request.person is None or request.phone_until is None:
            return _nothing_asked()
        if request.phone_until <= self._now():
            return _html(
                screens.stopped(
                    "La demande a expiré",
                    "Personne n’a confirmé sur le téléphone en 2 minutes. Recommencez quand vous l’avez en main.",
                )
            )
        tries = self.memory.tries_left(APPLICATION, request.person)
        if tries == 0:
            return _html(screens.blocked(request.person, APPLICATION))
        seconds = int((request.phone_until - self._now()).total_seconds())
        return _html(screens.phone(request, request.person, seconds=seconds))

    async def answer_phone(self, http: HttpRequest) -> Response:
        """Confirm with the secret code, or refuse."""
        request = self._request(http)
        if request is None or request.person is None or request.phone_until is None:
            return _nothing_asked()
        form = await read_form(http)
        if request.phone_until <= self._now():
            return redirect(f"{SIMULATOR}/telephone")
        if form.get("acte") == "refuser":
            return _html(
                screens.stopped(
                    "Demande refusée",
                    "La demande de connexion a été refusée sur le téléphone. Si ce n’était pas vous, ne recommencez pas.",
                )
            )
        return self._check(http, request, request.person, APPLICATION, form, "/telephone")

    async def choose_card(self, http: HttpRequest) -> Response:
        """A certificate: next, its code."""
        request = self._request(http)
        if request is None:
            return _nothing_asked()
        form = await read_form(http)
        request.means, request.error = CARD, ""
        request.person = PEOPLE.get(form.get("personne", ""))
        if request.person is None:
            request.error = "Sélectionnez un certificat"
            return redirect(f"{SIMULATOR}/connexion/{CARD}")
        return redirect(f"{SIMULATOR}/carte/code")

    async def pin(self, http: HttpRequest) -> Response:
        """« Saisissez votre Code Porteur »."""
        request = self._request(http)
        if request is None or request.person is None:
            return _nothing_asked()
        tries = self.memory.tries_left(CARD, request.person)
        if tries == 0:
            return _html(screens.blocked(request.person, CARD))
        return _html(screens.pin(request, request.person, tries=tries))

    async def answer_pin(self, http: HttpRequest) -> Response:
        request = self._request(http)
        if request is None or request.person is None:
            return _nothing_asked()
        form = await read_form(http)
        return self._check(http, request, request.person, CARD, form, "/carte/code")

    async def touch_key(self, http: HttpRequest) -> Response:
        """A security key needs no code."""
        request = self._request(http)
        if request is None:
            return _nothing_asked()
        person = PEOPLE.get((await read_form(http)).get("personne", ""))
        request.means = KEY
        if person is None:
            request.error = "Choisissez une identité"
            return redirect(f"{SIMULATOR}/connexion/{KEY}")
        return self._finish(http, request, person, KEY)

    async def unblock(self, http: HttpRequest) -> Response:
        """Give a blocked card or phone its three tries back."""
        request = self._request(http)
        if request is None or request.person is None:
            return _nothing_asked()
        self.memory.forgive(request.means, request.person)
        return redirect(f"{SIMULATOR}/connexion/{request.means}")

    async def give_up(self, http: HttpRequest) -> Response:
        """Back to the service, which is told that nobody signed in."""
        request = self.memory.requests.take(cookie_of(http, REQUEST), now=self._now())
        if request is None:
            return _nothing_asked()
        answer = self._send_back(returned(request, error="access_denied"))
        drop_cookie(answer, REQUEST)
        return answer

    async def home(self, http: HttpRequest) -> Response:
        """Who is signed in here."""
        return _html(screens.home(self.provider.session_of(cookie_of(http, SESSION))))

    async def close(self, http: HttpRequest) -> Response:
        """End the session at the provider; the service hears of it in the back."""
        session = self.provider.session_of(cookie_of(http, SESSION))
        answer = redirect(f"{SIMULATOR}/")
        drop_cookie(answer, SESSION)
        if session is not None:
            session.is_ended = True
            answer.background = self._tell(session)
        return answer

    async def logout(self, http: HttpRequest) -> Response:
        """Sign-out started by the service (RP-initiated logout)."""
        query = http.query_params
        try:
            session = self.provider.end_by_hint(query.get("id_token_hint", ""))
        except Refusal:
            return _html(
                screens.unanswerable(
                    "Déconnexion refusée", "La demande ne dit pas quelle session fermer."
                ),
                _BAD_REQUEST,
            )
        uri = query.get("post_logout_redirect_uri", "")
        if uri in self.provider.client.logout_uris:
            answer: Response = _away(f"{uri}?state={quote(query.get('state', ''))}")
        else:
            answer = redirect(f"{SIMULATOR}/")
        drop_cookie(answer, SESSION)
        if session is not None:
            answer.background = self._tell(session)
        return answer

    def _check(
        self, http: HttpRequest, request: Request, person: Person, means: str, form: Any, page: str
    ) -> Response:
        """Compare a secret code; three wrong ones block."""
        if self.memory.tries_left(means, person) > 0:
            if secrets.compare_digest(form.get("code", "").strip().encode(), SECRET_CODE.encode()):
                self.memory.forgive(means, person)
                return self._finish(http, request, person, means)
            left = self.memory.count_wrong(means, person)
            request.error = "Code incorrect"
            if means == APPLICATION:
                request.error += f". Il vous reste {left} tentative(s)"
        return redirect(SIMULATOR + page)

    def _finish(self, http: HttpRequest, request: Request, person: Person, means: str) -> Response:
        session, cookie = self.provider.open_session(person, means)
        answer = self._send_back(self.provider.grant(request, session))
        self.memory.requests.drop(cookie_of(http, REQUEST))
        drop_cookie(answer, REQUEST)
        set_cookie(answer, SESSION, cookie)
        return answer

    def _send_back(self, url: str) -> Response:
        """After a post: a redirect may not leave the host of the page (S080)."""
        is_same_host = urlsplit(url).netloc == urlsplit(self.provider.issuer).netloc
        return _away(url) if is_same_host else hand_over(url, "Revenir à Liane")

    def _tell(self, session: Session) -> BackgroundTask:
        token = self.provider.logout_token(session)
        return BackgroundTask(_post_logout, self.provider.client.back_channel_url, token)

    def _request(self, http: HttpRequest) -> Request | None:
        return self.memory.requests.get(cookie_of(http, REQUEST), now=self._now())

    def _now(self) -> datetime:
        return self.provider.now()


async def _post_logout(url: str, token: str) -> None:
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            await client.post(url, data={"logout_token": token})
    except httpx.HTTPError:
        return


def _why_nobody(typed: str) -> str:
    if not typed:
        return "Saisissez votre identifiant RPPS, ou choisissez une identité de démonstration"
    return "Aucune identité de démonstration ne porte ce numéro. Choisissez-en une dans la liste"


def _nothing_asked() -> Response:
    return _html(
        screens.unanswerable(
            "Aucune demande en cours",
            "La demande a expiré, ou elle a été commencée dans un autre navigateur. Revenez à Liane et recommencez.",
        ),
        _BAD_REQUEST,
    )


def _html(document: str, status: int = 200) -> Response:
    return HTMLResponse(document, status_code=status, headers=NO_STORE)


def _away(url: str) -> RedirectResponse:
    return RedirectResponse(url, status_code=303, headers=NO_STORE)
