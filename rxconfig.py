"""Reflex configuration; every value an operator may change comes from `app.settings`."""

import reflex as rx

from app.build_plugin import OneBuildAnyAddress
from app.settings import get_settings

settings = get_settings()

config = rx.Config(
    app_name="app",
    app_module_import="app.app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=settings.allowed_origins,
    # What a socket says of its address is believed as far as what a form says (S026).
    trusted_proxy_hops=settings.trusted_proxy_hops,
    # Page state stays in the memory of the process that holds the socket: never on a disk, never in Redis,
    # whose loss would stop every page and whose writers could run code here (S007, S008, S146).
    state_manager_mode="memory",
    # The built pages find the server at the address they were loaded from.
    api_url=OneBuildAnyAddress.BUILD_URL,
    deploy_url=OneBuildAnyAddress.BUILD_URL,
    default_color_mode="light",
    plugins=[OneBuildAnyAddress()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
