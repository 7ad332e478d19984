"""Where the build leaves its pages, and what it says of them."""

from pathlib import Path

BUILD = Path(".web/build")
PAGES = BUILD / "client"
INLINE_SCRIPTS = BUILD / "inline-scripts.json"
STAMP = BUILD / "liane-build.json"
