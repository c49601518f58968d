"""Building of releases: the whole record at one publication, as files that anybody can rebuild byte for byte."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from rest_framework import serializers

from conflict.api import croissant, exports, signatures
from conflict.api.croissant import CROISSANT
from conflict.api.formats import BulkRenderer, Csv, GeoJson, Hxl, JsonLines, Parquet, parquet
from conflict.api.formats.followthemoney import WRITERS, Entities
from conflict.api.resources import CHANGES, ENTRIES, FINDINGS, OF_LOG, RESOURCES, Resource
from conflict.api.selection import Selection
from conflict.documents.tables.columns import Columns, Kind
from conflict.public import queries
from conflict.public.cache.counts import Reviewed, reviewed
from conflict.record.log import instant
from conflict.record.models import Anchor, Publication, PublishedActor
from conflict.record.release_files import PACKAGE, SUMS

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
SIGNATURE, SIGNERS, LATEST = "SHA256SUMS.sig", "SIGNERS", "latest"
ENTITIES, ENTITIES_TYPE = "entities.ftm.json", "application/json+ftm"
ENDINGS: tuple[tuple[type[BulkRenderer], str], ...] = (
    (Csv, "csv"),
    (Hxl, "hxl.csv"),
    (GeoJson, "geojson"),
    (JsonLines, "jsonl"),
    (Parquet, "parquet"),
)
WITHOUT_PARQUET = (
    "No Parquet files: pyarrow was not installed where this release was built. "
    "The other files hold the same rows."
)  # fmt: skip


class ReleaseRefused(ValueError):
    """The release cannot be built; the message gives the reason."""


class File(NamedTuple):
    """One file of a release."""

    name: str
    resource: Resource
    form: type[BulkRenderer]


def files() -> Iterator[File]:
    for resource in RESOURCES:
        if resource is CHANGES:
            continue  # the publications contain them all
        for form, ending in ENDINGS:
            if form in resource.formats:
                yield File(f"{resource.name}.{ending}", resource, form)


def build(name: str, folder: Path, key: Ed25519PrivateKey | None = None) -> Path:
    """Write the current record to `folder/name`. Raises ReleaseRefused; never touches existing files.

    If it fails, for example on a full disk, nothing is left behind.
    """
    target = folder / name
    if not NAME.fullmatch(name) or name == LATEST:
        raise ReleaseRefused(
            f"“{name}” is no name for a release: small letters, digits, points and hyphens, and not latest."
        )
    if target.exists():
        raise ReleaseRefused(f"The release {name} is there already, and a release never changes: choose another name.")
    draft = folder / f".{name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _write(draft, name, key)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _write(draft: Path, name: str, key: Ed25519PrivateKey | None) -> None:
    with exports.one_moment():
        head = queries.rows(Publication).order_by("-number").first()
        if head is None:
            raise ReleaseRefused("Nothing is published yet: there is nothing to release.")
        read = reviewed()
        described = [_table(draft, file) for file in files()]
        described.append(_file(draft / ENTITIES, entities(), ENTITIES_TYPE))
        described += _anchors(draft, head)
    _describe(draft, name, head, read, described, key)


def _anchors(draft: Path, head: Publication) -> list[dict[str, Any]]:
    """Each authority's newest timestamp of this log, with the certificates behind it."""
    newest = queries.rows(Anchor).filter(number__lte=head.number).order_by("authority", "-number").distinct("authority")
    return [
        _file(draft / f"{anchor.name}.{ending}", [content], anchor.TYPES[ending])
        for anchor in newest
        for ending, content in (("tsr", bytes(anchor.token)), ("pem", anchor.certificates.encode()))
    ]


def entities() -> Iterator[bytes]:
    """The record as FollowTheMoney entities."""
    writer = Entities(dict(queries.rows(PublishedActor).values_list("key", "kind")))
    for resource in ENTRIES:
        if resource.entry_kind in WRITERS:
            for text in _texts(resource):
                for line in writer.lines(resource.entry_kind, json.loads(text)):
                    yield line.encode() + b"\n"


def _texts(resource: Resource) -> Iterator[Any]:
    ordering = resource.orderings[resource.default_order]
    return exports.texts((resource.rows(),), ordering, None, resource.read, Selection())


