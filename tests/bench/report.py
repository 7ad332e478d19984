"""The figures as a table for people and as JSON for machines."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `aim`: the most it should be, or the least when `is_least`; None without an aim."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    is_least: bool = False

    @property
    def is_met(self) -> bool | None:
        if self.aim is None:
            return None
        return self.value >= self.aim if self.is_least else self.value <= self.aim


@dataclass(frozen=True)
class Line:
    """One step: milliseconds, how many empty events it is worth, the same on a hundredth of the data."""

    name: str
    p50: float
    p95: float
    least: float
    cpu: float
    times_empty: float | None
    p50_small: float | None
    aim_p95: float | None

    @property
    def growth(self) -> float | None:
        return self.p50 / self.p50_small if self.p50_small else None


GROWTH_AIM = 1.5
_HEADS = ("p50 ms", "p95 ms", "least", "cpu ms", "× empty", "p50 1/100", "growth", "aim p95")


def show(title: str, lines: list[Line], figures: list[Figure], notes: list[str]) -> str:
    """The whole table."""
    width = max(len(each.name) for each in (*lines, *figures)) + 2
    shown = [title, "", " " * width + "".join(f"{head:>11}" for head in _HEADS)]
    for line in lines:
        cells = [_number(v) for v in (line.p50, line.p95, line.least, line.cpu, line.times_empty)]
        cells += [_number(line.p50_small), _mark(line.growth, GROWTH_AIM)]
        cells.append("" if line.aim_p95 is None else _aim(line.p95 <= line.aim_p95, line.aim_p95))
        shown.append(line.name.ljust(width) + "".join(f"{cell:>11}" for cell in cells))
    shown.append("")
    for figure in figures:
        sign = "≥" if figure.is_least else "≤"
        aim = (
            ""
            if figure.aim is None
            else f"  {'✓' if figure.is_met else '✗'} aim {sign} {figure.aim:g}"
        )
        shown.append(f"{figure.name.ljust(width)}{figure.value:>11.1f} {figure.unit}{aim}")
    return "\n".join([*shown, "", *notes])


def write_json(path: Path, lines: list[Line], figures: list[Figure], facts: dict[str, Any]) -> None:
    """The same figures, with what they were measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        **facts,
        "steps": [{**asdict(line), "growth": line.growth} for line in lines],
        "figures": [{**asdict(figure), "is_met": figure.is_met} for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _aim(is_met: bool, aim: float) -> str:
    return f"{'✓' if is_met else '✗'} {aim:g}"


def _mark(value: float | None, aim: float) -> str:
    return "" if value is None else f"{'✓' if value <= aim else '✗'} {value:.2f}"
