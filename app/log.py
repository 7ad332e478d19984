"""Technical logs: JSON lines in UTC, without payloads, cookies, tokens or query strings (S006, S133)."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_SECRETS = (
    (
        re.compile(
            r"(['\"]?(?:cookie|authorization|token)['\"]?\s*[:=]\s*)(['\"]).*?\2", re.IGNORECASE
        ),
        r"\1\2…\2",
    ),
    (re.compile(r"(['\"]?payload['\"]?\s*[:=]\s*).*", re.IGNORECASE | re.DOTALL), r"\1…"),
    (re.compile(r"(event data: ).*", re.IGNORECASE | re.DOTALL), r"\1…"),
    (re.compile(r"(with value\s+).*", re.IGNORECASE | re.DOTALL), r"\1…"),
    (re.compile(r"(router_data\s*=\s*).*", re.IGNORECASE | re.DOTALL), r"\1…"),
    (re.compile(r"\?[^\s\"']+"), "?…"),
    (re.compile(r"(__Host-[\w-]+=)[^;\s\"']+"), r"\1…"),
)
# Filters are not inherited: each logger that prints what a browser sent gets its own.
_TALKATIVE = (
    "reflex",
    "reflex.app",
    "reflex.state",
    "reflex_base.vars.base",
    "reflex_base.event.processor.event_processor",
    "reflex_base.event.processor.base_state_processor",
    "engineio.server",
    "socketio.server",
)


def scrub(text: str) -> str:
    """The text without what must not be kept."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class Scrubber(logging.Filter):
    """Masks secrets in a record before anything formats it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, cleaned."""
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; a traceback keeps its frames and loses the exception's own text."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error, frames = record.exc_info[1], []
            trace = record.exc_info[2]
            while trace is not None:
                code = trace.tb_frame.f_code
                frames.append(
                    f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
                )
                trace = trace.tb_next
            line["error"] = type(error).__name__
            line["trace"] = " < ".join(reversed(frames[-12:]))
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send everything to standard error as scrubbed JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(Scrubber())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("liane").setLevel(logging.INFO)
    for name in _TALKATIVE:
        talkative = logging.getLogger(name)
        talkative.handlers[:] = []
        talkative.propagate = True
        talkative.addFilter(Scrubber())