def _table(draft: Path, file: File) -> dict[str, Any]:
    columns = [column for column in file.resource.columns if column.name != "url"]  # no site: the same bytes anywhere
    described = _file(draft / file.name, file.form().pieces(_texts(file.resource), columns, ""), file.form.media_type)
    if file.form is Csv:
        return described | {"schema": _schema(columns, file.resource)}
    if file.form is Parquet:  # it has a schema of its own, and validators that read it with pandas lose whole numbers
        return described | {"schema": _schema(columns, file.resource), "type": "file"}
    if file.form is JsonLines:
        return described | _schema_of_objects(draft / file.name, file.resource)
    return described


def _file(path: Path, pieces: Iterable[bytes], media_type: str) -> dict[str, Any]:
    """Write a file and return its description."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return {
        "name": path.name.replace(".", "-"),
        "path": path.name,
        "mediatype": media_type,
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
    }


def _schema(columns: Columns, resource: Resource) -> dict[str, Any]:
    """A Frictionless table schema."""
    fields = [{"name": column.name, "type": column.kind.value} for column in columns]
    fields = [{**field, "format": "any"} if field["type"] == Kind.MOMENT.value else field for field in fields]
    return {"fields": fields, "primaryKey": _primary_key(resource)}


def _schema_of_objects(path: Path, resource: Resource) -> dict[str, Any]:
    """Table schema of a JSON Lines file; its columns are the objects' fields in order.

    A file without rows has no schema.
    """
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    if not first:
        return {"type": "file"}
    types = {name: _json_type(field) for name, field in resource.shape().get_fields().items()}
    fields = [{"name": name, "type": types[name]} for name in json.loads(first)]
    return {"schema": {"fields": fields, "primaryKey": _primary_key(resource)}}


def _json_type(field: Any) -> str:
    kinds = (
        ((serializers.ListSerializer, serializers.ListField), "array"),
        ((serializers.BaseSerializer, serializers.DictField), "object"),
        ((serializers.IntegerField,), "integer"),
        ((serializers.BooleanField,), "boolean"),
        ((serializers.CharField, serializers.ChoiceField, serializers.DateField, serializers.DateTimeField), "string"),
    )
    return next((kind for classes, kind in kinds if isinstance(field, classes)), "any")


def _primary_key(resource: Resource) -> str:
    """Fields that identify a row."""
    return "number" if resource in OF_LOG else "id" if resource is FINDINGS else "key"


def _describe(
    draft: Path,
    name: str,
    head: Publication,
    read: Reviewed,
    described: list[dict[str, Any]],
    key: Ed25519PrivateKey | None,
) -> None:
    chronology = settings.CHRONOLOGY
    licence = chronology.licence
    package = {
        "profile": "data-package",
        "name": f"conflict-chronology-{name}",
        "title": f"{chronology.name}, release {name}",
        "version": name,
        "created": instant(head.published_at),
        "head": {"number": head.number, "sha256": head.sha256},
        "licenses": [
            {
                "name": licence.name.replace(" ", "-"),
                "title": str(licence.title) or licence.name,
                "path": licence.url,
            }
        ],
        "reviewed": {"entries": read.entries, "of": read.total},
        "citation": f"{chronology.name}, release {name}, publication {head.number}, "
        f"{read.entries} of {read.total} entries reviewed by a second person, sha256 {head.sha256}.",
        "built_with": {"pyarrow": parquet.version()},
        "notes": [] if parquet.version() else [WITHOUT_PARQUET],
        "signature": {"path": SIGNATURE, "namespace": signatures.NAMESPACE, "key": signatures.public_line(key)}
        if key
        else None,
        "croissant": CROISSANT,
        "resources": described,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (draft / PACKAGE).write_text(text, encoding="utf-8")
    croissant_text = croissant.description(package)
    (draft / CROISSANT).write_text(croissant_text, encoding="utf-8")
    sums = {file["path"]: file["hash"].removeprefix("sha256:") for file in described}
    for path, written in ((PACKAGE, text), (CROISSANT, croissant_text)):
        sums[path] = hashlib.sha256(written.encode()).hexdigest()
    listed = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    (draft / SUMS).write_text(listed, encoding="ascii")
    if key:
        (draft / SIGNATURE).write_text(signatures.signature(listed.encode(), key), encoding="ascii")
        (draft / SIGNERS).write_text(signatures.signers(key), encoding="ascii")
