"""Versions of an entry: all that were ever public, each at its own address, and the changes between two."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from conflict.api.base import ReadOnlyView
from conflict.api.resources import EVENTS, PUBLICATIONS, Resource, publication_text
from conflict.api.views import ListView
from conflict.documents.differences import differences
from conflict.documents.schema_upgrades import lifted
from conflict.public import queries
from conflict.public.exceptions import Gone, NotFound
from conflict.public.json_responses import ready, written
from conflict.public.parameters import Number, Parameter
from conflict.record.models import Action, Publication


class Versions(ListView):
    """Every version of one entry, even a withdrawn one, from the publication log."""

    resource = PUBLICATIONS
    of: Resource = EVENTS

    @property
    def parameters(self) -> dict[str, Parameter]:
        return {
            name: asked for name, asked in super().parameters.items() if name not in self.resource.filters.base_filters
        }

    def rows(self) -> Any:
        key = self.kwargs["key"]
        rows = queries.rows(Publication).filter(entry_kind=self.of.entry_kind, key=key)
        if not rows.exists():
            raise NotFound(f"Nothing was ever public under the key “{key}” among the {self.of.name}.", code="not_found")
        return rows


class Version(ReadOnlyView):
    """One version of an entry, with its place in the chain."""

    of: Resource = EVENTS

    def get(self, request: Request, key: str, version: int) -> HttpResponse:
        return ready(publication_text(self.publication(key, version)))

    def publication(self, key: str, version: int) -> Publication:
        row: Publication | None = (
            queries.rows(Publication).filter(entry_kind=self.of.entry_kind, key=key, version=version).first()
        )
        if row is None:
            raise NotFound(f"There is no version {version} of “{key}” among the {self.of.name}.", code="not_found")
        return row


class Changes(Version):
    """Changes between two versions of an entry, field by field, with the old and the new value."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        return {"since": Number("The version to compare with; the one before when not given.", 1, 2**31 - 1)}

    def get(self, request: Request, key: str, version: int) -> HttpResponse:
        since = self.value("since") or version - 1
        older = self.publication(key, since) if since else None
        newer = self.publication(key, version)
        changes = differences(document(older) if older else None, document(newer))
        return written(
            {
                "entry_kind": self.of.entry_kind,
                "key": key,
                "version": version,
                "since": since or None,
                "changes": [change.as_dict() for change in changes],
            }
        )


def document(row: Publication) -> dict[str, Any] | None:
    """Document of the version in the current schema; None for a withdrawal.

    Raises Gone if its text was removed for legal reasons.
    """
    if row.document is None and row.action == Action.PUBLISH:
        message = (
            f"The text of version {row.version} of “{row.key}” had to be removed by law; its hash stays in the log."
        )
        raise Gone(message, code="redacted")
    return lifted(row.entry_kind, row.document) if row.document else None
