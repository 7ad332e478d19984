"""How long work tells how far it came."""

from collections.abc import Callable

# What is done, and how much there is, in any unit.
Progress = Callable[[int, int], None]


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def share_of(progress: Progress, start: int, end: int) -> Progress:
    """Progress of one part of the work, told in thousandths of the whole."""

    def report(done: int, total: int) -> None:
        progress(start + (end - start) * min(done, total) // max(total, 1), 1000)

    return report
