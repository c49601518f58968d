"""Names in a previewed file: their matches or future entries, and the form to decide about them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict import message
from conflict.models import Event, Period
from editorial.admin.import_map import import_map
from editorial.import_export.choices import STANDS_FOR, Decision
from editorial.import_export.datasets import DATASETS
from editorial.models import ChoiceKind, ImportChoice, ImportLine, ImportRun, Licence, Verdict

NAMES_ON_A_PAGE = 100
FORGET = "forget"
ALL = "all"  # name of the button that decides the rest of a page
OFFERED: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    ChoiceKind.ACTOR: ((Verdict.MAP, gettext_lazy("stands for")), (Verdict.LEAVE_OUT, gettext_lazy("leave out"))),
    ChoiceKind.OUTLET: ((Verdict.MAP, gettext_lazy("stands for")), (Verdict.LEAVE_OUT, gettext_lazy("leave out"))),
    ChoiceKind.PLACE: ((Verdict.MAP, gettext_lazy("stands for")), (Verdict.LEAVE_OUT, gettext_lazy("leave out"))),
    ChoiceKind.EVENT: (
        (Verdict.ACCEPT, gettext_lazy("an event of its own")),
        (Verdict.MAP, gettext_lazy("the same: add its figures to")),
        (Verdict.LEAVE_OUT, gettext_lazy("leave the row out")),
    ),
    ChoiceKind.MOVE: (
        (Verdict.ACCEPT, gettext_lazy("move it, as the file says")),
        (Verdict.LEAVE_OUT, gettext_lazy("leave it as it is")),
    ),
    ChoiceKind.KEPT: (
        (Verdict.ACCEPT, gettext_lazy("take the file's")),
        (Verdict.LEAVE_OUT, gettext_lazy("keep the desk's")),
    ),
}
FOUND_BY = {
    "name": gettext_lazy("by name"),
    "acronym": gettext_lazy("by acronym"),
    "decision": gettext_lazy("by decision"),
    "successor": gettext_lazy("in place of the one withdrawn"),
}


def counted(run: ImportRun) -> list[tuple[str, str, int, int]]:
    """Kinds of names: value, label, number of names, and number of undecided ones."""
    found: dict[str, list[int]] = {}
    for kind, match, is_decided in run.mentions.order_by().values_list("kind", "match", "is_decided"):
        counts = found.setdefault(kind, [0, 0])
        counts[0] += 1
        counts[1] += not match and not is_decided
    return [(kind.value, str(kind.label), *found[kind.value]) for kind in ChoiceKind if kind.value in found]  # type: ignore[misc]


def filed(run: ImportRun) -> list[tuple[str, int]]:
    """Periods that new events would be filed under, with the number of events; “no period” comes last."""
    titles = dict(Period.objects.filter(key__in=run.filed).values_list("key", "title"))
    counted_titles = [(titles.get(key, key), count) for key, count in run.filed.items() if key]
    return [
        *sorted(counted_titles, key=lambda one: -one[1]),
        *([(_("no period"), run.filed[""])] if run.filed.get("") else []),
    ]


def licence_of(run: ImportRun) -> str:
    dataset = DATASETS.get(run.dataset)
    return f"{Licence(dataset.licence).label}. {_(dataset.terms)}" if dataset and dataset.licence else ""


def page_of(run: ImportRun, params: Mapping[str, str]) -> dict[str, Any]:
    """Template context for one kind of names; empty if no kind is requested."""
    kind = params.get("names", "")
    if kind not in OFFERED or run.table:
        return {}
    rows = run.mentions.filter(kind=kind)
    if params.get("which", "") == "open":
        rows = rows.filter(is_decided=False, match="")
    page = Paginator(rows.order_by("is_decided", "match", "-rows", "pk"), NAMES_ON_A_PAGE).get_page(params.get("page"))
    decided = {
        choice.name_key: choice
        for choice in ImportChoice.objects.filter(
            source=run.source, kind=kind, name_key__in=[mention.name_key for mention in page]
        )
    }
    matches = [mention.match for mention in page if mention.match]
    called = {}
    if model := STANDS_FOR.get(ChoiceKind(kind)):
        label = "title" if model is Event else "name"
        called = dict(run.mentions.filter(kind=kind, name_key__in=matches).values_list("name_key", "name"))
        called |= dict(model.objects.filter(key__in=matches).values_list("key", label))
    for row in page:
        mention: Any = row
        choice = decided.get(mention.name_key)
        mention.verdict, mention.target = (choice.verdict, choice.target) if choice else ("", "")
        mention.match_name = called.get(mention.match, mention.match)
        mention.match_how = FOUND_BY.get(mention.found_by, "")
        mention.similar = [(key, name, "".join(map(message.read, why))) for key, name, *why in mention.similar]
    return {
        "kind": kind,
        "kind_label": ChoiceKind(kind).label,
        "page": page,
        "offered": OFFERED[kind],
        "is_matchable": kind in STANDS_FOR,
        "counts": counted(run),
        "which": params.get("which", ""),
        "may_decide": run.stage == ImportRun.Stage.PREVIEWED,
        "map": import_map(run) if kind == ChoiceKind.PLACE else {},
    }


def address(run: ImportRun, kind: str) -> str:
    page = reverse("admin:editorial_importrun_change", args=[run.pk])
    return f"{page}?{urlencode({'names': kind})}" if kind in OFFERED else page


def decisions(run: ImportRun, given: QueryDict) -> Iterator[Decision]:
    """Decisions in a submitted form: names by the number of their mention, rows by their ids."""
    rest = given.get(ALL, "")
    numbers = [number for name in given if (number := name.removeprefix("verdict-")).isdecimal()]
    mentions = list(run.mentions.filter(pk__in=numbers))
    chosen = ImportChoice.objects.filter(source=run.source, name_key__in=[mention.name_key for mention in mentions])
    known = {(choice.kind, choice.name_key): (choice.verdict, choice.target) for choice in chosen}
    for mention in mentions:
        before = known.get((mention.kind, mention.name_key))
        verdict, target = given.get(f"verdict-{mention.pk}", ""), given.get(f"target-{mention.pk}", "").strip()
        if not verdict and before is None:
            verdict = Verdict.MAP if target else rest
        decided = (verdict, target if verdict == Verdict.MAP else "")
        if verdict and decided != before:
            verdict = "" if verdict == FORGET else verdict
            yield Decision(mention.kind, mention.name_key, verdict, target, mention.name)
    for external_id in given.getlist("row"):
        yield Decision(ChoiceKind.EVENT, external_id, Verdict.LEAVE_OUT, name=external_id)
    for external_id in given.getlist("take"):
        if run.lines.filter(external_id=external_id, outcome=ImportLine.Outcome.PASSED_OVER).exists():
            yield Decision(ChoiceKind.EVENT, external_id, "")
