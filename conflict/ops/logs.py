"""Logs for machines: one JSON object per line, without request contents or client identities."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from conflict.ops import request_ids


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request := request_ids.current.get():
            entry["request"] = request
        if status := getattr(record, "status_code", None):
            entry["status"] = status
        entry |= {name: getattr(record, name) for name in ("method", "path", "seconds") if hasattr(record, name)}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
