#!/usr/bin/env python3
"""Empties a CDN after each publication: a consumer of this software's webhooks. Needs nothing but Python.

It listens on 127.0.0.1:8300; let the proxy lead an address of your host there, and name that address in a webhook at the
desk. It needs WEBHOOK_SECRET and one of

    VARNISH=http://127.0.0.1:6081/              with the lines of deploy/varnish.vcl
    CLOUDFLARE_ZONE=… CLOUDFLARE_TOKEN=…        a token that may purge the zone's cache
    FASTLY_SERVICE=… FASTLY_TOKEN=…             a token that may purge the service

Everything public has the tag `record`, so one purge is enough. If it fails, the webhook is sent again.
"""

import base64
import hmac
import http.server
import json
import os
import time
import urllib.request
from collections.abc import Mapping

TAG = "record"
PORT = int(os.environ.get("PORT", "8300"))
LARGEST = 1024 * 1024


def purge_of(env: Mapping[str, str]) -> urllib.request.Request:
    """The request that purges everything public."""
    if env.get("VARNISH"):
        return urllib.request.Request(env["VARNISH"], headers={"Ban-Tag": TAG}, method="BAN")  # noqa: S310
    if env.get("CLOUDFLARE_ZONE"):
        return urllib.request.Request(
            f"https://api.cloudflare.com/client/v4/zones/{env['CLOUDFLARE_ZONE']}/purge_cache",
            json.dumps({"tags": [TAG]}).encode(),
            {"Authorization": f"Bearer {env['CLOUDFLARE_TOKEN']}", "Content-Type": "application/json"},
        )
    if env.get("FASTLY_SERVICE"):
        return urllib.request.Request(
            f"https://api.fastly.com/service/{env['FASTLY_SERVICE']}/purge/{TAG}",
            headers={"Fastly-Key": env["FASTLY_TOKEN"], "Fastly-Soft-Purge": "1"},
            method="POST",
        )
    raise SystemExit("Name a CDN: set VARNISH, CLOUDFLARE_ZONE or FASTLY_SERVICE.")


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return True if the message is signed as docs/webhooks.md says, and no more than five minutes old."""
    stamp = headers.get("webhook-timestamp") or ""
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
    expected = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(expected, one) for one in (headers.get("webhook-signature") or "").split(" "))


class Consumer(http.server.BaseHTTPRequestHandler):
    timeout = 15

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length") or ""
        if not size.isdecimal() or int(size) > LARGEST:
            return self.answer(413)
        body = self.rfile.read(int(size))
        if not is_genuine(os.environ["WEBHOOK_SECRET"], self.headers, body):
            return self.answer(401)
        if json.loads(body)["type"] == "record.published":
            try:
                urllib.request.urlopen(purge_of(os.environ), timeout=10).close()  # noqa: S310  # as the operator set it
            except OSError as fault:
                self.log_error("The cache was not purged: %s", fault)
                return self.answer(502)
        return self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    purge_of(os.environ)  # complains at once
    http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Consumer).serve_forever()
