"""Controlled vocabulary of the chronology: kinds of actors, events, claims, notices and so on.

Values are stored forever; labels may be reworded and translated. A new kind takes one line here, plus its family if it
has one, and a migration.
"""

from functools import cache

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from conflict.message import gettext, of_lazy


class EntryKind(TextChoices):
    """The aggregates that are edited, reviewed and published as one."""

    ACTOR = "actor", _("actor")
    LOCATION = "location", _("location")
    SOURCE = "source", _("source")
    PERIOD = "period", _("period")
    EVENT = "event", _("event")
    NOTICE = "notice", _("notice")


LONGEST_KEY = 120
KINDS = {**dict(EntryKind.choices), "claim": _("claim")}


def kind_label(kind: str) -> str:
    """Name of a kind of entry, or of a claim, in the reader's language."""
    return gettext(_english(kind))


@cache
def _english(kind: str) -> str:
    return str(of_lazy(KINDS[kind]).parts["text"])


class ActorKind(TextChoices):
    STATE = "state", _("state")
    GOVERNMENT = "government", _("government or state body")
    ARMED_FORCE = "armed_force", _("armed force or unit")
    OPERATION = "operation", _("military operation")
    ARMED_GROUP = "armed_group", _("armed group")
    MILITIA = "militia", _("militia")
    COMMUNAL_MILITIA = "communal_militia", _("militia of a community")
    COALITION = "coalition", _("coalition of armed groups")
    UNNAMED_FORCE = "unnamed_force", _("armed actor without a name")
    PRIVATE_MILITARY = "private_military", _("private military company")
    POLITICAL_MOVEMENT = "political_movement", _("political movement")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organisation")
    PEACE_OPERATION = "peace_operation", _("peace operation")
    NGO = "ngo", _("non-governmental organisation")
    MEDIA = "media", _("media outlet")
    REFERENCE_WORK = "reference_work", _("reference work")
    ACADEMIC = "academic", _("academic institution")
    COMPANY = "company", _("company")
    PERSON = "person", _("person")
    POPULATION = "population", _("people or community")
    CIVILIANS = "civilians", _("group of civilians")
    CULTURAL = "cultural", _("cultural or sports group")
    UNSPECIFIED = "unspecified", _("unspecified")


class NameKind(TextChoices):
    SPELLING = "spelling", _("spelling")
    ACRONYM = "acronym", _("acronym")
    ALIAS = "alias", _("other name")
    FORMER = "former", _("former name")
    DESCRIPTION = "description", _("description used for it")


class Pronoun(TextChoices):
    """Pronoun by which sentences speak of a person."""

    HE = "he", _("he")
    SHE = "she", _("she")


class AffiliationKind(TextChoices):
    """Relation between two actors; read as `actor KIND other`."""

    PART_OF = "part_of", _("part of")
    MEMBER_OF = "member_of", _("member of")
    LEADER_OF = "leader_of", _("leader of")
    SPOKESPERSON_OF = "spokesperson_of", _("speaks for")
    OFFICE_HOLDER_OF = "office_holder_of", _("holds office in")
    SPLINTER_OF = "splinter_of", _("splinter of")
    SUCCESSOR_OF = "successor_of", _("successor of")
    RENAMED_TO = "renamed_to", _("renamed to")
    MERGED_INTO = "merged_into", _("merged into")
    ALSO_KNOWN_AS = "also_known_as", _("also appears as")
    OVERLAPS = "overlaps", _("overlaps with")
    ALLIED_WITH = "allied_with", _("allied with")
    OPPOSED_TO = "opposed_to", _("opposed to")
    GOVERNS = "governs", _("governs")
    MEDIATES_FOR = "mediates_for", _("mediates for")


class Standing(TextChoices):
    """Certainty of a statement about a party."""

    KNOWN = "known", _("known")
    REPORTED = "reported", _("reported")
    CLAIMED = "claimed", _("claimed")
    SUSPECTED = "suspected", _("suspected")
    DENIED = "denied", _("denied")


divisions: dict[str, object] = {}  # names of administrative divisions by level, as the chronology's file has them


def _division(level: str, otherwise: object) -> str:
    return lazy(lambda: str(divisions.get(level) or otherwise), str)()


