"""What Liane changes in the pages Reflex builds: any address, French throughout, a strict CSP possible."""

import base64
import hashlib
import json
import re
from pathlib import Path

import reflex as rx

from app.built import INLINE_SCRIPTS

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
# Words the framework writes itself, and what our readers are to see.
_WORDS = {
    "A new version of this app is available.": "Une nouvelle version de Liane est disponible.",
    '.textContent="Reload"': '.textContent="Recharger"',
    ".textContent=`Reload`": ".textContent=`Recharger`",
}


class OneBuildAnyAddress(rx.plugins.Plugin):
    """Replaces the address baked at build time by the one the page was loaded from.

    Reflex writes its API address into the JavaScript. A sentinel address stands there during the build
    and is replaced by an expression, so that port, host and scheme may change without a new build.
    """

    BUILD_URL = "http://build.invalid"

    _BAKED = re.compile(r"""(["'`])(https?|wss?)://build\.invalid(?::\d+)?(/[^"'`]*)?\1""")

    def post_build(self, *, static_dir: Path, **_: object) -> None:
        """Rewrite the built scripts and list the hashes of inline ones, for the CSP."""
        scripts = list(static_dir.rglob("*.js"))
        if not sum(self._rewrite(path) for path in scripts):
            message = "no baked address found in the built pages: Reflex changed its build"
            raise RuntimeError(message)
        translated = sum(_translate(path) for path in scripts)
        if translated != 2:  # noqa: PLR2004 - the banner and its button
            message = "the framework's own words were not found: Reflex changed its build"
            raise RuntimeError(message)
        hashes = sorted(
            {
                _csp_hash(script)
                for page in static_dir.rglob("*.html")
                for script in _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
            }
        )
        (static_dir.parent / INLINE_SCRIPTS.name).write_text(json.dumps(hashes), encoding="utf-8")

    def _rewrite(self, path: Path) -> int:
        text = path.read_text(encoding="utf-8")
        rewritten, count = self._BAKED.subn(self._expression, text)
        if count:
            path.write_text(rewritten, encoding="utf-8")
        return count

    @staticmethod
    def _expression(match: re.Match[str]) -> str:
        scheme, path = match.group(2), match.group(3) or ""
        origin = 'globalThis.location?.origin??"http://localhost"'
        if scheme.startswith("ws"):
            origin = f'({origin}).replace(/^http/,"ws")'
        return f'(({origin})+"{path}")'


def _translate(path: Path) -> int:
    text = path.read_text(encoding="utf-8")
    found = [words for words in _WORDS if words in text]
    for words in found:
        text = text.replace(words, _WORDS[words])
    if found:
        path.write_text(text, encoding="utf-8")
    return len(found)


def _csp_hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
