"""Finds a Chromium to test with, and installs one when there is none.

python -m tests.e2e.browser
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> Path | None:
    """The system's Chromium, else the one Playwright installed, else None."""
    for name in NAMES:
        found = shutil.which(name)
        # Some systems put there a script that only says where to get a browser.
        if found and _runs(found):
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def install() -> None:
    """From the system's packages where we may, otherwise from Playwright."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                [apt, *arguments], env=environment, stdout=subprocess.DEVNULL, check=False
            )
        if find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    """Make sure there is a browser; exit code 1 and one sentence when there is none to be had."""
    if find():
        return
    print("→ Installation de Chromium pour les essais", flush=True)
    install()
    if not find():
        sys.exit("Chromium n’a pas pu être installé : installez-le, puis relancez make test.")


def _runs(program: str) -> bool:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "Chrom" in done.stdout


if __name__ == "__main__":
    main()