class LocationKind(TextChoices):
    COUNTRY = "country", _("country")
    REGION = "region", _division("first", _("region"))
    CERCLE = "cercle", _division("second", _("district"))
    COMMUNE = "commune", _division("third", _("commune"))
    AREA = "area", _("area without fixed borders")
    BORDER = "border", _("border")
    CITY = "city", _("city")
    TOWN = "town", _("town")
    VILLAGE = "village", _("village")
    BASE = "base", _("military base")
    AIRPORT = "airport", _("airport")
    BUILDING = "building", _("building")
    INFRASTRUCTURE = "infrastructure", _("infrastructure")
    INDUSTRIAL_SITE = "industrial_site", _("industrial site")
    MINE = "mine", _("mine")
    HERITAGE_SITE = "heritage_site", _("heritage site")
    MOUNTAINS = "mountains", _("mountains")
    RIVER = "river", _("river")
    WATERS = "waters", _("international waters or airspace")


SETTLEMENTS = frozenset({LocationKind.CITY, LocationKind.TOWN, LocationKind.VILLAGE})


class PlacePrecision(TextChoices):
    """Distance of a point from the real place; comparable to UCDP's where_prec 1 to 7."""

    EXACT = "exact", _("exact site")
    SETTLEMENT = "settlement", _("town known, exact site not")
    NEAR = "near", _("near, or a limited area")
    DISTRICT = "district", _("second-order division")
    REGION = "region", _("first-order division")
    LINE = "line", _("line or wide area")
    COUNTRY = "country", _("country")


# Precisions with which a point says where something happened, so that what is near it means something.
POINTED = frozenset({PlacePrecision.EXACT, PlacePrecision.SETTLEMENT, PlacePrecision.NEAR})


class SourceKind(TextChoices):
    UNRESOLVED = "unresolved", _("citation number not yet resolved")
    NEWS = "news", _("news report")
    CHAPTER = "chapter", _("book chapter")
    BOOK = "book", _("book")
    ARTICLE = "article", _("article")
    REPORT = "report", _("report")
    DATASET = "dataset", _("data set")
    REFERENCE = "reference", _("encyclopaedia article")
    STATEMENT = "statement", _("statement or press release")
    DOCUMENT = "document", _("official document")
    IMAGE = "image", _("image or video")
    WEBSITE = "website", _("web page")


class SourceAccess(TextChoices):
    """Visibility of a source; a restricted one is in no document at all."""

    PUBLIC = "public", _("public")
    NAMED_ONLY = "named_only", _("named, its address and text withheld")
    RESTRICTED = "restricted", _("restricted, never shown")


UNPUBLISHED_ACCESS = frozenset({SourceAccess.RESTRICTED.value})  # no document names such a source


class CitationBasis(TextChoices):
    """Link between a citation number and the sentence that it supports."""

    DIRECT = "direct", _("stands behind the sentence")
    FOLLOWING = "following", _("next number in the same paragraph")
    PRECEDING = "preceding", _("previous number in the same paragraph")


