"""The ordinary import: a django-import-export resource that writes row by row, as its documentation shows.

`python -m tests.benchmarks.peers.rowwise FILE` prints the seconds it took.
"""

import csv
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

import tablib  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402

from conflict.models import Actor, Citation, Claim, ClaimParty, Event, Location, Participation, Source  # noqa: E402

FIGURES = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")


class EventResource(resources.ModelResource):
    """One row, one event; what it names is looked up or made, its figures become claims."""

    key = fields.Field(attribute="key", column_name="id")
    title = fields.Field(attribute="title", column_name="source_headline")
    when = fields.Field(attribute="when", column_name="date_start")
    location = fields.Field(attribute="location", column_name="where_coordinates", widget=widgets.ForeignKeyWidget(Location, "key"))  # fmt: skip

    class Meta:
        model = Event
        import_id_fields = ("key",)
        fields = ("key", "title", "when", "location")

    def before_import_row(self, row: Any, **options: Any) -> None:
        name = row["where_coordinates"][:100]
        key = f"row-place-{abs(hash(name))}"
        Location.objects.get_or_create(key=key, defaults={"name": name, "kind": "town", "country": row["country"]})
        row["where_coordinates"], row["id"] = key, f"row-{row['id']}"
        row["date_start"], row["source_headline"] = row["date_start"][:10], (row["source_headline"] or "Event")[:200]

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        instance.kind = "battle"

    def after_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        release = Source.objects.get_or_create(key="row-release", defaults={"kind": "dataset", "title": "Release"})[0]
        compiler = Actor.objects.get_or_create(key="row-compiler", defaults={"name": "Compiler", "kind": "academic"})[0]
        for side in ("side_a", "side_b"):
            key = f"row-actor-{abs(hash(row[side]))}"
            actor = Actor.objects.get_or_create(key=key, defaults={"name": row[side][:200], "kind": "armed_group"})[0]
            Participation.objects.get_or_create(event=instance, actor=actor, role="taking_part")
        Citation.objects.create(event=instance, source=release)
        for name in FIGURES:
            number = int(float(row[name] or 0))
            claim = Claim.objects.create(
                event=instance, key=f"{instance.key}-{name.replace('_', '-')}", kind="figure", measure="killed",
                statement=f"{name}: {number}", low=number, high=number, qualifier="exact",
            )  # fmt: skip
            ClaimParty.objects.create(claim=claim, role="claimant", actor=compiler)
            Citation.objects.create(claim=claim, source=release)


def imported(path: Path) -> float:
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    rows = tablib.Dataset(*table[1:], headers=table[0])
    begun = time.perf_counter()
    EventResource().import_data(rows, raise_errors=True, use_transactions=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.stdout.write(f"{imported(Path(sys.argv[1])):.3f}\n")
