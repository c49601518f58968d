"""ACLED: one row is one event with one figure of its compiler and the names of the outlets that reported it."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from conflict.message import gettext as _
from conflict.message import gettext_noop
from conflict.vocabulary import ActorKind, EventKind, LocationKind, ParticipantRole, PlacePrecision, Side, SourceKind
from editorial.import_export import cell_parsers, drafts
from editorial.import_export.cell_parsers import Row
from editorial.import_export.dataset import Dataset
from editorial.import_export.drafts import ActorDraft, ClaimDraft, Days, EventDraft, PartDraft, PlaceDraft, SourceDraft
from editorial.import_export.exceptions import CellRefused
from editorial.import_export.names import kind_of_actor, kind_of_place
from editorial.models import Licence

COMPILER = ActorDraft("acled", "Armed Conflict Location & Event Data (ACLED)", ActorKind.ACADEMIC)
IDENTITY = re.compile(r"[A-Z]{3}\d{1,12}")
TIME_PRECISION = {1: "exact day", 2: "week", 3: "month"}
GEO_PRECISION = {1: "town", 2: "near or part of a region", 3: "larger region"}
DIVISIONS = (LocationKind.REGION, LocationKind.CERCLE, LocationKind.COMMUNE)
OURS = {1: PlacePrecision.SETTLEMENT, 2: PlacePrecision.NEAR, 3: PlacePrecision.REGION}
K, ROLE = EventKind, ParticipantRole
KINDS: dict[str, dict[str, EventKind]] = {
    "Battles": {
        "Armed clash": K.BATTLE,
        "Government regains territory": K.TERRITORY_REGAINED,
        "Non-state actor overtakes territory": K.TERRITORIAL_CHANGE,
    },
    "Explosions/Remote violence": {
        "Chemical weapon": K.CHEMICAL_ATTACK,
        "Air/drone strike": K.AIR_STRIKE,
        "Suicide bomb": K.BOMBING,
        "Shelling/artillery/missile attack": K.SHELLING,
        "Remote explosive/landmine/IED": K.EXPLOSION,
        "Grenade": K.GRENADE,
    },
    "Protests": {
        "Peaceful protest": K.PROTEST,
        "Protest with intervention": K.PROTEST_STOPPED,
        "Excessive force against protesters": K.PROTEST_FORCE,
    },
    "Riots": {"Violent demonstration": K.RIOT, "Mob violence": K.MOB_VIOLENCE},
    "Strategic developments": {
        "Agreement": K.AGREEMENT,
        "Arrests": K.CAPTURE,
        "Change to group/activity": K.GROUP_CHANGE,
        "Disrupted weapons use": K.EQUIPMENT_CAPTURED,
        "Headquarters or base established": K.DEPLOYMENT,
        "Looting/property destruction": K.LOOTING,
        "Non-violent transfer of territory": K.TERRITORY_CEDED,
        "Other": K.OTHER_DEVELOPMENT,
    },
    "Violence against civilians": {
        "Sexual violence": K.SEXUAL_VIOLENCE,
        "Attack": K.HUMAN_RIGHTS_ABUSE,
        "Abduction/forced disappearance": K.HOSTAGE_TAKING,
    },
}
AGAINST_CIVILIANS = "Violence against civilians"
INTER = {
    0: ("", ActorKind.ARMED_GROUP),
    1: ("State forces", ActorKind.ARMED_FORCE),
    2: ("Rebel group", ActorKind.ARMED_GROUP),
    3: ("Political militia", ActorKind.MILITIA),
    4: ("Identity militia", ActorKind.COMMUNAL_MILITIA),
    5: ("Rioters", ActorKind.CIVILIANS),
    6: ("Protesters", ActorKind.CIVILIANS),
    7: ("Civilians", ActorKind.CIVILIANS),
    8: ("External/Other forces", ActorKind.ARMED_FORCE),
}
FOREIGN = 8
INTER_NAMES = {
    **{name.casefold(): number for number, (name, _) in INTER.items()},
    "rebel forces": 2,
    "militia": 3,
    "communal militia": 4,
    "identity militias": 4,
    "political militias": 3,
    "rebel groups": 2,
    "other forces": 8,
    "external forces": 8,
}


def draft(row: Row) -> EventDraft:
    """The row in the desk's terms. Raises CellRefused for values that the data set's codebook does not allow."""
    identity = cell_parsers.required(row, "event_id_cnty").upper()
    if not IDENTITY.fullmatch(identity):
        raise CellRefused(
            "event_id_cnty",
            _("“%(cell)s” is no id of an event: three letters and a number, as in MLI2943.") % {"cell": identity[:60]},
        )
    kind, type_name = _kind(row)
    parts = _parts(row)
    place, precision = _place(row)
    as_written, when = _when(row)
    sides = " – ".join(name for name in (cell_parsers.text(row, "actor1"), cell_parsers.text(row, "actor2")) if name)
    deaths = cell_parsers.figure(row, "fatalities")
    return EventDraft(
        external_id=identity,
        title=drafts.clipped(f"{type_name}, {place.name}{': ' if sides else ''}{sides}", 200),
        summary=cell_parsers.text(row, "notes"),
        kind=kind,
        days=when,
        as_written=as_written,
        place=place,
        place_precision=precision,
        parts=parts,
        claims=(
            ClaimDraft(
                "fatalities",
                f"ACLED counts {deaths} killed.",
                f"fatalities: {deaths}",
                deaths,
                deaths,
                cites_reports=True,
            ),
        ),
        sources=_outlets(cell_parsers.text(row, "source")),
        country=cell_parsers.text(row, "country"),
    )


def _kind(row: Row) -> tuple[EventKind, str]:
    kind, sub_kind = cell_parsers.required(row, "event_type"), cell_parsers.required(row, "sub_event_type")
    if kind not in KINDS:
        raise CellRefused(
            "event_type",
            _("“%(cell)s” is no known type: expected %(expected)s.")
            % {"cell": kind[:60], "expected": ", ".join(KINDS)},
        )
    if sub_kind not in KINDS[kind]:
        raise CellRefused(
            "sub_event_type",
            _("“%(cell)s” is no known kind of %(kind)s: expected %(expected)s.")
            % {"cell": sub_kind[:60], "kind": kind, "expected": ", ".join(KINDS[kind])},
        )
    return KINDS[kind][sub_kind], sub_kind if sub_kind != "Other" else kind


def _parts(row: Row) -> tuple[PartDraft, ...]:
    """Participants and their sides. Actor 1 and actor 2 imply no direction, except in violence against civilians."""
    is_directed = cell_parsers.text(row, "event_type") == AGAINST_CIVILIANS
    found: dict[tuple[str, ParticipantRole], PartDraft] = {}
    for number, side, role in (("1", Side.FIRST, ROLE.PERPETRATOR), ("2", Side.SECOND, ROLE.VICTIM)):
        inter = _inter(row, f"inter{number}")
        if name := cell_parsers.text(row, f"actor{number}"):
            _add(
                found, _actor(name, INTER[inter][1], inter == FOREIGN), role if is_directed else ROLE.TAKING_PART, side
            )
        for name in cell_parsers.text(row, f"assoc_actor_{number}").split(";"):
            if name.strip():
                _add(found, _actor(name.strip(), ActorKind.UNSPECIFIED), ROLE.ASSOCIATED, side)
    if not found:
        raise CellRefused("actor1", _("The cell is empty, and every event has an actor."))
    return tuple(found.values())


def _add(
    found: dict[tuple[str, ParticipantRole], PartDraft], actor: ActorDraft, role: ParticipantRole, side: Side
) -> None:
    """Parts of the actors. One that fights its own kind is an opponent; one associated with both has no side."""
    if (actor.key, role) in found and role == ROLE.TAKING_PART:
        role = ROLE.OPPONENT
    known = found.setdefault((actor.key, role), PartDraft(actor, role, side))
    if role == ROLE.ASSOCIATED and known.side != side:
        found[actor.key, role] = PartDraft(actor, role)


def _inter(row: Row, column: str) -> int:
    """The code of the actor's kind: a number in old files, words in new ones."""
    cell = cell_parsers.text(row, column).casefold()
    if cell in INTER_NAMES:
        return INTER_NAMES[cell]
    return cell_parsers.code(row, column, {number: name or "none" for number, (name, _) in INTER.items()})


