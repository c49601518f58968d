"""The consumer of webhooks that empties a CDN, for each kind of one, and with a real Varnish where it is installed."""

import http.server
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.utils import timezone

from editorial.models import Webhook
from editorial.webhooks import signatures
from tests.clusters import wait_for
from tests.drills.steps import free_port
from tests.sites import listens

FOLDER = settings.BASE_DIR / "deploy"
PUBLISHED = json.dumps({"type": "record.published", "data": {}}).encode()


@pytest.fixture(scope="module")
def purge():
    found = importlib.util.spec_from_file_location("purge", FOLDER / "purge.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def webhook():
    return Webhook(nonce=signatures.new_nonce())


@contextmanager
def origin() -> Iterator[tuple[int, list[str]]]:
    """A site whose front page differs each time it is made, and the methods and paths that it was asked for."""
    asked: list[str] = []

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            body = str(len(asked)).encode()
            self.send_response(200)
            for name, value in {"Cache-Control": "public, s-maxage=1000", "Surrogate-Key": "record head-1", "Content-Length": str(len(body))}.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_BAN = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


@contextmanager
def started(command: list[str], port: int, **variables: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, env={"PATH": os.defpath, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: listens(port), seconds=30)
        yield
    finally:
        process.terminate()
        process.wait(20)


def tell(port: int, webhook: Webhook, body: bytes = PUBLISHED, **changed: str) -> int:
    headers = signatures.headers(webhook, "msg_1", body, timezone.now())
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


class TestThePurge:
    def test_asks_each_cdn_in_its_own_way(self, purge):
        cloudflare = purge.purge_of({"CLOUDFLARE_ZONE": "z1", "CLOUDFLARE_TOKEN": "t1"})
        fastly = purge.purge_of({"FASTLY_SERVICE": "s1", "FASTLY_TOKEN": "t2"})

        assert cloudflare.full_url == "https://api.cloudflare.com/client/v4/zones/z1/purge_cache"
        assert (cloudflare.get_method(), json.loads(cloudflare.data)) == ("POST", {"tags": ["record"]})
        assert cloudflare.get_header("Authorization") == "Bearer t1"
        assert (fastly.get_method(), fastly.full_url) == ("POST", "https://api.fastly.com/service/s1/purge/record")
        assert fastly.get_header("Fastly-key") == "t2"
        with pytest.raises(SystemExit, match="Name a CDN"):
            purge.purge_of({})

    def test_follows_a_genuine_message_and_no_other(self, webhook):
        port, secret = free_port(), signatures.secret_text(webhook.nonce)
        with origin() as (varnish, asked):
            variables = {"PORT": str(port), "WEBHOOK_SECRET": secret, "VARNISH": f"http://127.0.0.1:{varnish}/"}
            with started([sys.executable, str(FOLDER / "purge.py")], port, **variables):
                assert tell(port, Webhook(nonce=signatures.new_nonce())) == 401
                assert tell(port, webhook, webhook_timestamp="1700000000") == 401
                assert tell(port, webhook, b'{"type": "webhook.test"}') == 204
                assert asked == []
                assert tell(port, webhook) == 204
                assert asked == ["BAN /"]

    @pytest.mark.skipif(shutil.which("varnishd", path="/usr/sbin:/usr/bin") is None, reason="Varnish is not installed.")
    def test_empties_a_varnish(self, webhook, tmp_path):
        port, public, secret = free_port(), free_port(), signatures.secret_text(webhook.nonce)
        with origin() as (backend, _):
            recipe = tmp_path / "site.vcl"
            recipe.write_text((FOLDER / "varnish.vcl").read_text().replace('"8000"', f'"{backend}"'))
            varnishd = ["/usr/sbin/varnishd", "-F", "-n", str(tmp_path / "work"), "-a", f"127.0.0.1:{public}"]
            varnishd += ["-f", str(recipe), "-s", "malloc,16m", "-j", "none"]
            variables = {"PORT": str(port), "WEBHOOK_SECRET": secret, "VARNISH": f"http://127.0.0.1:{public}/"}
            consumer = [sys.executable, str(FOLDER / "purge.py")]
            with started(varnishd, public), started(consumer, port, **variables):

                def shown() -> bytes:
                    return urllib.request.urlopen(f"http://127.0.0.1:{public}/", timeout=20).read()  # type: ignore[no-any-return]

                assert shown() == shown() == b"1"
                assert tell(port, webhook) == 204
                assert shown() == shown() == b"2"
