"""UCDP GED: one row is one event with three figures of its compiler and the reports that it names."""

import re
from datetime import date

import msgspec

from conflict.message import gettext as _
from conflict.message import gettext_noop
from conflict.vocabulary import (
    SETTLEMENTS,
    ActorKind,
    EventKind,
    LocationKind,
    ParticipantRole,
    PlacePrecision,
    Qualifier,
    Side,
    SourceKind,
)
from editorial.import_export import cell_parsers, drafts
from editorial.import_export.cell_parsers import Row
from editorial.import_export.dataset import Dataset, numbers_of
from editorial.import_export.drafts import ActorDraft, ClaimDraft, Days, EventDraft, PartDraft, PlaceDraft, SourceDraft
from editorial.import_export.exceptions import CellRefused
from editorial.import_export.names import kind_of_place, strip_kind
from editorial.models import Licence

COMPILER = ActorDraft("ucdp", "Uppsala Conflict Data Program (UCDP)", ActorKind.ACADEMIC)
LARGEST_ID = 10**12
VIOLENCE = {1: "state-based conflict", 2: "non-state conflict", 3: "one-sided violence"}
KINDS = {1: EventKind.BATTLE, 2: EventKind.BATTLE, 3: EventKind.HUMAN_RIGHTS_ABUSE}
CLARITY = {1: "clear", 2: "unclear"}
DATE_PRECISION = {1: "exact day", 2: "two to six days", 3: "week", 4: "month", 5: "longer than a month"}
PLACE_PRECISION = {
    1: "exact",
    2: "near or limited area",
    3: "second-order division",
    4: "first-order division",
    5: "linear or fuzzy",
    6: "country",
    7: "international waters or air",
}
OUTSIDE = 7
OURS = {
    2: PlacePrecision.NEAR,
    3: PlacePrecision.DISTRICT,
    4: PlacePrecision.REGION,
    5: PlacePrecision.LINE,
    6: PlacePrecision.COUNTRY,
    OUTSIDE: PlacePrecision.LINE,
}
REPORT = re.compile(r'"(?P<report>(?:[^"]++|"(?!\s*;|\s*$))*+)"\s*(?:;|$)')
OUTLET_DAY_HEADLINE = re.compile(r"(?P<outlet>.*?),\s*(?P<day>\d{4}-\d{2}-\d{2}),(?P<headline>.*)", re.DOTALL)
TOTAL = "killed"
CIVILIANS, OF_UNKNOWN_STATUS = "civilians", "persons of unknown status"


def draft(row: Row) -> EventDraft:
    """The row in the desk's terms. Raises CellRefused for values that the data set's codebook does not allow."""
    number = cell_parsers.whole(row, "id")
    if number is None or not 0 <= number <= LARGEST_ID:
        raise CellRefused("id", _("A whole number is expected: it tells which event the row is about."))
    violence = cell_parsers.code(row, "type_of_violence", VIOLENCE)
    side_a, side_b = _side(row, "a"), _side(row, "b")
    place, precision = _place(row)
    as_written, when = _when(row)
    return EventDraft(
        external_id=str(number),
        title=drafts.clipped(
            f"{cell_parsers.text(row, 'dyad_name') or f'{side_a.name} - {side_b.name}'}: {place.name}", 200
        ),
        summary=_summary(row, violence),
        kind=KINDS[violence],
        days=when,
        as_written=as_written,
        place=place,
        place_precision=precision,
        parts=_parts(violence, side_a, side_b),
        claims=_claims(row, side_a, side_b),
        sources=_reports(cell_parsers.text(row, "source_article")),
        country=cell_parsers.text(row, "country"),
    )


def _side(row: Row, letter: str) -> ActorDraft:
    name = cell_parsers.required(row, f"side_{letter}")
    number = cell_parsers.whole(row, f"side_{letter}_new_id")
    kind = ActorKind.ARMED_GROUP
    if name.startswith("Government of "):
        kind = ActorKind.GOVERNMENT
    elif name.casefold() == CIVILIANS:
        kind = ActorKind.CIVILIANS
    distinction = str(number) if number is not None else f"{drafts.slug(name)}-{drafts.digest(name)}"
    return ActorDraft(drafts.key("ucdp", "actor", distinction), drafts.clipped(name, 200), kind)


def _parts(violence: int, side_a: ActorDraft, side_b: ActorDraft) -> tuple[PartDraft, ...]:
    """State-based and non-state rows name two sides without saying who attacked."""
    if violence == 3:
        return PartDraft(side_a, ParticipantRole.PERPETRATOR), PartDraft(side_b, ParticipantRole.VICTIM)
    other_role = ParticipantRole.OPPONENT if side_a.key == side_b.key else ParticipantRole.TAKING_PART
    return PartDraft(side_a, side=Side.FIRST), PartDraft(side_b, other_role, Side.SECOND)


