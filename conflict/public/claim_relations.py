"""Relations between claims, in words: “denied by”, “revises”."""

from collections.abc import Mapping
from typing import Any

from conflict.vocabulary import ClaimRelationKind
from conflict.wording import headlines
from conflict.wording.messages import pgettext

Claim = Mapping[str, Any]

INVERSE = {
    ClaimRelationKind.CONTRADICTS: lambda: pgettext("claim", "contradicted by"),
    ClaimRelationKind.CONFIRMS: lambda: pgettext("claim", "confirmed by"),
    ClaimRelationKind.DENIES: lambda: pgettext("claim", "denied by"),
    ClaimRelationKind.DISPUTES: lambda: pgettext("claim", "disputed by"),
    ClaimRelationKind.REVISES: lambda: pgettext("claim", "revised by"),
    ClaimRelationKind.SUPERSEDES: lambda: pgettext("claim", "superseded by"),
    ClaimRelationKind.QUALIFIES: lambda: pgettext("claim", "qualified by"),
    ClaimRelationKind.COMMENTS_ON: lambda: pgettext("claim", "commented on by"),
    ClaimRelationKind.LEAVES_OPEN: lambda: pgettext("claim", "neither confirmed nor denied by"),
    ClaimRelationKind.GIVES_NO_ANSWER_TO: lambda: pgettext("claim", "left without an answer by"),
    ClaimRelationKind.CANNOT_VERIFY: lambda: pgettext("claim", "could not be verified:"),
    ClaimRelationKind.PART_OF: lambda: pgettext("claim", "includes"),
    ClaimRelationKind.ALTERNATIVE_TO: lambda: pgettext("claim", "is an alternative to"),
    ClaimRelationKind.SEE_ALSO: lambda: pgettext("claim", "see also"),
}
SYMMETRIC = {ClaimRelationKind.CONTRADICTS, ClaimRelationKind.ALTERNATIVE_TO, ClaimRelationKind.SEE_ALSO}
WEIGHTY = {
    ClaimRelationKind.CONTRADICTS,
    ClaimRelationKind.DENIES,
    ClaimRelationKind.DISPUTES,
    ClaimRelationKind.REVISES,
    ClaimRelationKind.SUPERSEDES,
    ClaimRelationKind.CONFIRMS,
}


def bearing(claim: Claim, here: Mapping[str, Claim]) -> list[dict[str, Any]]:
    """Relations between the claim and others, in words; each other claim is listed once per kind.

    `here` are the claims on the same page, by key: a link to one of them needs no journey. Of these, `by` says who could
    not verify the claim: a statement of that does not name its claimant.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for relation in claim["relations"]:
        kind = ClaimRelationKind(relation["kind"])
        found[kind, relation["claim"]["key"]] = {
            "words": str(kind.label),
            "kind": kind.value,
            "other": relation["claim"],
        }
    for relation in claim["related_from"]:
        kind = ClaimRelationKind(relation["kind"])
        key = relation["claim"]["key"]
        words = str(kind.label) if kind in SYMMETRIC else INVERSE[kind]()
        if not (kind in SYMMETRIC and (kind, key) in found):
            by = headlines.claimants(here[key]) if kind == ClaimRelationKind.CANNOT_VERIFY and key in here else ""
            found[kind, f"from {key}"] = {"words": words, "kind": kind.value, "other": relation["claim"], "by": by}
    return [
        {
            **line,
            "is_here": line["other"]["key"] in here,
            "is_weighty": line["kind"] in WEIGHTY,
        }
        for line in found.values()
    ]
