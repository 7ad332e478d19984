"""The inventory of what any browser can call, whatever page it shows.

    python -m tests.architecture.handlers

writes `handlers.txt` anew; whoever changes it reads the difference.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INVENTORY = Path(__file__).with_name("handlers.txt")
TITLE = """\
# Every event handler of the application: any browser can call each, with any arguments, on any page.
# Second word: who the guard lets through. `passive`: does not keep a sign-in alive.
"""


def registered() -> Iterator[tuple[str, Any]]:
    """Name and function of every registered handler, those of the framework included."""
    from reflex_base.registry import RegistrationContext  # noqa: PLC0415

    for name, entry in RegistrationContext.get().event_handlers.items():
        yield name, entry.handler.fn


def inventory() -> str:
    """One line for each handler of ours: where it is, and who it is for."""
    lines = set()
    for _, function in registered():
        if not function.__module__.startswith("reflex"):
            audience = getattr(function, "_audience", None)
            who = audience.value if audience else "nobody"
            passive = " passive" if getattr(function, "_passive", False) else ""
            lines.add(f"{function.__module__}.{function.__qualname__} {who}{passive}\n")
    return TITLE + "".join(sorted(lines))


def main() -> None:
    """Write the inventory anew."""
    os.environ.setdefault("LIANE_MODE", "demo")
    import app.app  # noqa: F401, PLC0415 - registers every page and state

    INVENTORY.write_text(inventory(), encoding="utf-8")


if __name__ == "__main__":
    main()
