"""The page table, filled: every module of pages has been imported."""

import importlib
import pkgutil
import re

import app.pages
from app.pages.table import PAGES

__all__ = ["PAGES", "titled"]


def titled(title: str) -> re.Pattern[str]:
    """A title of a document, whatever number of messages waits before its last words."""
    before, mark, rest = title.rpartition("Erreur – ")
    return re.compile(rf"^{before}{mark}(\(\d+\+?\) )?{re.escape(rest)}$")


for _module in pkgutil.walk_packages(app.pages.__path__, "app.pages."):
    importlib.import_module(_module.name)
