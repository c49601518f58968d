"""The bill of materials matches the whole lock file."""

import importlib.metadata
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from packaging.version import Version

from conflict.ops import sbom

LOCK = """\
alpha==1.2 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via conflict-chronology (pyproject.toml)
beta==3.0 ; python_version < "4" \\
    --hash=sha256:{a}
    # via
    #   alpha
    #   conflict-chronology (pyproject.toml)
beta==2.0 ; python_version >= "4" \\
    --hash=sha256:{b}
    # via alpha
""".format(a="a" * 64, b="b" * 64)


class TestTheLockFile:
    def test_is_read_with_hashes_and_who_needs_what(self):
        alpha, beta, other = sbom.locked(LOCK)

        assert (alpha.name, alpha.version, alpha.hashes) == ("alpha", "1.2", ["a" * 64, "b" * 64])
        assert beta.needed_by == ["alpha", "conflict-chronology"]
        assert (beta.holds(), other.version, other.holds()) == (True, "2.0", False)


class TestTheBillOfMaterials:
    def test_names_every_package_once_and_its_place_in_the_graph(self):
        bill = sbom.bill_of_materials(sbom.locked(LOCK))

        assert [component["purl"] for component in bill["components"]] == ["pkg:pypi/alpha@1.2", "pkg:pypi/beta@3.0"]
        assert {"ref": "pkg:pypi/alpha@1.2", "dependsOn": ["pkg:pypi/beta@3.0"]} in bill["dependencies"]

    def test_of_this_software_lists_what_is_installed_from_its_lock(self):
        lock = (settings.BASE_DIR / "requirements" / "run.txt").read_text()

        bill = sbom.bill_of_materials(sbom.locked(lock))

        assert len(bill["components"]) > 50
        installed = {one["name"]: Version(importlib.metadata.version(one["name"])) for one in bill["components"]}
        assert {one["name"]: Version(one["version"]) for one in bill["components"]} == installed
        assert all(component["hashes"] for component in bill["components"])
        assert bill == sbom.bill_of_materials(sbom.locked(lock))


class TestTheAudit:
    @pytest.fixture
    def osv(self):
        """A stand-in for osv.dev that knows of a fault in one package."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                results = [
                    {"vulns": [{"id": "PYSEC-1"}]} if query["package"]["purl"] == "pkg:pypi/beta@3.0" else {}
                    for query in asked["queries"]
                ]
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"results": results}).encode())

            def log_message(self, *given: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        server.server_close()
        thread.join()

    def test_names_what_is_known_to_be_wrong(self, osv):
        assert sbom.known_faults(sbom.locked(LOCK), osv) == {"beta 3.0": ["PYSEC-1"]}
