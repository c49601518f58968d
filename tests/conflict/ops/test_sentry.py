"""What is sent to Sentry: where an error was raised, and nothing that was in it."""

import json

from tests import processes

SEND = """
import json, sentry_sdk
from sentry_sdk.transport import Transport
sent = []
class Kept(Transport):
    def capture_envelope(self, envelope):
        sent.append(envelope.serialize().decode(errors="replace"))
client = sentry_sdk.get_client()
client.transport = Kept()
from django.test import RequestFactory
from conflict.wsgi import application
from unittest.mock import patch
def broken(*given, **named):
    draft = "a-draft-of-the-desk"
    raise RuntimeError("Key (name)=(a-secret-name) is wrong.")
from conflict.ops import static_files
headers = {"host": "chronology.example", "authorization": "Bearer cc_live_1"}
request = RequestFactory().get("/favicon.ico?search=a-question", secure=True, headers=headers)
with patch.object(static_files, "redirect", broken):
    list(application(request.environ, lambda status, headers: None))
sentry_sdk.flush()
print(json.dumps(sent))
"""


def test_says_where_it_broke_and_nothing_that_was_in_it():
    done = processes.program(SEND, SENTRY_DSN="https://key@sentry.example/1")

    (sent,) = json.loads(done.stdout.splitlines()[-1])
    assert "RuntimeError" in sent
    assert "/favicon.ico" in sent
    for secret in ("a-draft-of-the-desk", "a-secret-name", "a-question", "cc_live_1"):
        assert secret not in sent
