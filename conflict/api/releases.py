"""Permanent releases, each with its files, their hashes, its signature, and its changes since an earlier one."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from conflict.api import croissant, signatures
from conflict.api.base import ReadOnlyView
from conflict.api.croissant import CROISSANT, CROISSANT_TYPE
from conflict.api.ranges import file_or_part
from conflict.api.release_builder import LATEST, NAME, SIGNATURE, SIGNERS
from conflict.api.resources import Resource, publication_text
from conflict.api.views import ListView
from conflict.documents import body_schemas
from conflict.documents.differences import differences
from conflict.documents.schema_upgrades import lifted
from conflict.public import keyset, queries
from conflict.public.exceptions import Gone, NotFound, Refusal
from conflict.public.filters import PublicationFilters
from conflict.public.json_responses import written
from conflict.public.parameters import Parameter
from conflict.public.total_order import Ordering
from conflict.record.models import Action, Publication
from conflict.record.release_files import PACKAGE, SUMS, fingerprint, released


class Head(serializers.Serializer):
    """Position in the publication log."""

    number = serializers.IntegerField()
    sha256 = serializers.CharField()


class FileShown(serializers.Serializer):
    name = serializers.CharField()
    url = serializers.URLField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class Signature(serializers.Serializer):
    url = serializers.URLField()
    signers = serializers.URLField(
        help_text="The file of allowed signers. Compare its key with one you have from elsewhere."
    )
    key = serializers.CharField()
    verify = serializers.CharField(help_text="The command that checks it.")


class ReleaseWithdrawn(serializers.Serializer):
    publication = serializers.IntegerField(help_text="Number of the redaction in the log.")
    reason = serializers.CharField()


class ReleaseShown(serializers.Serializer):
    """A release: the whole record at one publication, as files that never change."""

    name = serializers.CharField()
    url = serializers.URLField()
    created = serializers.DateTimeField()
    head = Head()
    licence = serializers.URLField()
    citation = serializers.CharField()
    changes_since = serializers.URLField(help_text="What was published after it.")
    changes = serializers.URLField(help_text="What it has otherwise than the release before it.")
    files = FileShown(many=True)
    package = serializers.URLField(help_text="The Frictionless data package, with a schema for every table.")
    croissant = serializers.URLField(
        allow_null=True,
        help_text="The same in Croissant, for data set search and machine learning; null in old releases.",
    )
    sums = serializers.URLField()
    signature = Signature(allow_null=True)
    withdrawn = ReleaseWithdrawn(
        allow_null=True, help_text="Set where the law had a text removed that the release held: its files are gone."
    )
    notes = serializers.ListField(child=serializers.CharField())


class ReleaseList(serializers.Serializer):
    results = ReleaseShown(many=True)


class OfReleases(ReadOnlyView):
    """Base of release views. A release can appear without a publication, so the ETag also covers the set of releases."""

    path_patterns = {"name": NAME.pattern, "file": r"[A-Za-z0-9.-]{1,250}"}

    @property
    def depends_on(self) -> tuple[str, ...]:  # type: ignore[override]  # read anew for each request
        return (fingerprint(settings.RELEASES_DIR),)


class Releases(OfReleases):
    """All releases, the newest first."""

    shape = ReleaseList

    def get(self, request: Request) -> HttpResponse:
        packages = released(settings.RELEASES_DIR)
        return written({"results": [release_body(request, package) for package in packages]})


class Release(OfReleases):
    """One release with its files, their sizes and hashes. `latest` is the newest one."""

    shape = ReleaseShown

    def get(self, request: Request, name: str) -> HttpResponse:
        body = release_body(request, package_named(name))
        response = written(body)
        response.headers["Link"] = signposts(body)
        return response


class ReleaseFile(OfReleases):
    """A file of a release.

    Its bytes never change, except that `latest` refers to a different file after the next release.
    """

    is_file = True

    @property
    def is_immutable(self) -> bool:  # type: ignore[override]
        return bool(self.kwargs["name"] != LATEST)

    @property
    def depends_on_the_record(self) -> bool:  # type: ignore[override]
        return not self.is_immutable

    @property
    def depends_on(self) -> tuple[str, ...]:  # type: ignore[override]
        return () if self.is_immutable else super().depends_on

    def validator(self, request: Request) -> str:
        """Strong ETag: the bytes are the same everywhere and at any time, so ranges fit together."""
        return super().validator(request).removeprefix("W/")

    def last_modified(self) -> datetime:
        return datetime.fromisoformat(package_named(self.kwargs["name"])["created"])

    def get(self, request: Request, name: str, file: str) -> HttpResponseBase:
        package = package_named(name)
        types = files_of(package)
        if withdrawn := package.get("withdrawn"):
            raise Gone(f"The release {package['version']} was withdrawn: {withdrawn['reason']}", code="redacted")
        if file not in types:
            raise NotFound(f"The release {package['version']} has no file “{file}”.", code="not_found")
        return file_or_part(request, settings.RELEASES_DIR / package["version"] / file, self.etag, types[file])


def files_of(package: dict[str, Any]) -> dict[str, str]:
    """All files of a release and their media types."""
    signed = {SIGNATURE: "text/plain", SIGNERS: "text/plain"} if package.get("signature") else {}
    described = {file["path"]: file["mediatype"] for file in package["resources"]}
    more = {CROISSANT: CROISSANT_TYPE} if package.get("croissant") else {}
    return {**described, PACKAGE: "application/json", **more, SUMS: "text/plain", **signed}


def package_named(name: str) -> dict[str, Any]:
    for package in released(settings.RELEASES_DIR):
        if name in (package["version"], LATEST):
            return package
    raise NotFound(f"There is no release “{name}”.", code="not_found")


def release_body(request: Request, package: dict[str, Any]) -> dict[str, Any]:
    def address(file: str) -> str:
        where = reverse("api:release-file", kwargs={"name": package["version"], "file": file})
        return request.build_absolute_uri(where)

    later = reverse("api:changes") + f"?after={package['head']['number']}"
    return {
        "name": package["version"],
        "url": request.build_absolute_uri(reverse("api:release", kwargs={"name": package["version"]})),
        "created": package["created"],
        "head": package["head"],
        "licence": package["licenses"][0]["path"],
        "citation": package["citation"],
        "changes_since": request.build_absolute_uri(later),
        "changes": request.build_absolute_uri(reverse("api:release-changes", kwargs={"name": package["version"]})),
        "files": [
            {"name": file["path"], "url": address(file["path"]), "bytes": file["bytes"], "sha256": file["hash"][7:]}
            for file in package["resources"]
        ],
        "package": address(PACKAGE),
        "croissant": address(CROISSANT) if package.get("croissant") else None,
        "sums": address(SUMS),
        "signature": signed(package, address),
        "withdrawn": package.get("withdrawn"),
        "notes": package.get("notes", []),
    }


def signposts(release: dict[str, Any]) -> str:
    """Links by which programs find the parts of a data set (signposting.org)."""
    links = [
        (release["url"], 'rel="cite-as"'),
        (release["licence"], 'rel="license"'),
        (release["package"], 'rel="describedby"; type="application/json"; profile="data-package"'),
        ("https://schema.org/Dataset", 'rel="type"'),
    ]
    if release["croissant"]:
        links.append(
            (release["croissant"], f'rel="describedby"; type="{CROISSANT_TYPE}"; profile="{croissant.VERSION}"')
        )
    return ", ".join(f"<{address}>; {what}" for address, what in links)


def signed(package: dict[str, Any], address: Callable[[str], str]) -> dict[str, str] | None:
    """Signature of a release, with the `ssh-keygen` command that verifies it; None if the release is not signed."""
    if not package.get("signature"):
        return None
    return {
        "url": address(SIGNATURE),
        "signers": address(SIGNERS),
        "key": package["signature"]["key"],
        "verify": f"ssh-keygen -Y verify -f {SIGNERS} -I {signatures.IDENTITY} -n {signatures.NAMESPACE} -s {SIGNATURE} < {SUMS}",
    }


def since_then(older: int, newer: int) -> QuerySet[Publication]:
    """Last step within (older, newer] of every entry that is public after either, with its state at the older one."""
    same = {"entry_kind": OuterRef("entry_kind"), "key": OuterRef("key")}
    later = Publication.objects.filter(**same, number__gt=OuterRef("number"), number__lte=newer)
    before = Publication.objects.filter(**same, number__lte=older).order_by("-number")
    rows: QuerySet[Publication] = queries.rows(Publication).filter(~Exists(later), number__gt=older, number__lte=newer)
    rows = rows.annotate(
        action_before=Subquery(before.values("action")[:1]),
        version_before=Subquery(before.values("version")[:1]),
        text_before=Subquery(before.values("document")[:1]),
    )
    return rows.filter(Q(action=Action.PUBLISH) | Q(action_before=Action.PUBLISH))


def net_changes(rows: Iterable[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """A keyset.Reader for the net change of each entry between two releases."""
    for row in rows:
        was_public = row.action_before == Action.PUBLISH
        change = "withdrawn" if row.action != Action.PUBLISH else "changed" if was_public else "added"
        changes = []
        if change == "changed" and row.text_before and row.document:
            changes = differences(lifted(row.entry_kind, row.text_before), lifted(row.entry_kind, row.document))
        more = {
            "change": change,
            "version_before": row.version_before if was_public else None,
            "changes": [difference.as_dict() for difference in changes],
        }
        text = json.dumps(more, ensure_ascii=False, separators=(",", ":"))
        yield (*(getattr(row, column) for column in columns), f"{publication_text(row)[:-1]},{text[1:]}".encode())


NET_CHANGES = Resource(
    "release-changes",
    "What a release has otherwise than an earlier one: every entry that was added, changed or withdrawn, once.",
    Publication,
    body_schemas.NetChange,
    PublicationFilters,
    {"number": ("number",)},
    net_changes,
)


class ReleaseChanges(ListView):
    """Differences between a release and an earlier one: each added, changed or withdrawn entry, listed once."""

    resource = NET_CHANGES
    path_patterns = OfReleases.path_patterns

    @property
    def parameters(self) -> dict[str, Parameter]:
        not_here = {"after", "as_of", "published_since", "expand"}
        since = Parameter("Name of the release to compare with; the one before when not given.", max_length=60)
        known = {name: asked for name, asked in super().parameters.items() if name not in not_here}
        return {**known, "since": since}

    def source(self) -> tuple[Any, Ordering, keyset.Reader]:
        newer = package_named(self.kwargs["name"])
        older = self.older(newer)
        for package in (older, newer):
            refuse_of_another_log(package)
        rows = since_then(older["head"]["number"], newer["head"]["number"])
        return self.narrowed(rows), self.ordering(), self.resource.read

    def older(self, newer: dict[str, Any]) -> dict[str, Any]:
        if "since" in self.asked:
            try:
                older = package_named(self.value("since"))
            except NotFound as unknown:
                raise Refusal(unknown.message, field="since") from unknown
            if older["head"]["number"] > newer["head"]["number"]:
                message = f"{older['version']} is later than {newer['version']}: ask for the changes of the later one."
                raise Refusal(message, field="since")
            return older
        packages = released(settings.RELEASES_DIR)
        earlier = packages[packages.index(newer) + 1 :]
        if not earlier:
            message = f"{newer['version']} is the first release: everything in it is new. Name another with `since`."
            raise NotFound(message, code="first_release", field="since")
        return earlier[0]


def refuse_of_another_log(package: dict[str, Any]) -> None:
    """Raises Refusal for a release built from another log, whose numbers mean other publications."""
    if not queries.rows(Publication).filter(**package["head"]).exists():
        message = f"The release {package['version']} was built from another log than this one; nothing can be compared."
        raise Refusal(message, code="another_log", field="since")
