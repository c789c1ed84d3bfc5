# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logs as JSON lines on standard error: what happened to the service, never what was in a call."""

import json
import logging
import sys
from datetime import UTC, datetime

from typing_extensions import override

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


class JsonFormatter(logging.Formatter):
    """One object per line: `ts`, `level`, `logger`, `message`, and what the call site named. Of an exception only its kind."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _said(record.getMessage()),
        }
        said |= {name: value for name, value in record.__dict__.items() if name not in _OWN}
        if record.exc_info and record.exc_info[0] is not None:
            # A traceback quotes values, and values are content.
            said["kind"] = record.exc_info[0].__qualname__
        return json.dumps(said, default=str, ensure_ascii=False)


def _said(message: str) -> str:
    """A traceback, which servers log as text when an application does not start, is cut to its last line."""
    return message.rstrip().rpartition("\n")[2] if message.startswith("Traceback ") else message


def write_json_logs(level: str) -> None:
    """From here on every logger of this process writes JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
