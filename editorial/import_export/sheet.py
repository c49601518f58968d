"""Custom tables: a saved mapping assigns the columns, and each row becomes an event as in a data set.

A row has at most one figure. Several rows with one id are refused: a second figure on an event is a claim, and
claims have a table of their own.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils.translation import override

from conflict import dates
from conflict.message import gettext as _
from conflict.vocabulary import (
    ActorKind,
    EventKind,
    LocationKind,
    Measure,
    ParticipantRole,
    PlacePrecision,
    Qualifier,
    Side,
    SourceKind,
)
from editorial.import_export import cell_parsers
from editorial.import_export.cell_parsers import Row
from editorial.import_export.dataset import ALL_ANSWERS, Dataset, column_name
from editorial.import_export.drafts import (
    ActorDraft,
    ClaimDraft,
    Days,
    EventDraft,
    PartDraft,
    PlaceDraft,
    SourceDraft,
    clipped,
    digest,
    key,
    one_day,
    slug,
)
from editorial.import_export.exceptions import CellRefused
from editorial.import_export.names import kind_of_actor, kind_of_place
from editorial.import_export.sheet_fields import field_name
from editorial.models import SheetMapping

is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Sheet:
    """Reads rows by the mapping; cells of constants are the same in every row."""

    name: str
    prefix: str
    columns: dict[str, str]
    constants: dict[str, str]

    def cell(self, row: Row, field: str) -> str:
        return cell_parsers.text(row, self.columns.get(field, "")) or self.constants.get(field, "")

    def column(self, field: str) -> str:
        return self.columns.get(field, field)

    def needed(self, row: Row, field: str) -> str:
        if not (cell := self.cell(row, field)):
            raise CellRefused(
                self.column(field),
                _("The cell is empty, and every event needs its %(field)s.") % {"field": field_name(field)},
            )
        return cell

    def draft(self, row: Row) -> EventDraft:
        """The row in the desk's terms. Raises CellRefused."""
        when, days = self.needed(row, "date"), self._days(row)
        kind, place = self._kind(row), self._place(row)
        title = self.cell(row, "title") or f"{kind.label}: {place.name}"
        source = self.cell(row, "source")
        identity = self.cell(row, "id") or digest(days.text, place.key, self.cell(row, "title"), source)
        external_id = clipped(
            slug(identity, 40)
            if slug(identity, 40) == identity.casefold()
            else f"{slug(identity, 30)}-{digest(identity)}",
            60,
        )
        return EventDraft(
            external_id=external_id,
            title=clipped(title, 200),
            summary=self.cell(row, "summary"),
            kind=kind,
            days=days,
            as_written=clipped(when, 200),
            place=place,
            place_precision=PlacePrecision.SETTLEMENT if place.point else PlacePrecision.NEAR,
            parts=self._parts(row),
            claims=self._claims(row),
            sources=self._sources(row),
            country=self.cell(row, "country"),
        )

    def _days(self, row: Row) -> Days:
        cell = self.needed(row, "date")
        try:
            when = dates.parse(cell)
        except dates.ImpossibleDate:
            return one_day(cell_parsers.moment({"date": cell, **row}, self.columns.get("date", "date")))
        if when.starts_on is None or when.ends_before is None:
            raise CellRefused(
                self.column("date"),
                _("“%(cell)s” has an open end: give the days that it may have been.") % {"cell": cell},
            )
        return Days(when.text, when.starts_on, when.ends_before)

    def _kind(self, row: Row) -> EventKind:
        term = self.cell(row, "kind") or EventKind.OTHER_DEVELOPMENT.value
        if kind := _terms(EventKind).get(term.casefold()):
            return EventKind(kind)
        raise CellRefused(
            self.column("kind"),
            _("“%(cell)s” is no kind of event: write one of the desk, such as battle, attack or ambush.")
            % {"cell": term[:60]},
        )

    def _place(self, row: Row) -> PlaceDraft:
        point = self._point(row)
        names = (self.needed(row, "country"), self.cell(row, "region"), self.cell(row, "cercle"))
        return _place(self.prefix, *names, self.needed(row, "place"), point)

    def _point(self, row: Row) -> tuple[Decimal, Decimal] | None:
        if column := self.columns.get("point"):
            return cell_parsers.gps(row, column)
        return cell_parsers.point(row, self.columns.get("latitude", ""), self.columns.get("longitude", ""))

    def _parts(self, row: Row) -> tuple[PartDraft, ...]:
        found: dict[str, PartDraft] = {}
        for field, side in (("actor_1", Side.FIRST), ("actor_2", Side.SECOND)):
            for name in self.cell(row, field).split(";"):
                if name.strip():
                    actor = self._actor(name.strip())
                    role = ParticipantRole.OPPONENT if actor.key in found else ParticipantRole.TAKING_PART
                    found.setdefault(f"{actor.key} {role}", PartDraft(actor, role, side))
                    found.setdefault(actor.key, found[f"{actor.key} {role}"])
        return tuple(dict.fromkeys(found.values()))

    def _actor(self, name: str, kind: ActorKind = ActorKind.UNSPECIFIED) -> ActorDraft:
        return ActorDraft(
            key(self.prefix, "actor", slug(name, 40), digest(name)), clipped(name, 200), kind_of_actor(name) or kind
        )

    def _claims(self, row: Row) -> tuple[ClaimDraft, ...]:
        cell = self.cell(row, "figure")
        if not cell:
            return ()
        low, high = self._range(cell)
        term = self.cell(row, "measure") or Measure.KILLED.value
        measure = _terms(Measure).get(term.casefold())
        if measure is None:
            raise CellRefused(
                self.column("measure"),
                _("“%(cell)s” is nothing that is counted: killed, wounded …") % {"cell": term[:60]},
            )
        claimant, subject = self.cell(row, "claimant"), self.cell(row, "subject")
        who = f"{claimant or self.name}: "
        count = str(low) if low == high else f"{low} to {high}"
        whose = f" ({subject})" if subject else ""
        return (
            ClaimDraft(
                "figure",
                f"{who}{count} {Measure(measure).label}{whose}.",
                clipped(cell, 300),
                low,
                high,
                Qualifier.EXACT if low == high else Qualifier.ABOUT,
                subject=clipped(subject, 200) or None,
                cites_reports=True,
                measure=Measure(measure),
                claimant=self._actor(claimant) if claimant else None,
            ),
        )

    def _range(self, cell: str) -> tuple[int, int]:
        column = self.column("figure")
        for sign in ("–", " to ", "-", "/"):
            one, found, other = cell.partition(sign)
            if found and one.strip().isdecimal() and other.strip().isdecimal():
                low, high = int(one), int(other)
                if low > high:
                    raise CellRefused(
                        column,
                        _("“%(cell)s” begins with the larger figure: write the smaller one first.") % {"cell": cell},
                    )
                return low, high
        number = cell_parsers.figure({column: cell}, column)
        return number, number

    def _sources(self, row: Row) -> tuple[SourceDraft, ...]:
        title, url = self.cell(row, "source"), self.cell(row, "source_url")
        if not title and not url:
            return ()
        if url:
            try:
                is_address(url)
            except ValidationError as error:
                raise CellRefused(
                    self.column("source_url"), _("“%(cell)s” is no address of a web page.") % {"cell": url[:60]}
                ) from error
        outlet = self.cell(row, "outlet")
        return (
            SourceDraft(
                key("report", digest(title, url, outlet)),
                SourceKind.NEWS,
                clipped(title or url, 500),
                self._actor(outlet, ActorKind.MEDIA) if outlet else None,
                self._day_of_source(row),
                url=url,
            ),
        )

    def _day_of_source(self, row: Row) -> str:
        column = self.columns.get("source_date", "")
        return cell_parsers.moment(row, column).isoformat() if cell_parsers.text(row, column) else ""