def _when(row: Row) -> tuple[str, Days]:
    start, end = cell_parsers.day(row, "date_start"), cell_parsers.day(row, "date_end")
    if end < start:
        raise CellRefused("date_end", _("%(end)s is before date_start, %(start)s.") % {"end": end, "start": start})
    precision = cell_parsers.code(row, "date_prec", DATE_PRECISION)
    written = start.isoformat() if start == end else f"{start} to {end}"
    return f"{written} ({DATE_PRECISION[precision]})", _days(precision, start, end)


def _days(precision: int, start: date, end: date) -> Days:
    """EDTF exactly as precise as the row: a day that stands for a month becomes the month, a run of days stays one."""
    match precision:
        case 2 if start == end:
            return drafts.about(start)
        case 3 if start == end:
            return drafts.week_of(start)
        case 4 if start == end or (start.day == 1 and (end + drafts.ONE_DAY).day == 1):
            return drafts.months(start, end)
        case 5 if start == end or drafts.year_of(start) == drafts.year_of(end) == months_as_year(start, end):
            return drafts.year_of(start)
    return drafts.days(start, end)


def months_as_year(start: date, end: date) -> Days | None:
    """The year, if the two days are its first and last."""
    whole = (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31)
    return drafts.year_of(start) if whole else None


def _place(row: Row) -> tuple[PlaceDraft, PlacePrecision]:
    """The most precise place that the row supports, in the tree of country, first and second order divisions."""
    precision, country = cell_parsers.code(row, "where_prec", PLACE_PRECISION), cell_parsers.required(row, "country")
    adm_1, adm_2, name = (cell_parsers.text(row, column) for column in ("adm_1", "adm_2", "where_coordinates"))
    point = cell_parsers.point(row)
    if precision == 4 and not adm_1:
        adm_1 = name
    if precision == 3 and not adm_2:
        adm_2 = name
    nation = drafts.country(country)
    first = drafts.division("ucdp", nation, adm_1, LocationKind.REGION) if adm_1 else nation
    second = drafts.division("ucdp", first, adm_2, LocationKind.CERCLE) if adm_2 else first
    named = {3: second, 4: first, 6: nation}.get(precision)
    is_within = name and kind_of_place(name) is None and strip_kind(name) != strip_kind(named.name if named else "")
    if named is not None and (precision == 6 or not is_within):  # a township of the district has a place of its own
        ours = OURS[precision]
        return msgspec.structs.replace(named, point=point, precision=ours if point else None), ours
    name = name or second.name
    is_outside = precision == OUTSIDE
    kind = LocationKind.WATERS if is_outside else kind_of_place(name) or LocationKind.AREA
    exactness = OURS.get(precision) or (PlacePrecision.SETTLEMENT if kind in SETTLEMENTS else PlacePrecision.EXACT)
    settled = PlacePrecision.SETTLEMENT if kind in SETTLEMENTS else exactness
    distinction = drafts.digest(country, name, *(point or (adm_1, adm_2)), *((OUTSIDE,) if is_outside else ()))
    place = PlaceDraft(
        drafts.key("ucdp", "place", drafts.slug(name), distinction),
        drafts.clipped(name, 200),
        kind,
        nation.country,
        named or second,
        point,
        settled,
    )
    return place, exactness


def _claims(row: Row, side_a: ActorDraft, side_b: ActorDraft) -> tuple[ClaimDraft, ...]:
    """One claim of all killed, from low to high estimate, with breakdowns where the row gives them."""
    low, best, high = (cell_parsers.figure(row, column) for column in ("low", "best", "high"))
    least, most = min(low, best, high), max(low, best, high)
    claims = [
        ClaimDraft(
            TOTAL,
            f"UCDP counts {best} killed"
            + (f" as its best estimate, {low} as its low one and {high} as its high one." if least < most else "."),
            f"low: {low}, best: {best}, high: {high}",
            least,
            most,
            Qualifier.EXACT if least == most else Qualifier.ESTIMATE,
            best=best if least < most else None,
            cites_reports=True,
        )
    ]
    subjects: dict[str, tuple[ActorDraft | str, str]] = {
        "deaths_a": (side_a, side_a.name),
        "deaths_b": (side_b, side_b.name),
        "deaths_civilians": (CIVILIANS, CIVILIANS),
        "deaths_unknown": (OF_UNKNOWN_STATUS, OF_UNKNOWN_STATUS),
    }
    for column, (subject, name) in subjects.items():
        count = cell_parsers.figure(row, column)
        if count:  # the codebook uses 0 for missing values
            claims.append(_losses(column, count, min(count, least), subject, name))
    return tuple(claims)


def _losses(column: str, count: int, least: int, subject: ActorDraft | str, name: str) -> ClaimDraft:
    """Claim for a part of the best estimate. Its lower bound is the low estimate if that is less than the part."""
    return ClaimDraft(
        column.replace("_", "-"),
        f"UCDP's best estimate, {name}: {count} killed.",
        f"{column}: {count}",
        least,
        count,
        Qualifier.EXACT if least == count else Qualifier.ESTIMATE,
        best=count if least < count else None,
        subject=subject,
        part_of=TOTAL,
    )


