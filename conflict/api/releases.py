"""Releases: the whole record at one publication, as files that never change and that anybody can build again byte by byte."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from conflict.api import exporting
from conflict.api.errors import NotThere
from conflict.api.formats import Bulk, Csv, GeoJson, Hxl, JsonLines
from conflict.api.formats.columns import Columns
from conflict.api.formats.json import written
from conflict.api.public import public
from conflict.api.reading import ReadingView
from conflict.api.resources import CHANGES, RESOURCES, Resource
from conflict.api.selection import Selection
from conflict.record.log import instant
from conflict.record.models import Publication

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
PACKAGE, SUMS, LATEST = "datapackage.json", "SHA256SUMS", "latest"
LICENCE = {
    "name": "CC-BY-SA-4.0",
    "title": "Creative Commons Attribution-ShareAlike 4.0",
    "path": "https://creativecommons.org/licenses/by-sa/4.0/",
}
INTEGERS = frozenset(
    {
        "version",
        "publication",
        "claims",
        "killed_low",
        "killed_high",
        "low",
        "best",
        "high",
        "number",
        "position",
        "batch",
    }
)
NUMBERS, FLAGS = frozenset({"latitude", "longitude"}), frozenset({"resolved", "negated"})


class ReleaseRefused(ValueError):
    """The release cannot be built; says why."""


class File(NamedTuple):
    """One file of a release."""

    name: str
    resource: Resource
    form: type[Bulk]


def files() -> Iterator[File]:
    for resource in RESOURCES:
        if resource is CHANGES:
            continue  # the publications say it all
        for form, ending in ((Csv, "csv"), (Hxl, "hxl.csv"), (GeoJson, "geojson"), (JsonLines, "jsonl")):
            if form in resource.formats:
                yield File(f"{resource.name}.{ending}", resource, form)


def build(name: str, folder: Path) -> Path:
    """Write the record of this moment under `folder/name`. Raises ReleaseRefused; never touches what is there."""
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
    with exporting.one_moment():
        head = public(Publication).order_by("-number").first()
        if head is None:
            raise ReleaseRefused("Nothing is published yet: there is nothing to release.")
        described = [_write(draft / file.name, file) for file in files()]
    _describe(draft, name, head, described)
    draft.rename(target)
    return target


def _write(path: Path, file: File) -> dict[str, Any]:
    ordering = file.resource.orderings[file.resource.default_order]
    columns = [column for column in file.resource.columns if column.name != "url"]  # no site: the same bytes anywhere
    texts = exporting.texts(public(file.resource.model), ordering, None, file.resource.read, Selection())
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for piece in file.form().pieces(texts, columns, ""):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    described = {
        "name": path.name.replace(".", "-"),
        "path": path.name,
        "mediatype": file.form.media_type,
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
    }
    return described | ({"schema": _schema(columns)} if file.form is Csv else {})


def _schema(columns: Columns) -> dict[str, Any]:
    """A Frictionless table schema."""

    def kind(name: str) -> str:
        return (
            "integer" if name in INTEGERS else "number" if name in NUMBERS else "boolean" if name in FLAGS else "string"
        )

    return {"fields": [{"name": column.name, "type": kind(column.name)} for column in columns]}


def _describe(draft: Path, name: str, head: Publication, described: list[dict[str, Any]]) -> None:
    package = {
        "profile": "data-package",
        "name": f"conflict-chronology-{name}",
        "title": f"Conflict Chronology, release {name}",
        "version": name,
        "created": instant(head.published_at),
        "head": {"number": head.number, "sha256": head.sha256},
        "licenses": [LICENCE],
        "citation": f"Conflict Chronology, release {name}, publication {head.number}, sha256 {head.sha256}.",
        "resources": described,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (draft / PACKAGE).write_text(text, encoding="utf-8")
    sums = {file["path"]: file["hash"].removeprefix("sha256:") for file in described}
    sums[PACKAGE] = hashlib.sha256(text.encode()).hexdigest()
    (draft / SUMS).write_text("".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())), encoding="ascii")


def released(folder: Path) -> list[dict[str, Any]]:
    """The packages of all releases, the newest first."""
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(f"[!.]*/{PACKAGE}")]
    return sorted(packages, key=lambda package: (package["head"]["number"], package["version"]), reverse=True)


class Releases(ReadingView):
    """All releases, the newest first."""

    def get(self, request: Request) -> HttpResponse:
        packages = released(settings.RELEASES_DIR)
        return written({"results": [shown(request, package) for package in packages]})


class Release(ReadingView):
    """One release with its files, their sizes and hashes. `latest` is the newest one."""

    def get(self, request: Request, name: str) -> HttpResponse:
        return written(shown(request, found(name)))


class ReleaseFile(ReadingView):
    """A file of a release."""

    depends_on_the_record = False

    def get(self, request: Request, name: str, file: str) -> HttpResponseBase:
        package = found(name)
        if file not in {PACKAGE, SUMS, *(resource["path"] for resource in package["resources"])}:
            raise NotThere(f"The release {package['version']} has no file “{file}”.", code="not_found")
        path = settings.RELEASES_DIR / package["version"] / file
        return FileResponse(path.open("rb"), as_attachment=True, filename=file)


def found(name: str) -> dict[str, Any]:
    for package in released(settings.RELEASES_DIR):
        if name in (package["version"], LATEST):
            return package
    raise NotThere(f"There is no release “{name}”.", code="not_found")


def shown(request: Request, package: dict[str, Any]) -> dict[str, Any]:
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
        "files": [
            {"name": file["path"], "url": address(file["path"]), "bytes": file["bytes"], "sha256": file["hash"][7:]}
            for file in package["resources"]
        ],
        "package": address(PACKAGE),
        "sums": address(SUMS),
    }