class EventKind(TextChoices):
    BATTLE = "battle", _("battle or clash")
    ATTACK = "attack", _("attack or ambush")
    AIR_STRIKE = "air_strike", _("air strike")
    BOMBING = "bombing", _("suicide or vehicle bombing")
    EXPLOSION = "explosion", _("mine or improvised bomb")
    SHELLING = "shelling", _("shelling or rocket fire")
    GRENADE = "grenade", _("grenade attack")
    CHEMICAL_ATTACK = "chemical_attack", _("chemical attack")
    SHOOTDOWN = "shootdown", _("aircraft shot down")
    MILITARY_OPERATION = "military_operation", _("military operation or advance")
    TERRITORIAL_CHANGE = "territorial_change", _("place changes hands")
    TERRITORY_REGAINED = "territory_regained", _("government forces retake a place")
    TERRITORY_CEDED = "territory_ceded", _("place handed over without fighting")
    TERRITORIAL_STATUS = "territorial_status", _("who holds a place")
    BLOCKADE = "blockade", _("siege or blockade")
    ESCALATION = "escalation", _("outbreak or escalation")
    DEPLOYMENT = "deployment", _("deployment, support or training of forces")
    SUPPLY = "supply", _("supply of arms or goods")
    WITHDRAWAL = "withdrawal", _("withdrawal of forces")
    EQUIPMENT_CAPTURED = "equipment_captured", _("capture of equipment")
    COMMAND_CHANGE = "command_change", _("change of command")
    KILLING = "killing", _("killing of a named person")
    EXECUTION = "execution", _("execution")
    HOSTAGE_TAKING = "hostage_taking", _("hostage-taking")
    RELEASE = "release", _("release or rescue of captives")
    CAPTURE = "capture", _("capture or arrest")
    HUMAN_RIGHTS_ABUSE = "human_rights_abuse", _("abuse of civilians")
    SEXUAL_VIOLENCE = "sexual_violence", _("sexual violence")
    MOB_VIOLENCE = "mob_violence", _("mob violence")
    DISPLACEMENT = "displacement", _("displacement")
    LOOTING = "looting", _("looting")
    HERITAGE_DESTRUCTION = "heritage_destruction", _("destruction of heritage")
    ACCIDENT = "accident", _("accident")
    COUP = "coup", _("coup or mutiny")
    PROTEST = "protest", _("protest")
    PROTEST_STOPPED = "protest_stopped", _("protest broken up")
    PROTEST_FORCE = "protest_force", _("force used against protesters")
    RIOT = "riot", _("riot or violent demonstration")
    ELECTION = "election", _("election")
    GOVERNANCE = "governance", _("government and rule")
    DECLARATION = "declaration", _("declaration of war or independence")
    STATEMENT = "statement", _("statement, accusation or denial")
    NEGOTIATION = "negotiation", _("talks between parties")
    DIPLOMACY = "diplomacy", _("diplomatic step or visit")
    AGREEMENT = "agreement", _("agreement or ceasefire")
    AGREEMENT_ENDED = "agreement_ended", _("end of an agreement or ceasefire")
    RESOLUTION = "resolution", _("resolution or mandate")
    SANCTION = "sanction", _("sanction or suspension of aid")
    GROUP_CHANGE = "group_change", _("formation, split or defection")
    LEGAL = "legal", _("legal proceedings")
    REPORT = "report", _("report on the conflict")
    OTHER_DEVELOPMENT = "other_development", _("other development")
    CULTURE = "culture", _("culture and sport")


class EventFamily(TextChoices):
    FIGHTING = "fighting", _("Fighting")
    FORCES = "forces", _("Forces and control")
    PEOPLE = "people", _("Harm to people")
    POLITICS = "politics", _("Politics")
    SOCIETY = "society", _("Society")


_K, _F = EventKind, EventFamily
EVENT_FAMILIES: dict[EventKind, EventFamily] = {
    **dict.fromkeys(
        (
            _K.BATTLE,
            _K.ATTACK,
            _K.AIR_STRIKE,
            _K.BOMBING,
            _K.EXPLOSION,
            _K.SHELLING,
            _K.GRENADE,
            _K.CHEMICAL_ATTACK,
            _K.SHOOTDOWN,
            _K.MILITARY_OPERATION,
            _K.ESCALATION,
        ),
        _F.FIGHTING,
    ),
    **dict.fromkeys(
        (
            _K.TERRITORIAL_CHANGE,
            _K.TERRITORY_REGAINED,
            _K.TERRITORY_CEDED,
            _K.TERRITORIAL_STATUS,
            _K.BLOCKADE,
            _K.DEPLOYMENT,
            _K.SUPPLY,
            _K.WITHDRAWAL,
            _K.EQUIPMENT_CAPTURED,
            _K.COMMAND_CHANGE,
        ),
        _F.FORCES,
    ),
    **dict.fromkeys(
        (
            _K.KILLING,
            _K.EXECUTION,
            _K.HOSTAGE_TAKING,
            _K.RELEASE,
            _K.CAPTURE,
            _K.HUMAN_RIGHTS_ABUSE,
            _K.SEXUAL_VIOLENCE,
            _K.MOB_VIOLENCE,
            _K.DISPLACEMENT,
            _K.LOOTING,
            _K.ACCIDENT,
        ),
        _F.PEOPLE,
    ),
    **dict.fromkeys(
        (
            _K.COUP,
            _K.ELECTION,
            _K.GOVERNANCE,
            _K.DECLARATION,
            _K.STATEMENT,
            _K.NEGOTIATION,
            _K.DIPLOMACY,
            _K.AGREEMENT,
            _K.AGREEMENT_ENDED,
            _K.RESOLUTION,
            _K.SANCTION,
            _K.GROUP_CHANGE,
            _K.LEGAL,
        ),
        _F.POLITICS,
    ),
    **dict.fromkeys(
        (
            _K.PROTEST,
            _K.PROTEST_STOPPED,
            _K.PROTEST_FORCE,
            _K.RIOT,
            _K.REPORT,
            _K.OTHER_DEVELOPMENT,
            _K.CULTURE,
            _K.HERITAGE_DESTRUCTION,
        ),
        _F.SOCIETY,
    ),
}


