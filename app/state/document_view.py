"""Documents as screens take them: the list under its headings, its way through, one document opened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from app.i18n import document as words
from app.i18n.format import day
from app.models.document import FileFormat
from app.services.document_query import (
    PAGE,
    Category,
    DocumentCounts,
    DocumentFilter,
    DocumentList,
    DocumentSort,
    Showing,
)
from app.services.document_row import DocumentRow
from app.state.form import Choice
from app.state.paging import Paging, paging

PICTURES = frozenset({FileFormat.JPG, FileFormat.TIF})
_LOWEST, _HIGHEST = 10, 30  # pixels of a bar: of a year with one document, of the fullest year
_NONE = 4

Address = Callable[..., str]


@dataclass(frozen=True)
class DocumentLine:
    """One row of the list."""

    id: str = ""
    href: str = ""
    title: str = ""
    depositor: str = ""
    date: str = ""
    iso: str = ""
    format: str = ""
    icon: str = "file-text"
    is_new: bool = False
    is_masked: bool = False
    is_hidden: bool = False
    is_pending: bool = False
    is_current: bool = False
    is_reached: bool = False
    version: str = ""


@dataclass(frozen=True)
class DocumentGroup:
    """The rows under one heading: a year, a depositor, or none when sorted by name."""

    heading: str = ""
    count: str = ""
    lines: list[DocumentLine] = field(default_factory=list)


@dataclass(frozen=True)
class CategoryLink:
    """One category and how many documents it holds."""

    label: str = ""
    icon: str = ""
    count: int = 0
    href: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class YearBar:
    """One year of the axis. `height` in pixels; pressing the chosen year shows all of them again."""

    year: str = ""
    spoken: str = ""
    height: str = ""
    href: str = ""
    is_current: bool = False
    is_bare: bool = False


@dataclass(frozen=True)
class BrowserView:
    """The list and what surrounds it. `is_empty`: nothing was ever deposited."""

    base: str = ""
    title: str = ""
    count: str = ""
    total: int = 0
    found: int = 0
    categories: list[CategoryLink] = field(default_factory=list)
    category_choices: list[Choice] = field(default_factory=list)
    category: str = ""
    search_label: str = ""
    years: list[YearBar] = field(default_factory=list)
    groups: list[DocumentGroup] = field(default_factory=list)
    sort: str = ""
    paging: Paging = field(default_factory=Paging)
    is_filtered: bool = False
    is_empty: bool = False
    clear_href: str = ""
    status: str = ""
    may_deposit: bool = False


def browser_view(
    found: DocumentList,
    chosen: DocumentFilter,
    *,
    base: str,
    go_to: Address,
    categories: Mapping[Category, str],
    icons: Mapping[Category, str],
    opened: str,
) -> BrowserView:
    """A page of the list. `go_to`: its address with other choices; `opened`: the opened document."""
    numbers = {each: str(number) for number, each in enumerate(categories, start=1)}
    counts = found.counts
    here = numbers.get(chosen.category, "") if chosen.category else ""
    title = categories[chosen.category] if chosen.category else words.ALL
    is_narrowed = bool(chosen.query.strip()) or chosen.showing is not Showing.CURRENT
    links = [
        CategoryLink(
            words.ALL, "files", counts.of(), go_to(categorie="", page="", document=""), not here
        ),
        *(
            CategoryLink(
                label,
                icons[each],
                counts.of(each),
                go_to(categorie=numbers[each], page="", document=""),
                numbers[each] == here,
            )
            for each, label in categories.items()
        ),
    ]
    return BrowserView(
        base=base,
        title=title,
        count=words.documents(found.found),
        total=counts.total,
        found=found.found,
        categories=links,
        category_choices=[
            Choice("" if n == 0 else str(n), f"{link.label} ({link.count})")
            for n, link in enumerate(links)
        ],
        category=here,
        search_label=words.search_label(title),
        years=_years(counts, chosen, go_to),
        groups=_groups(found, chosen, go_to, opened),
        sort=chosen.sort.value,
        paging=paging(
            "Documents",
            lambda page: go_to(page=page, document=""),
            page=found.page,
            pages=found.pages,
            size=PAGE,
            shown=len(found.rows),
            total=found.found,
        ),
        is_filtered=bool(is_narrowed or here or chosen.year),
        is_empty=not counts.total and not is_narrowed,
        clear_href=go_to(categorie="", annee="", affichage="", page="", document=""),
        status=words.found(found.found) if chosen.query.strip() else "",
        may_deposit=found.may_deposit,
    )


def document_line(row: DocumentRow, *, href: str = "", opened: str = "") -> DocumentLine:
    """One row in words."""
    return DocumentLine(
        id=str(row.id),
        href="" if row.is_pending else href,
        title=row.title,
        depositor=words.depositor(row),
        date=day(row.document_date),
        iso=row.document_date.isoformat(),
        format=words.FORMATS[row.format],
        icon="image" if row.format in PICTURES else "file-text",
        is_new=row.is_new,
        is_masked=row.is_masked,
        is_hidden=row.is_hidden_from_patient,
        is_pending=row.is_pending,
        is_current=str(row.id) == opened,
        version=words.version(row),
    )


def _years(counts: DocumentCounts, chosen: DocumentFilter, go_to: Address) -> list[YearBar]:
    """From the first year with a document to the last, those without any between them in grey."""
    every, of_category = counts.years(), counts.years(chosen.category)
    if not every:
        return []
    most = max(of_category.values(), default=1)
    return [
        _year(year, of_category.get(year, 0), most, is_current=year == chosen.year, go_to=go_to)
        for year in range(min(every), max(every) + 1)
    ]


def _year(year: int, count: int, most: int, *, is_current: bool, go_to: Address) -> YearBar:
    height = _LOWEST + round((_HIGHEST - _LOWEST) * (count - 1) / max(1, most - 1))
    return YearBar(
        year=str(year),
        spoken=words.year_spoken(count, is_current=is_current),
        height=f"{height if count else _NONE}px",
        href=go_to(annee="" if is_current else year, page="", document=""),
        is_current=is_current,
        is_bare=not count,
    )


def _groups(
    found: DocumentList, chosen: DocumentFilter, go_to: Address, opened: str
) -> list[DocumentGroup]:
    heading = {
        DocumentSort.DATE: lambda row: str(row.document_date.year),
        DocumentSort.DEPOSITOR: words.depositor,
        DocumentSort.TITLE: lambda _: "",
    }[chosen.sort]
    reached = opened if any(str(row.id) == opened for row in found.rows) else ""
    groups = []
    for title, rows in groupby(found.rows, key=heading):
        lines = [document_line(row, href=go_to(document=row.id), opened=opened) for row in rows]
        count = (
            found.counts.of(chosen.category, int(title))
            if chosen.sort is DocumentSort.DATE
            else len(lines)
        )
        groups.append(DocumentGroup(title, words.documents(count), lines))
    return [_reachable(group, reached, is_first=n == 0) for n, group in enumerate(groups)]


def _reachable(group: DocumentGroup, reached: str, *, is_first: bool) -> DocumentGroup:
    """The list is one stop of the keyboard: the opened row, or else the first one that opens."""
    first = next((line.id for line in group.lines if line.href), "") if is_first else ""
    stop = reached or first
    lines: Iterable[DocumentLine] = group.lines
    return DocumentGroup(
        group.heading,
        group.count,
        [_with_stop(line, is_stop=line.id == stop) for line in lines],
    )


def _with_stop(line: DocumentLine, *, is_stop: bool) -> DocumentLine:
    return replace(line, is_reached=True) if is_stop else line
