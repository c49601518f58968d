"""Bill of materials from the lock file, and known vulnerabilities of the packages in it.

python -m conflict.ops.sbom sbom requirements/run.txt     CycloneDX 1.6 on standard output
python -m conflict.ops.sbom audit requirements/run.txt    queries osv.dev; exit code 1 if it knows of a vulnerability

cyclonedx-bom was tried in its stead: of a lock file it lists no licences and no dependencies, of an environment no hashes,
and what the environment holds besides.
"""

import importlib.metadata
import json
import re
import sys
import urllib.request
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.markers import Marker

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s\\;]+)(?: ; (?P<marker>[^\\]+))?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NEEDED_BY = re.compile(r"^\s*#\s+(?:via\s+)?(?P<name>[A-Za-z0-9._-]+)(?: \(pyproject\.toml\))?$")
OURS = "conflict-chronology"
OSV = "https://api.osv.dev/v1/querybatch"
LONGEST_WAIT = 30  # seconds


@dataclass
class Dependency:
    """One pinned package; `hashes` are those of its files, any of which may be installed."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    needed_by: list[str] = field(default_factory=list)
    marker: Marker | None = None

    def holds(self, environment: dict[str, str] | None = None) -> bool:
        """Return True if the pin applies to this machine and Python, or to those of `environment`."""
        return self.marker is None or self.marker.evaluate(environment)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name.lower()}@{self.version}"


def locked(text: str) -> list[Dependency]:
    """Packages of a lock file written by `make lock`, in its order, for all platforms."""
    found: list[Dependency] = []
    for line in text.splitlines():
        if pinned := PINNED.match(line):
            marker = Marker(pinned["marker"]) if pinned["marker"] else None
            found.append(Dependency(pinned["name"], pinned["version"], marker=marker))
        elif found:
            found[-1].hashes += HASH.findall(line)
            if (needed := NEEDED_BY.match(line)) and needed["name"] != "via":
                found[-1].needed_by.append(needed["name"])
    return found


def bill_of_materials(dependencies: Iterable[Dependency]) -> dict[str, Any]:
    """CycloneDX 1.6 list of the packages installed here; deterministic for a lock file on machines of one kind."""
    listed = [dependency for dependency in dependencies if dependency.holds()]
    refs = {dependency.name.lower(): dependency.purl for dependency in listed} | {OURS: OURS}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for dependency in listed:
        for name in dependency.needed_by:
            needs[refs.get(name.lower(), OURS)].append(dependency.purl)
    text = "\n".join(f"{dependency.purl} {' '.join(dependency.hashes)}" for dependency in listed)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": OURS, "bom-ref": OURS}},
        "components": [_component(dependency) for dependency in listed],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needed)} for ref, needed in needs.items()],
    }


def _component(dependency: Dependency) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": dependency.purl,
        "name": dependency.name,
        "version": dependency.version,
        "purl": dependency.purl,
        "hashes": [{"alg": "SHA-256", "content": value} for value in dependency.hashes],
        **_license(dependency.name),
    }


def _license(name: str) -> dict[str, Any]:
    try:
        metadata: Any = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return {}
    if expression := metadata.get("License-Expression"):
        return {"licenses": [{"expression": expression}]}
    classified = [line.split(" :: ")[-1] for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    free = metadata.get("License") or ""
    names = classified or ([free] if 0 < len(free) < 80 else [])  # some packages put the whole licence text there
    return {"licenses": [{"license": {"name": name}} for name in names]} if names else {}


def known_faults(dependencies: Iterable[Dependency], address: str = OSV) -> dict[str, list[str]]:
    """Identifiers of published vulnerabilities by package, as osv.dev knows them."""
    listed = list(dependencies)
    query = {"queries": [{"package": {"purl": dependency.purl}} for dependency in listed]}
    request = urllib.request.Request(  # noqa: S310  # an address of ours, https
        address, json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=LONGEST_WAIT) as answer:  # noqa: S310
        results = json.load(answer)["results"]
    return {
        f"{dependency.name} {dependency.version}": [fault["id"] for fault in result["vulns"]]
        for dependency, result in zip(listed, results, strict=True)
        if result.get("vulns")
    }


def main(what: str, lock: Path) -> int:
    dependencies = locked(lock.read_text())
    if what == "sbom":
        sys.stdout.write(json.dumps(bill_of_materials(dependencies), indent=2) + "\n")
        return 0
    try:
        faults = known_faults(dependencies)
    except OSError as error:
        sys.stderr.write(f"osv.dev cannot be asked: {error}\n")
        return 2
    for name, identifiers in faults.items():
        sys.stdout.write(f"{name}: {', '.join(identifiers)}\n")
    sys.stdout.write(f"{len(dependencies)} packages, {len(faults)} with known faults.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
