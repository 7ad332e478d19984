"""Measures the product as it is served, on this machine alone: `make bench`, eight minutes at most.

    python -m tests.bench [--quick] [--json FILE]

It starts the real server on the built pages, twice: with a hundredth of the data, then with all of it.
"""

import argparse
import asyncio
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import (
    data,
    digest,
    directory,
    directory_data,
    document,
    identity,
    live,
    message,
    processes,
    report,
    steps,
)
from tests.bench.first_load import measure
from tests.bench.processes import Processes
from tests.postgresql import PostgresServer
from tests.server import ROOT, LiveServer, run_liane, start

PATIENTS, MEDICINES, SHARE = 5_000, data.ALL_MEDICINES, 100
RECORDS = SESSIONS = 50
TABS = 200
STARTS = 3
# Seconds of load of a whole run.
_WHOLE = 8
AIMS = {
    "Opening a patient": 12,
    "Adding an entry, reading the synthesis again": 15,
    "Searching a patient": 15,
    "Searching a medicine": 15,
    "Searching the directory, in the service, SQLite": 8,
    "Searching the directory, in the service, PostgreSQL": 8,
    "  a few letters of each word, SQLite": 8,
    "  a few letters of each word, PostgreSQL": 8,
    "Searching the directory, key press to list": 20,
    "Finding a record by identity, SQLite": identity.AIM_P95,
    "Finding a record by identity, PostgreSQL": identity.AIM_P95,
    "  with a slip in each name, SQLite": identity.AIM_P95,
    "  with a slip in each name, PostgreSQL": identity.AIM_P95,
    **document.AIMS,
    **live.AIMS,
    **message.AIMS,
}
_TITLE = (
    "Liane, one server process, encrypted SQLite, loopback: {patients} patients, {medicines} medicines, "
    "{entries} entries ({processors} processors, {idle_before:.0%} idle before)"
)
_NOTES = [
    "p50, p95, least: from the event a browser sends to the update it shows, seen by a raw socket client.",
    "cpu: processor time of all the server's threads for one step.",
    "× empty: p50 over that of an event that closes a notice, which no page needs the database for.",
    "p50 1/100, growth: the same step on a hundredth of the data. The record that is read has the same size.",
    "N at once: every session goes round these steps without a pause; its turn is part of the time.",
]


def say(sentence: str) -> None:
    """A sign of life on the error output; the table alone goes to the other."""
    print(f"→ {sentence}", file=sys.stderr, flush=True)