class EventStanding(TextChoices):
    """Presentation of the occurrence by the sources; says nothing about its truth."""

    STATED = "stated", _("stated as fact")
    REPORTED = "reported", _("reported")
    ANNOUNCED = "announced", _("announced")
    CLAIMED = "claimed", _("claimed by one side")
    ALLEGED = "alleged", _("alleged")
    CONTESTED = "contested", _("contested")


class DateBasis(TextChoices):
    STATED = "stated", _("stated")
    RELATIVE = "relative", _("relative to another date")
    COMPUTED = "computed", _("computed")
    CONTEXT = "context", _("placed by context")


class YearBasis(TextChoices):
    EXPLICIT = "explicit", _("given with the date")
    CARRIED = "carried", _("taken from context")
    SECTION = "section", _("from the heading above")
    INFERRED = "inferred", _("inferred")
    AMBIGUOUS = "ambiguous", _("ambiguous")
    UNDATED = "undated", _("undated")


class EventRelationKind(TextChoices):
    PART_OF = "part_of", _("part of")
    POSSIBLY_SAME_AS = "possibly_same_as", _("possibly the same as")


class ParticipantRole(TextChoices):
    ATTACKER = "attacker", _("attacker")
    DEFENDER = "defender", _("defender")
    TARGET = "target", _("target")
    VICTIM = "victim", _("victim")
    PERPETRATOR = "perpetrator", _("perpetrator")
    BLAMED = "blamed", _("blamed or accused")
    ACTING = "acting", _("acting")
    TAKING_PART = "taking_part", _("taking part")
    ASSOCIATED = "associated", _("named with another actor")
    SUPPORTER = "supporter", _("supporter or supplier")
    SUPPORTED = "supported", _("supported or benefiting")
    OPPONENT = "opponent", _("opponent")
    HOLDER = "holder", _("holder of the place")
    LOSER = "loser", _("loses the place or the contest")
    WINNER = "winner", _("winner")
    AUTHOR = "author", _("author of the statement or act")
    ADDRESSEE = "addressee", _("addressee")
    PARTY = "party", _("party to talks or an agreement")
    MEDIATOR = "mediator", _("mediator")
    HOST = "host", _("host")
    ORIGIN = "origin", _("origin")
    SUBJECT = "subject", _("subject of it")
    DISPLACED = "displaced", _("displaced")
    LEADER = "leader", _("commander, organiser or sponsor")
    PARENT = "parent", _("parent body or former group")
    STARTED = "started", _("begins with it")
    ENDED = "ended", _("ends with it")
    REPORTER = "reporter", _("reports or comments on it")
    CONTEXT = "context", _("named as context, took no part")


class Side(TextChoices):
    """Side of the action on which an actor stood in this event; the order has no meaning."""

    ATTACKING = "attacking", _("attacking side")
    DEFENDING = "defending", _("defending side")
    FIRST = "first", _("side named first")
    SECOND = "second", _("side named second")


class ClaimKind(TextChoices):
    FIGURE = "figure", _("figure")
    CONTROL = "control", _("control of a place")
    RESPONSIBILITY = "responsibility", _("responsibility")
    OCCURRENCE = "occurrence", _("occurrence")
    CONFIRMATION = "confirmation", _("confirmation")
    DENIAL = "denial", _("denial")
    NO_COMMENT = "no_comment", _("neither confirmed nor denied, or no response")
    NO_CLAIM = "no_claim", _("nobody claims responsibility")
    VERIFICATION = "verification", _("statement on whether it could be verified")
    EXPLANATION = "explanation", _("explanation or characterisation")
    INTENTION = "intention", _("intention or demand")
    PREDICTION = "prediction", _("prediction")
    SUPERLATIVE = "superlative", _("ranking")
    METHOD = "method", _("how it was found out")
    DATE = "date", _("when it happened")
    PLACE = "place", _("where it happened")
    PARTICIPANT = "participant", _("who took part")


