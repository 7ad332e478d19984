"""Sorting more lines than memory holds: sorted runs in files, merged when they are read."""

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path


class SortedLines:
    """Lines without line ends, put in runs that files of a folder keep until `forget`."""

    def __init__(self, folder: Path, name: str, *, runs: int = 0) -> None:
        """`runs`: how many files of an earlier start still count."""
        self.folder, self.name, self.runs = folder, name, runs

    def add_run(self, lines: list[str]) -> None:
        """Keep some lines, as many as memory bears; they are sorted in place."""
        if not lines:
            return
        lines.sort()
        with self._path(self.runs).open("w", encoding="utf-8", newline="\n") as file:
            for first in range(0, len(lines), 1_000):
                file.write("\n".join(lines[first : first + 1_000]))
                file.write("\n")
        self.runs += 1

    def merged(self) -> Iterator[str]:
        """Every line, in order."""
        with ExitStack() as stack:
            files = [
                stack.enter_context(self._path(run).open(encoding="utf-8", newline="\n"))
                for run in range(self.runs)
            ]
            for line in heapq.merge(*files):
                yield line[:-1]

    def forget(self) -> None:
        """Remove the files."""
        for run in range(self.runs):
            self._path(run).unlink(missing_ok=True)
        self.runs = 0

    def _path(self, run: int) -> Path:
        return self.folder / f"{self.name}-{run:04d}.txt"
