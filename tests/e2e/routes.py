"""The page table, filled: every module of pages has been imported."""

import importlib
import pkgutil

import app.pages
from app.pages.table import PAGES

__all__ = ["PAGES"]

for _module in pkgutil.walk_packages(app.pages.__path__, "app.pages."):
    importlib.import_module(_module.name)