def _summary(row: Row, violence: int) -> str:
    sentences = [f"Recorded by UCDP as {VIOLENCE[violence]}"]
    if conflict := cell_parsers.text(row, "conflict_name"):
        sentences[0] += f" ({conflict})"
    if place := cell_parsers.text(row, "where_description"):
        sentences.append(f"Place as described: {place}")
    if origin := cell_parsers.text(row, "source_original"):
        sentences.append(f"Original source: {origin}")
    if cell_parsers.code(row, "event_clarity", CLARITY) == 2:
        sentences.append("Not told clearly enough to be separated from other events")
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


def _reports(listed: str) -> tuple[SourceDraft, ...]:
    """The reports cited: `"outlet,day,headline";"…"`, or, in old rows, one free text."""
    if not listed:
        return ()
    found = [match["report"] for match in REPORT.finditer(listed)] if listed.startswith('"') else [listed]
    reports = {
        report.key: report for text in found if text.strip() for report in [_report(text.replace('""', '"').strip())]
    }
    return tuple(reports.values())


def _report(text: str) -> SourceDraft:
    if match := OUTLET_DAY_HEADLINE.fullmatch(text):
        outlet, day, headline = (match[part].strip() for part in ("outlet", "day", "headline"))
        try:
            date.fromisoformat(day)
        except ValueError:
            day = ""
        if outlet and headline and day:
            return SourceDraft(
                drafts.key("report", drafts.slug(outlet, 40), day, drafts.digest(outlet, day, headline)),
                SourceKind.NEWS,
                drafts.clipped(headline, 500),
                drafts.outlet(outlet),
                day,
                note=headline if len(headline) > 500 else "",
            )
    note = text if len(text) > 500 else "Named like this by UCDP; the report itself is not identified."
    return SourceDraft(
        drafts.key("report", drafts.digest(text)),
        SourceKind.NEWS,
        drafts.clipped(text, 500),
        is_resolved=False,
        note=note,
    )


def _release(release: str) -> SourceDraft:
    number = f", version {release}" if release else ""
    return SourceDraft(
        drafts.key("ucdp-ged", drafts.slug(release) if release else "release"),
        SourceKind.DATASET,
        f"UCDP Georeferenced Event Dataset (GED) Global{number}",
        COMPILER,
        note="Licence: CC BY 4.0.",
    )


READ = (
    *("id", "type_of_violence", "conflict_name", "dyad_name", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
    *("source_article", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2"),
    *("latitude", "longitude", "country", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"),
)
PASSED_OVER = (
    *("relid", "year", "active_year", "code_status", "conflict_dset_id", "conflict_new_id", "dyad_dset_id"),
    *("dyad_new_id", "side_a_dset_id", "side_b_dset_id", "number_of_sources", "source_office", "source_date"),
    *("source_headline", "geom_wkt", "priogrid_gid", "country_id", "region", "gwnoa", "gwnob", "iso3"),
)
# The order of releases since 2020; candidate release 24.0.1 came without the line that says so.
USUAL_HEADER = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)

MONTH = "(?:0[1-9]|1[0-2])"
# As in ged251, GEDEvent_v25_1, and for candidates GEDEvent_v25_0_12 and GEDEvent_v25_01_25_03.
RELEASE = re.compile(
    rf"ged(?:event)?[-_ ]?v?(?:(\d{{2}})[-_.]({MONTH})[-_.](\d{{2}})[-_.]({MONTH})|(\d{{2}})[-_.](0)[-_.]({MONTH}|[1-9])|(\d{{2}})[-_.]?(1))"
    r"(?!\d)(?![-_.]\d{1,2}(?!\d))"
)


def order_of(release: str) -> tuple[int, ...]:
    """Last month that a release covers, and 1 if it is final; empty if it has no known form.

    25.1 is the final one of all events up to 2024; 25.0.12, of December 2025, and 25.01.25.03 are candidates. So 25.0.1
    comes after 25.1, and 26.1 after all candidates of 2025.
    """
    match numbers_of(release):
        case (year, 0, month) | (_, _, year, month):
            return year, month, 0
        case (year, number):
            return year - 1, 12, number
    return ()


UCDP_GED = Dataset(
    name="ucdp-ged",
    title="UCDP GED",
    scheme="ucdp",
    key_prefix="ucdp-ged",
    id_column="id",
    country_column="country",
    date_column="date_start",
    read=READ,
    optional=frozenset({"where_description", "conflict_name"}),
    passed_over=frozenset(PASSED_OVER),
    compiler=COMPILER,
    draft=draft,
    source_of_release=_release,
    release_in_name=RELEASE,
    order_of=order_of,
    lists=frozenset({"source_article"}),
    usual_header=USUAL_HEADER,
    licence=Licence.CC_BY,
    terms=gettext_noop("CC BY 4.0, as UCDP publishes it: https://ucdp.uu.se/downloads/"),
)