class Measure(TextChoices):
    """Quantity counted by a figure."""

    KILLED = "killed", _("killed")
    BODIES = "bodies", _("bodies seen")
    WOUNDED = "wounded", _("wounded")
    INJURED = "injured", _("injured in an accident")
    CAPTURED = "captured", _("captured or held")
    FREED = "freed", _("freed")
    DISPLACED = "displaced", _("displaced")
    STRENGTH = "strength", _("strength of a force")
    AIRCRAFT_LOST = "aircraft_lost", _("aircraft lost")
    VEHICLES_LOST = "vehicles_lost", _("vehicles lost")
    FACILITIES_LOST = "facilities_lost", _("facilities destroyed")
    TARGETS_HIT = "targets_hit", _("targets hit")
    STRIKES = "strikes", _("strikes")
    EQUIPMENT = "equipment", _("equipment or support provided")
    GOODS_LOOTED = "goods_looted", _("goods looted")
    DISTANCE = "distance", _("distance")
    DURATION = "duration", _("duration or deadline")
    COUNT = "count", _("other count, named by its unit")


# Bodies seen are not the killed of one side, and people injured in an accident are not wounded in battle: each is a
# measure of its own.
PERSONS = frozenset(
    {
        Measure.KILLED,
        Measure.BODIES,
        Measure.WOUNDED,
        Measure.INJURED,
        Measure.CAPTURED,
        Measure.FREED,
        Measure.DISPLACED,
    }
)


class ClaimScope(TextChoices):
    """Scope of a figure: the event itself, a part of it, or more than it."""

    EVENT = "event", _("this event")
    PART = "part", _("a part of this event, such as one day of it")
    EPISODE = "episode", _("the whole episode that this event is part of")
    PERIOD = "period", _("a longer period, this event included")


class Qualifier(TextChoices):
    """Wording of a figure. Those in WORDS stand for a number that the source does not give."""

    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    UP_TO = "up_to", _("up to")
    ESTIMATE = "estimate", _("estimated, from low to high")
    SEVERAL = "several", _("several")
    DOZENS = "dozens", _("dozens")
    HUNDREDS = "hundreds", _("hundreds")
    MANY = "many", _("many")
    ALL = "all", _("all")
    UNKNOWN = "unknown", _("said to be unknown")


QUALIFIERS_IN_WORDS = (
    Qualifier.SEVERAL,
    Qualifier.DOZENS,
    Qualifier.HUNDREDS,
    Qualifier.MANY,
    Qualifier.ALL,
    Qualifier.UNKNOWN,
)


class Stance(TextChoices):
    ASSERTS = "asserts", _("asserts")
    CONFIRMS = "confirms", _("confirms")
    DENIES = "denies", _("denies")
    NEITHER = "neither", _("neither confirms nor denies")


class Rank(TextChoices):
    PREFERRED = "preferred", _("preferred")
    NORMAL = "normal", _("normal")
    DEPRECATED = "deprecated", _("deprecated")


class PartyRole(TextChoices):
    """Role of a party in a claim."""

    CLAIMANT = "claimant", _("claimant")
    RELAY = "relay", _("relayed by")
    SUBJECT = "subject", _("subject")
    HOLDER = "holder", _("holder")


class ClaimRelationKind(TextChoices):
    """Read as `this claim KIND that claim`; the inverse is computed, never stored."""

    CONTRADICTS = "contradicts", _("contradicts")
    CONFIRMS = "confirms", _("confirms")
    DENIES = "denies", _("denies")
    DISPUTES = "disputes", _("disputes")
    REVISES = "revises", _("revises")
    SUPERSEDES = "supersedes", _("supersedes")
    QUALIFIES = "qualifies", _("qualifies")
    COMMENTS_ON = "comments_on", _("comments on")
    LEAVES_OPEN = "leaves_open", _("neither confirms nor denies")
    GIVES_NO_ANSWER_TO = "gives_no_answer_to", _("gives no answer to")
    CANNOT_VERIFY = "cannot_verify", _("says it could not be verified")
    PART_OF = "part_of", _("is part of")
    ALTERNATIVE_TO = "alternative_to", _("is an alternative to")
    SEE_ALSO = "see_also", _("see also")


# Relations that put in doubt what the other claim says
DISPUTING = frozenset({ClaimRelationKind.CONTRADICTS, ClaimRelationKind.DENIES, ClaimRelationKind.DISPUTES})


