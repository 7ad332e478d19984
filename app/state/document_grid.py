"""The documents of a record by category and year (DM-50, DM-51): a table whose cells narrow the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.i18n.document_grid import all_of, cell_words, empty_years
from app.services.document_query import Category, DocumentCounts, DocumentFilter

Address = Callable[..., str]


@dataclass(frozen=True)
class GridCell:
    """How many documents of a category are of a year. `words` follow the number for who hears it."""

    count: str = ""
    words: str = ""
    href: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class GridRow:
    """One category. `total`: of all its years."""

    label: str = ""
    icon: str = ""
    total: GridCell = GridCell()
    cells: list[GridCell] = field(default_factory=list)
    is_current: bool = False


@dataclass(frozen=True)
class GridView:
    """The table. `years`: those with a document, oldest first; `left_out`: those without, in words."""

    years: list[str] = field(default_factory=list)
    totals: list[GridCell] = field(default_factory=list)
    rows: list[GridRow] = field(default_factory=list)
    every: GridCell = GridCell()
    left_out: str = ""


def grid_view(
    counts: DocumentCounts,
    chosen: DocumentFilter,
    *,
    go_to: Address,
    categories: Mapping[Category, str],
    icons: Mapping[Category, str],
) -> GridView:
    """The table of what the reader sees. `go_to`: the address of the list with other choices."""
    totals = counts.years()
    years = list(totals)
    numbers = {each: number for number, each in enumerate(categories, start=1)}
    by_category = {each: counts.years(each) for each in categories}

    def cell(category: Category | None, year: int | None, count: int) -> GridCell:
        label = categories[category] if category else ""
        if not count:
            return GridCell()
        return GridCell(
            count=str(count),
            words=cell_words(count, label, year),
            href=go_to(
                categorie=numbers[category] if category else "",
                annee=year or "",
                page="",
                document="",
            ),
            is_current=(category, year) == (chosen.category, chosen.year)
            and bool(category or year),
        )

    rows = [
        GridRow(
            label=label,
            icon=icons[each],
            total=cell(each, None, sum(by_category[each].values())),
            cells=[cell(each, year, by_category[each].get(year, 0)) for year in years],
            is_current=chosen.category is each,
        )
        for each, label in categories.items()
    ]
    return GridView(
        years=[str(year) for year in years],
        totals=[cell(None, year, totals[year]) for year in years],
        rows=rows,
        every=GridCell(
            str(counts.total),
            all_of(counts.total),
            go_to(categorie="", annee="", page="", document=""),
        ),
        left_out=empty_years(years),
    )