def main() -> None:
    """Make the data, measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, for a first look")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    options = parser.parse_args()
    if not processes.is_known():
        parser.error("the bench reads /proc: it runs on Linux")
    if options.quick:
        steps.TIMED = 40
    folder = Path(tempfile.mkdtemp(prefix="liane-bench-"))
    try:
        _bench(folder, options.json, seconds=3 if options.quick else _WHOLE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bench(folder: Path, json_path: Path, *, seconds: float) -> None:
    began = time.monotonic()
    say("building the pages, if they changed")
    quiet = processes.quiet_share()
    built = run_liane("build", data_dir=folder / "build")
    assert built.returncode == 0, built.stdout + built.stderr
    say(
        f"making {PATIENTS // SHARE} patients and {MEDICINES // SHARE} medicines, measuring each step"
    )
    small = _make(folder / "small" / "data", SHARE)
    server = start(folder / "small" / "data")
    try:
        small_timings = asyncio.run(steps.time_steps(server, small, Processes(server.process.pid)))
    finally:
        server.stop()

    say(f"making {PATIENTS} patients and {MEDICINES} medicines")
    made = _make(folder / "all" / "data", 1)
    ready = _time_starts(folder / "all" / "data")
    server = start(folder / "all" / "data")
    try:
        lines, figures = _measure(server, made, small_timings, seconds)
    finally:
        server.stop()
    found, imported = _directory(folder, quick=seconds < _WHOLE)
    lines += found + _identity(folder, quick=seconds < _WHOLE)
    say("vaults of documents")
    kept = document.measure(folder / "documents", quick=seconds < _WHOLE)
    lines += [_line(timing, None, None) for timing in kept.all_timings]
    imported += kept.figures
    say(f"messages while {live.INBOXES} inboxes are open")
    empty, sent = live.time_messages(folder / "live")
    lines += [_line(empty, None, None), _line(sent, empty.at(0.5), None)]
    say("mailboxes")
    opened = message.measure(folder / "messages", quick=seconds < _WHOLE)
    lines += [_line(timing, None, None) for timing in opened.timings]
    imported += opened.figures
    say("five hundred digests, beside pages")
    told = digest.measure(folder / "digests", quick=seconds < _WHOLE)
    lines += [_line(timing, None, None) for timing in told.timings]
    imported += told.figures
    figures = [report.Figure("Ready after the start", ready, "s", 2), *figures, *imported]
    facts = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "idle_before": round(quiet, 2),
        "patients": made.patients,
        "medicines": made.medicines,
        "entries": made.entries,
        "took_seconds": round(time.monotonic() - began),
    }
    print()
    print(report.show(_TITLE.format(**facts), lines, figures, _NOTES))
    report.write_json(json_path, lines, figures, facts)
    say(
        f"written to {json_path.relative_to(ROOT) if json_path.is_relative_to(ROOT) else json_path}"
    )


def _directory(folder: Path, *, quick: bool) -> tuple[list[report.Line], list[report.Figure]]:
    """The national directory at its size: import and service on both databases, key press on the embedded."""
    rows = directory_data.ROWS // (10 if quick else 1)
    stock = folder / "PS_LibreAcces_Personne_activite.txt"
    directory_data.write_extract(stock, rows)
    data_dir = folder / "all" / "data"
    say(f"importing {rows} rows of a made-up national directory")
    imported = directory.import_stock(stock, rows, data_dir)
    service, queries = directory.time_service(data_dir)
    server = start(data_dir)
    try:
        timings = asyncio.run(steps.time_directory(server, queries, Processes(server.process.pid)))
    finally:
        server.stop()
    empty = timings[0].at(0.5)
    lines = [_line(timing, None, None) for timing in service]
    lines += [_line(timing, empty, None) for timing in timings]
    figures = _import_figures(imported, "SQLite")
    say("the same on PostgreSQL")
    folder.chmod(0o711)  # its server may run as somebody else
    postgres = PostgresServer(folder, shared_buffers="512MB", max_wal_size="1GB")
    postgres.start()
    try:
        url = postgres.url(postgres.create())
        other = folder / "postgresql"
        imported = directory.import_stock(stock, rows, other, url)
        service, _ = directory.time_service(other, url)
    finally:
        postgres.stop()
    lines += [_line(timing, None, None) for timing in service]
    return lines, figures + _import_figures(imported, "PostgreSQL")


def _identity(folder: Path, *, quick: bool) -> list[report.Line]:
    """Finding one record among a hundred thousand, on both databases."""
    patients = identity.PATIENTS // (10 if quick else 1)
    say(f"looking people up among {patients} records")
    timings = identity.time_both(folder / "identity", patients=patients)
    return [_line(timing, None, None) for timing in timings]


def _import_figures(imported: directory.Imported, where: str) -> list[report.Figure]:
    return [
        report.Figure(
            f"Importing {imported.rows} rows of the directory, {where}", imported.seconds, "s", 75
        ),
        report.Figure("  processor time of the command", imported.cpu_seconds, "s"),
        report.Figure("  its memory at most", imported.peak_mb, "MB", 200),
    ]


def _make(data_dir: Path, share: int) -> data.Made:
    return data.make(
        data_dir,
        patients=PATIENTS // share,
        medicines=MEDICINES // share,
        records=RECORDS,
        sessions=SESSIONS,
    )


def _measure(
    server: LiveServer, made: data.Made, small: list[steps.Timing], seconds: float
) -> tuple[list[report.Line], list[report.Figure]]:
    running = Processes(server.process.pid)
    time.sleep(3)
    idle = running.each_mb()
    say("signing in")
    signed = steps.time_sign_in(server)
    say("each step, one tab alone")
    timings = asyncio.run(steps.time_steps(server, made, running))
    say(f"{SESSIONS} sessions at once, for {seconds:g} s")
    load = asyncio.run(steps.time_load(server, made, sessions=SESSIONS, seconds=seconds))
    say(f"{TABS} more tabs")
    a_tab = asyncio.run(steps.open_tabs(server, made, TABS, running))
    say("first load in a browser")
    pages = measure(server, {"/connexion": "", "/tableau-de-bord": made.cookies[0]})
    figures = [
        report.Figure(
            f"Steps a second, {SESSIONS} sessions", load.steps_per_second, "/s", 200, True
        ),
        report.Figure("Memory idle, all processes", sum(idle), "MB", 160),
        *(report.Figure(f"  process {n}", each, "MB") for n, each in enumerate(idle, start=1)),
        report.Figure("Memory for each open tab", a_tab, "kB"),
        *(
            report.Figure(f"First load of {page.path}", page.kilobytes, "kB", aim)
            for page, aim in zip(pages, (350, 450), strict=True)
        ),
    ]
    return _lines(signed, timings, small, load), figures


def _lines(
    signed: list[steps.Timing],
    timings: list[steps.Timing],
    small: list[steps.Timing],
    load: steps.Load,
) -> list[report.Line]:
    empty = timings[1].at(0.5)
    earlier = {timing.name: timing.at(0.5) for timing in small}
    lines = [_line(timing, None, None) for timing in signed]
    lines += [_line(timing, empty, earlier.get(timing.name)) for timing in timings]
    for timing in load.timings:
        timing.name = f"  {load.sessions} at once: {timing.name.lower()}"
        lines.append(_line(timing, None, None))
    return lines


def _line(timing: steps.Timing, empty: float | None, small: float | None) -> report.Line:
    p50 = timing.at(0.5)
    return report.Line(
        name=timing.name,
        p50=p50,
        p95=timing.at(0.95),
        least=timing.at(0),
        cpu=timing.cpu,
        times_empty=p50 / empty if empty else None,
        p50_small=small,
        aim_p95=AIMS.get(timing.name),
    )


def _time_starts(data_dir: Path) -> float:
    """Seconds from the command to the first answer, the best of a few."""
    best = float("inf")
    for _ in range(STARTS):
        started = time.monotonic()
        server = start(data_dir)
        best = min(best, time.monotonic() - started)
        server.stop()
    return best


if __name__ == "__main__":
    main()