class FindingAspect(TextChoices):
    """Subject of a finding; occurrence and attribution are graded separately."""

    FIGURE = "figure", _("figure")
    OCCURRENCE = "occurrence", _("that it happened")
    ATTRIBUTION = "attribution", _("who did it")
    DATE = "date", _("when it happened")
    PLACE = "place", _("where it happened")
    PARTICIPANT = "participant", _("who took part")


class Reliability(TextChoices):
    """Reliability of an outlet; never said of a single article."""

    RELIABLE = "reliable", _("generally reliable")
    MIXED = "mixed", _("reliable in part")
    PARTISAN = "partisan", _("speaks for a party to the conflict")
    UNRELIABLE = "unreliable", _("generally unreliable")


class Grade(TextChoices):
    """Grade of a finding, modelled on those that Airwars publishes with its civilian harm assessments."""

    CONFIRMED = "confirmed", _("confirmed")
    FAIR = "fair", _("fair")
    WEAK = "weak", _("weak")
    CONTESTED = "contested", _("contested")
    DISCOUNTED = "discounted", _("discounted")


class FindingRule(TextChoices):
    SINGLE_CLAIM = "single_claim", _("single claim")
    RANGE_OF_CLAIMS = "range_of_claims", _("range of claims")
    INDEPENDENT_MAJORITY = "independent_majority", _("independent majority")
    MOST_AUTHORITATIVE = "most_authoritative", _("most authoritative source")
    EDITORS_JUDGEMENT = "editors_judgement", _("editor's judgement")
    UNDECIDED = "undecided", _("no figure decided")


class NoticeKind(TextChoices):
    NEEDS_UPDATE = "needs_update", _("needs update")
    MISSING_INFORMATION = "missing_information", _("missing information")
    CITATION_NEEDED = "citation_needed", _("citation needed")
    DISPUTED = "disputed", _("disputed")
    CONTRADICTION = "contradiction", _("accounts contradict each other")
    COVERAGE_GAP = "coverage_gap", _("gap in coverage")
    AMBIGUOUS_DATE = "ambiguous_date", _("ambiguous date")
    AMBIGUOUS_PLACE = "ambiguous_place", _("ambiguous place")
    UNEXPLAINED_TRANSITION = "unexplained_transition", _("unexplained change")
    DUPLICATE_RISK = "duplicate_risk", _("may be told twice")
    STALE_WORDING = "stale_wording", _("outdated wording")
    DATE_ORDER = "date_order", _("told out of order")
    NAMING_VARIANT = "naming_variant", _("naming varies")
    TEXT_DAMAGE = "text_damage", _("damaged text")
    UNRESOLVED_REFERENCE = "unresolved_reference", _("unresolved reference")
    POINTER = "pointer", _("pointer to another topic")


class NoticeOrigin(TextChoices):
    SOURCE_TEXT = "source_text", _("flagged in a source")
    READING = "reading", _("spotted by our editors")
    DESK = "desk", _("raised by the desk")
    READER = "reader", _("raised by a reader or partner")


class Audience(TextChoices):
    """Audience of a notice: readers if they could be misled, editors if only form is affected."""

    PUBLIC = "public", _("readers")
    DESK = "desk", _("editors only")


class HeadingOrigin(TextChoices):
    SOURCE_TEXT = "source_text", _("heading of a source")
    RECOVERED = "recovered", _("recovered from an older copy")
    EDITOR = "editor", _("added by the desk")


class ChangeKind(TextChoices):
    """Reason for a publication."""

    BASELINE = "baseline", _("initial load")
    NEW = "new", _("new entry")
    CORRECTION = "correction", _("correction")
    NEW_EVIDENCE = "new_evidence", _("new evidence")
    VOCABULARY = "vocabulary", _("vocabulary")
    GEOCODING = "geocoding", _("geocoding")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    MERGE = "merge", _("merge")
    REDACTION = "redaction", _("legal redaction")
    REVIEWED = "reviewed", _("reviewed without change")
    DISPUTE = "dispute", _("dispute opened")


class ReviewState(TextChoices):
    """Review of an entry's public version by a second person."""

    NOT_YET = "not_yet_reviewed", _("not yet reviewed")
    REVIEWED = "reviewed", _("reviewed by a second person")
    EMERGENCY = "emergency", _("published in an emergency and not yet reviewed")