@lru_cache(maxsize=5_000)
def _actor(name: str, kind: ActorKind, is_foreign: bool = False) -> ActorDraft:
    """Draft of an actor. Its kind comes from its code; for an associated actor, which has none, from its name."""
    kind_by_name = kind_of_actor(name)
    if kind_by_name and (
        kind == ActorKind.UNSPECIFIED or kind_by_name in (ActorKind.CIVILIANS, ActorKind.PEACE_OPERATION)
    ):
        kind = kind_by_name
    return ActorDraft(
        drafts.key("acled", "actor", drafts.slug(name), drafts.digest(name)),
        drafts.clipped(name, 200),
        kind,
        is_foreign,
    )


def _when(row: Row) -> tuple[str, Days]:
    on = cell_parsers.day(row, "event_date")
    precision = cell_parsers.code(row, "time_precision", TIME_PRECISION)
    return f"{cell_parsers.text(row, 'event_date')} ({TIME_PRECISION[precision]})", _days(precision, on)


def _days(precision: int, on: date) -> Days:
    match precision:
        case 1:
            return drafts.one_day(on)
        case 2:
            return drafts.week_of(on)
    return drafts.months(on, on)


def _place(row: Row) -> tuple[PlaceDraft, PlacePrecision]:
    """The place of the row in the tree of country and divisions."""
    precision = cell_parsers.code(row, "geo_precision", GEO_PRECISION)
    country, name = (cell_parsers.required(row, column) for column in ("country", "location"))
    divisions = [cell_parsers.text(row, f"admin{level}") for level in (1, 2, 3)]
    point = cell_parsers.point(row)
    above = drafts.country(country)
    for division, kind in zip(divisions, DIVISIONS, strict=True):
        if division:
            above = drafts.division("acled", above, division, kind)
    kind = LocationKind.AREA if precision == 3 else kind_of_place(name) or LocationKind.TOWN
    distinction = drafts.digest(country, name, precision == 3, *(point or divisions))
    settled = PlacePrecision.REGION if precision == 3 else PlacePrecision.SETTLEMENT
    place = PlaceDraft(
        drafts.key("acled", "place", drafts.slug(name), distinction),
        drafts.clipped(name, 200),
        kind,
        above.country,
        above,
        point,
        settled,
    )
    return place, OURS[precision]


