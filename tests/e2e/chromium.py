"""The Chromium of a run, which is started again when it answers no more."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]


class Chromium:
    """One browser, of which each page of a test gets a context, so cookies, of its own.

    Now and then Chromium never ends opening or closing a context, for which Playwright has no time limit.
    """

    def __init__(self, playwright: Playwright, program: Path) -> None:
        self._playwright, self._program = playwright, program
        self.patience_seconds = 30.0
        self._browser: Browser | None = None
        self._started: psutil.Process | None = None
        self._was_killed = False

    def open(self, **options: Any) -> tuple[BrowserContext, Page]:
        """A context and its first page; a browser that does not give them is replaced, once."""
        try:
            return self._open(options)
        except Error:
            if not self._was_killed:
                raise
            return self._open(options)

    def close(self, context: BrowserContext) -> None:
        """Close a context; those of a browser that does not answer end with it."""
        with self._killed_when_stuck():
            try:
                context.close()
            except Error:
                if not self._was_killed:
                    raise

    def stop(self) -> None:
        """End the browser."""
        if self._browser is not None and not self._was_killed:
            with self._killed_when_stuck():
                self._browser.close()

    def processes(self) -> list[psutil.Process]:
        """The browser's own, and those it started."""
        if self._started is None or not self._started.is_running():
            return []
        return [self._started, *self._started.children(recursive=True)]

    def _open(self, options: dict[str, Any]) -> tuple[BrowserContext, Page]:
        with self._killed_when_stuck():
            if self._browser is None or self._was_killed:
                others = set(_browsers())
                self._browser = self._playwright.chromium.launch(
                    executable_path=self._program, args=_ARGUMENTS
                )
                (self._started,) = set(_browsers()) - others
                self._was_killed = False
            context = self._browser.new_context(**options)
            return context, context.new_page()

    @contextmanager
    def _killed_when_stuck(self) -> Iterator[None]:
        timer = Timer(self.patience_seconds, self._kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self) -> None:
        self._was_killed = True
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _browsers() -> Iterator[psutil.Process]:
    """The browsers of this process, each without those it started."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            parent = child.parent()
            names = (child.name().lower(), parent.name().lower() if parent else "")
            if "chrom" in names[0] and "chrom" not in names[1]:
                yield child
