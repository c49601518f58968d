"""Request desk pages in this process, and print the queries and seconds of each as JSON."""

import json
import re
import sys
import time
from typing import Any

import django

django.setup()

from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from conflict.models import Event  # noqa: E402
from editorial.models import User  # noqa: E402
from tests.desk import just_signed_in  # noqa: E402

REPEATS = 9
BOUNDED = re.compile(r"COUNT\(\*\).*FROM \(SELECT .*LIMIT \d+", re.DOTALL)  # counts so far and no further


def pages() -> dict[str, str]:
    events, middle = reverse("admin:conflict_event_changelist"), Event.objects.order_by("pk").first()
    autocomplete = f"{reverse('admin:autocomplete')}?app_label=conflict"
    return {
        "list of events": events,
        "list of events, a late page": f"{events}?p=3",
        "list of events, searched": f"{events}?q=gunfire",
        "list of claims": reverse("admin:conflict_claim_changelist"),
        "autocomplete of actors": f"{autocomplete}&model_name=participation&field_name=actor&term=Front",
        "autocomplete of sources": f"{autocomplete}&model_name=citation&field_name=source&term=fighting",
        "form of an event": reverse("admin:conflict_event_change", args=[middle.pk if middle else 0]),
    }


def asked(client: Client, path: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    said = [query["sql"] for query in queries]  # now: the next request throws them away
    if answer.status_code != 200:
        raise SystemExit(f"{path} is answered by {answer.status_code}.")
    counts = [sql for sql in said if "COUNT(*)" in sql and "WHERE" not in sql and not BOUNDED.search(sql)]
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - begun)
    return {"queries": len(said), "counts": len(counts), "seconds": seconds}


def main() -> None:
    # No static files are gathered for a measurement.
    staticfiles_storage._wrapped = StaticFilesStorage()
    with transaction.atomic():  # the account is gone afterwards
        user = User.objects.create_superuser("bench", password="not-asked-for")
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        just_signed_in(client, user)
        sys.stdout.write(json.dumps({name: asked(client, path) for name, path in pages().items()}) + "\n")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