@cache
def _terms(choices: type[TextChoices]) -> dict[str, str]:
    """Values by value and by label in every language."""
    found = {value: value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(label).casefold(): value for value, label in choices.choices}
    return found


def _place(
    prefix: str, country: str, region: str, cercle: str, name: str, point: tuple[Decimal, Decimal] | None
) -> PlaceDraft:
    above = PlaceDraft(
        key("country", slug(country)), clipped(country, 200), LocationKind.COUNTRY, clipped(country, 120)
    )
    for division, kind in ((region, LocationKind.REGION), (cercle, LocationKind.CERCLE)):
        if division:
            distinction = digest(above.key, division)
            above = PlaceDraft(
                key(prefix, "place", slug(division, 40), distinction),
                clipped(division, 200),
                kind,
                above.country,
                above,
            )
    distinction = digest(country, name, *(point or (region, cercle)))
    kind = kind_of_place(name) or LocationKind.TOWN
    precision = PlacePrecision.SETTLEMENT if point else None
    return PlaceDraft(
        key(prefix, "place", slug(name, 40), distinction),
        clipped(name, 200),
        kind,
        above.country,
        above,
        point,
        precision,
    )


def dataset_for(mapping: SheetMapping) -> Dataset:
    """The mapping as a data set, with the same preview, decisions and undo."""
    prefix = f"sheet-{mapping.key}"
    columns = {field: column_name(column) for field, column in mapping.columns.items()}
    sheet = Sheet(mapping.name, prefix, columns, mapping.constants)
    compiler = ActorDraft(prefix, clipped(mapping.name, 200), ActorKind.UNSPECIFIED)
    read = tuple(dict.fromkeys(columns.values()))
    return Dataset(
        name=prefix,
        title=mapping.name,
        key_prefix=prefix,
        id_column=sheet.column("id"),
        country_column=sheet.column("country"),
        date_column=sheet.column("date"),
        read=read,
        optional=frozenset(),
        passed_over=frozenset(),
        compiler=compiler,
        draft=sheet.draft,
        source_of_release=lambda release: SourceDraft(
            key(prefix, slug(release, 40) if release else "table"),
            SourceKind.DATASET,
            clipped(f"{mapping.name}{f', {release}' if release else ''}", 500),
            compiler,
        ),
        lists=frozenset(column for column in read if column.endswith(ALL_ANSWERS)),
        takes_any_column=True,
    )
