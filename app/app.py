"""Composition root: the application, its pages, its endpoints, its guard, its background work."""

import gc
import importlib
import logging
import pkgutil
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler
from starlette.applications import Starlette

import app.pages as pages_package
from app import log, server
from app.api import (
    access_history,
    administration,
    auth,
    confirmation,
    delegation,
    demo,
    document_file,
    document_upload,
    drafts,
    legal_text,
    member,
    message,
    message_attachment,
    operator,
    own_account,
    own_factor,
    password,
    psc,
    registration,
)
from app.api.headers import SecurityHeaders
from app.api.limits import RequestLimits
from app.api.pages import PlainAddresses
from app.components.assets import asset
from app.components.overlay import crash_screen, overlay
from app.components.styles import STYLESHEETS
from app.db import get_database
from app.guard import Guard, PaceKeeper
from app.integrations.mail import KeptMailer, SmtpMailer
from app.integrations.sms import sms_sender
from app.integrations.wake import Wake
from app.jobs import background
from app.pages.table import PAGES
from app.settings import Settings, get_settings
from app.simulator import application as simulator
from app.state.arrival import ArrivalState
from app.state.base import AppState
from app.state.live import tabs

logger = logging.getLogger("liane.app")


def incident(exception: Exception) -> None:
    """Log a fault of ours under a reference; nothing of it reaches the browser (S071)."""
    logger.error("fault %s", secrets.token_hex(3).upper(), exc_info=exception)


def browser_incident(exception: Exception) -> None:  # noqa: ARG001 - the framework passes it by name
    """Log that a browser reported a fault; its text is the browser's to choose, so it is not kept."""
    logger.warning("a browser reported a fault")


def _import_pages() -> None:
    for module in pkgutil.walk_packages(pages_package.__path__, "app.pages."):
        importlib.import_module(module.name)


async def _emit(token: str, name: str, payload: dict[str, object]) -> None:
    namespace = liane.event_namespace
    if namespace is not None:
        await namespace.emit_update(StateUpdate(events=[Event(name=name, payload=payload)]), token)


def _is_connected(token: str) -> bool:
    namespace = liane.event_namespace
    # The mapping that is public is copied each time it is asked for, which two hundred tabs would feel.
    return namespace is not None and token in namespace._token_manager.token_to_socket  # noqa: SLF001


def _settle_memory() -> None:
    """What was imported stays for good: the collector need not go through it again and again.

    A page load makes thousands of short-lived objects, which are freed without the collector; it looks for
    cycles less often than by default.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _waking(settings: Settings) -> list[background.Work]:
    """With Redis, what is saved in one process is looked at by all of them at once."""
    url = settings.redis_url.get_secret_value()
    if not url:
        return []
    wake = Wake(url, get_database().keyring.mac("wake", "channel").hex())
    tabs.tell_with(wake.tell)
    return [lambda: wake.run(tabs.look_soon)]


@asynccontextmanager
async def _background() -> AsyncIterator[None]:
    _settle_memory()
    settings = get_settings()
    url = settings.smtp_url.get_secret_value()
    mailer = KeptMailer() if settings.is_demo and not url else SmtpMailer(url)
    async with background.running(
        mailer, sms_sender(settings), lambda: tabs.run(_emit, _is_connected), *_waking(settings)
    ):
        server.announce()
        yield


log.configure()
_import_pages()

liane = rx.App(
    html_lang="fr",
    toaster=None,
    reset_style=False,
    stylesheets=STYLESHEETS,
    head_components=[
        rx.el.link(rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
        rx.el.script(src=asset("liane.js")),
        rx.el.script(src=asset("documents.js")),
        rx.el.script(src=asset("upload.js")),
        rx.el.script(src=asset("unread.js")),
        rx.el.script(src=asset("messages.js")),
        rx.el.script(src=asset("mailbox.js")),
    ],
    app_wraps={
        (55, "ErrorBoundary"): lambda _: crash_screen(),
        (5, "Overlay"): lambda stateful: overlay() if stateful else None,
    },
    api_transformer=[
        Starlette(
            routes=[
                *auth.routes,
                *confirmation.routes,
                *operator.routes,
                *member.routes,
                *password.routes,
                *psc.routes,
                *delegation.routes,
                *own_account.routes,
                *own_factor.routes,
                *drafts.routes,
                *message.routes,
                *document_upload.routes,
                *legal_text.routes,
                *document_file.routes,
                *message_attachment.routes,
                *registration.routes,
                *access_history.routes,
                *administration.routes,
                *demo.routes,
                *([simulator.mount()] if get_settings().has_psc_simulator else []),
            ]
        ),
        PlainAddresses,
        RequestLimits,
        SecurityHeaders,
    ],
    backend_exception_handler=incident,
    frontend_exception_handler=browser_incident,
)
app = liane  # the name Reflex looks for

for _page in PAGES.values():
    liane.add_page(
        _page.build,
        route=_page.route,
        title=_page.full_title,
        description="",
        on_load=_page.on_load,
        context={"sitemap": None},
    )
liane.add_middleware(Guard(), index=0)
liane.add_middleware(PaceKeeper(), index=0)
liane.register_lifespan_task(_background)

tabs.LEAVING_EVENT = format_event_handler(AppState.warn_leaving)
tabs.LEFT_EVENT = format_event_handler(AppState.leave)
tabs.COUNT_EVENT = format_event_handler(ArrivalState.count)
tabs.MODE_EVENT = format_event_handler(AppState.check_mode)
