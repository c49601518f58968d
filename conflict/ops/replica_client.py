"""Replica client: keeps an exact copy of another site's record by fetching its changes, and verifies every link of the
chain.

Needs only msgspec and the standard library, so a partner may take this module and `conflict/documents/canonical_json.py`
and run them elsewhere. One SQLite file holds the log as received and the current public documents; each page is applied
completely or not at all.
"""

import json
import sqlite3
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflict.documents.canonical_json import FIRST_PREVIOUS, canonical_text, commitment, sha256

NOT_IN_HEADER = ("sha256", "salt", "document", "changes")
PAGE_SIZE = 200
LONGEST_WAIT = 60  # seconds for one page

TABLES = """
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, step TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (kind TEXT, key TEXT, version INTEGER, document TEXT, PRIMARY KEY (kind, key));
"""


class BrokenChain(ValueError):
    """The response does not continue the local copy: it was tampered with, or belongs to another log."""


class Replica:
    """Local copy in one file; `number` and `sha256` are its head."""

    def __init__(self, path: Path | str) -> None:
        self.database = sqlite3.connect(path)
        self.database.executescript(TABLES)
        self.database.execute("PRAGMA secure_delete = ON")  # a text removed by law is overwritten
        row = self.database.execute("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1").fetchone()
        self.number: int = row[0] if row else 0
        self.sha256: str = row[1] if row else FIRST_PREVIOUS

    def follow(self, site: str) -> int:
        """Apply everything published since the last run; returns the number of steps.

        Raises BrokenChain, and keeps the steps verified so far.
        """
        before = self.number
        known = before  # request the last step once more, to see that the site has not changed it
        for page in pages(f"{site.rstrip('/')}/api/v1/changes/?after={max(known - 1, 0)}&page_size={PAGE_SIZE}"):
            if known:
                self._recognise(page[:1])
                page, known = page[1:], 0
            self.take(page)
        if known:
            self._recognise([])
        return self.number - before

    def _recognise(self, steps: list[dict[str, Any]]) -> None:
        """Raises BrokenChain unless the site's log still contains the head of this copy."""
        if [(step["number"], step["sha256"]) for step in steps] != [(self.number, self.sha256)]:
            raise BrokenChain(
                f"The site no longer has publication {self.number} with the hash {self.sha256}: its log was cut or rewritten."
            )

    def take(self, steps: list[dict[str, Any]]) -> None:
        """Verify and apply steps of the log, all or none."""
        number, sealed = self.number, self.sha256
        with self.database:
            for step in steps:
                verify(step, number, sealed)
                self._apply(step)
                number, sealed = step["number"], step["sha256"]
        self.number, self.sha256 = number, sealed

    def documents(self) -> dict[tuple[str, str], dict[str, Any]]:
        """All public documents, by kind and key."""
        rows = self.database.execute("SELECT kind, key, document FROM entry ORDER BY kind, key")
        return {(kind, key): json.loads(text) for kind, key, text in rows}

    @property
    def first_sha256(self) -> str:
        """Hash of the log's first step, which tells it from all other logs."""
        row = self.database.execute("SELECT sha256 FROM log WHERE number = 1").fetchone()
        return str(row[0]) if row else FIRST_PREVIOUS

    def close(self) -> None:
        self.database.close()

    def _apply(self, step: dict[str, Any]) -> None:
        entry = (step["entry_kind"], step["key"])
        self.database.execute(
            "INSERT INTO log VALUES (?, ?, ?)", (step["number"], step["sha256"], json.dumps(step, ensure_ascii=False))
        )
        self.database.execute("DELETE FROM entry WHERE kind = ? AND key = ?", entry)
        if step["action"] == "redact":
            self._forget(*entry, before=step["number"])
        if step["document"] is not None:
            text = canonical_text(step["document"])
            self.database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (*entry, step["version"], text))

    def _forget(self, kind: str, key: str, *, before: int) -> None:
        """Remove texts that the law forbids: those of the entry's earlier steps, with their salts."""
        of_entry = "json_extract(step, '$.entry_kind') = ? AND json_extract(step, '$.key') = ? AND number < ?"
        self.database.execute(
            "UPDATE log SET step = json_set(json_remove(step, '$.changes'), '$.document', NULL, '$.salt', '')"
            f" WHERE {of_entry}",
            (kind, key, before),
        )


def verify(step: dict[str, Any], number: int, sealed: str) -> None:
    """Raises BrokenChain unless the step follows the one with this number and hash, and matches its own hash."""
    label = f"Publication {step['number']}"
    if step["number"] != number + 1:
        raise BrokenChain(f"{label} came after {number}: one is missing, or the log is another one.")
    if step["prev_sha256"] != sealed:
        raise BrokenChain(f"{label} does not continue the log that is here: its previous hash is another one.")
    header = {name: value for name, value in step.items() if name not in NOT_IN_HEADER}
    if sha256(canonical_text(header)) != step["sha256"]:
        raise BrokenChain(f"{label} was changed after it was published: its hash does not fit what it says.")
    if (
        step["document"] is not None
        and commitment(step["salt"], canonical_text(step["document"])) != step["document_sha256"]
    ):
        raise BrokenChain(f"The document of publication {step['number']} was changed after it was published.")


def pages(url: str | None) -> Iterator[list[dict[str, Any]]]:
    """The results of a list, page by page."""
    while url:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url} is no web address: write http:// or https://.")
        request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310  # checked above
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT) as answer:  # noqa: S310
            page = json.load(answer)
        yield page["results"]
        url = page["next"]