def _outlets(listed: str) -> tuple[SourceDraft, ...]:
    """The outlets, one source each: ACLED names who reported, not which report."""
    found = {source.key: source for name in listed.split(";") if name.strip() for source in [_reports_of(name.strip())]}
    return tuple(found.values())


def _reports_of(name: str) -> SourceDraft:
    return SourceDraft(
        drafts.key("acled", "reports-of", drafts.slug(name), drafts.digest(name)),
        SourceKind.NEWS,
        drafts.clipped(f"Reports of {name}", 500),
        drafts.outlet(name),
        is_resolved=False,
        note="Named by ACLED as its source; the report itself is not identified.",
    )


def _release(release: str) -> SourceDraft:
    number = f", {release}" if release else ""
    return SourceDraft(
        drafts.key("acled", "release", drafts.slug(release)) if release else "acled-release",
        SourceKind.DATASET,
        f"ACLED event data{number}",
        COMPILER,
        note="Its terms forbid to republish its rows.",
    )


READ = (
    *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "assoc_actor_1"),
    *("inter1", "actor2", "assoc_actor_2", "inter2", "country", "admin1", "admin2", "admin3", "location"),
    *("latitude", "longitude", "geo_precision", "source", "notes", "fatalities"),
)
PASSED_OVER = (
    *("data_id", "iso", "event_id_no_cnty", "year", "interaction", "region", "source_scale", "timestamp", "iso3"),
    *("disorder_type", "civilian_targeting", "tags", "population_1km", "population_2km", "population_5km"),
    *("population_best",),
)

# The one day that a name gives; two are the time that the file covers, and versions ACLED does not have.
DAY = r"(?:19|20)\d{2}-\d{2}-\d{2}"
EXPORTED_ON = re.compile(rf"^(?!.*{DAY}.*{DAY}).*?(?<!\d)({DAY})(?!\d)")


def _before_2019(names: Collection[str]) -> str:
    """Reason for refusing a file of an old layout; empty if it is not one."""
    if not {*names} & {"gwno", "ally_actor_1"} and ("sub_event_type" in names or "event_type" not in names):
        return ""
    return _(
        "Layouts of ACLED before 2019 are not read: their types of events were others. Download the data anew from acleddata.com."
    )


ACLED = Dataset(
    name="acled",
    title="ACLED",
    scheme="acled",
    key_prefix="acled",
    id_column="event_id_cnty",
    country_column="country",
    date_column="event_date",
    read=READ,
    optional=frozenset(),
    passed_over=frozenset(PASSED_OVER),
    compiler=COMPILER,
    draft=draft,
    source_of_release=_release,
    release_in_name=EXPORTED_ON,
    lists=frozenset({"assoc_actor_1", "assoc_actor_2", "source"}),
    age_column="timestamp",
    licence=Licence.NO_REPUBLISHING,
    terms=gettext_noop(
        "ACLED's terms forbid to republish its data without written permission: https://acleddata.com/terms-of-use/"
    ),
    obsolete=_before_2019,
)
