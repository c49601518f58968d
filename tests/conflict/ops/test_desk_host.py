"""With DESK_HOST, the desk and its accounts answer at that host and at no other."""

import json

import pytest

from tests import processes

ASK = """
import json, sys
from django.test import Client
answers = {}
for host, path in json.loads(sys.argv[1]):
    answers[f"{host} {path}"] = Client(headers={"host": host}).get(path, secure=True).status_code
print(json.dumps(answers))
"""
SITE, DESK = "chronology.example", "desk.chronology.example"
EXPECTED = {
    f"{DESK} /admin/": 302,
    f"{DESK} /account/sign-in/": 200,
    f"{DESK} /fr/account/sign-in/": 200,
    f"{DESK} /": 200,  # what an editor previews and links to
    f"{SITE} /admin/": 404,
    f"{SITE} /admin/conflict/event/": 404,
    f"{SITE} /account/sign-in/": 404,
    f"{SITE} /fr/account/sign-in/": 404,
    f"{SITE} /": 200,
    f"{SITE} /api/v1/": 200,
}


@pytest.mark.django_db
def test_the_desk_is_found_at_its_own_host_only():
    asked = json.dumps([name.split(" ", 1) for name in EXPECTED])

    done = processes.program(ASK, asked, DESK_HOST=DESK)

    assert json.loads(done.stdout.splitlines()[-1]) == EXPECTED
