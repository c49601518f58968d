"""Page on how to verify the log, and the proof that others hold: timestamps of authorities, signatures of witnesses."""

import json
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.exceptions import NotFound
from conflict.public.page_frame import site_of
from conflict.public.query_strings import Parameters
from conflict.public.throttles import ReadThrottle, name_of
from conflict.record import anchors, witnesses
from conflict.record.models import Anchor, Cosignature
from conflict.signed_notes import LARGEST

SHOWN = 10  # anchors on the page; all of them are in the list


def fingerprint() -> str:
    """Everything that the pages depend on besides the record."""
    newest = [queries.rows(table).aggregate(newest=Max("pk"))["newest"] or 0 for table in (Anchor, Cosignature)]
    return "-".join(map(str, newest)) + "."


@page(also=fingerprint)
def verify(request: HttpRequest, asked: Parameters) -> HttpResponse:
    newest = list(queries.rows(Anchor).defer("token").order_by("-pk")[:SHOWN])
    context = {
        "anchors": newest,
        "command": anchors.command(newest[0]) if newest else "",
        "witnesses": _signed(),
        "origin": f"{site_of(request)}{reverse('witnesses')}",
    }
    return render_page(request, "verify.html", context)


@page(also=fingerprint)
def anchor_list(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """All anchors, oldest first, with the addresses of their files."""
    site = site_of(request)
    listed = [
        {
            "number": anchor.number,
            "sha256": anchor.sha256,
            "authority": anchor.authority,
            "stamped_at": anchor.stamped_at.isoformat(),
            "root_sha256": anchors.fingerprint(anchor),
            "token": f"{site}{_address(anchor, 'tsr')}",
            "certificates": f"{site}{_address(anchor, 'pem')}",
            "verify": anchors.command(anchor),
        }
        for anchor in queries.rows(Anchor).defer("token").order_by("pk")
    ]
    return HttpResponse(json.dumps({"results": listed}, indent=1), content_type="application/json")


@page(also=fingerprint)
def anchor_file(request: HttpRequest, asked: Parameters, name: str, ending: str) -> HttpResponse:
    """The authority's response, or the certificates behind it."""
    _, number, *_rest = name.split("-")
    for anchor in queries.rows(Anchor).filter(number=int(number)):
        if anchor.name == name:
            content = bytes(anchor.token) if ending == "tsr" else anchor.certificates
            sent = HttpResponse(content, content_type=Anchor.TYPES[ending])
            sent["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
            return sent
    raise NotFound(f"There is no anchor {name}.", code="not_found")


@csrf_exempt
def cosignatures(request: HttpRequest) -> HttpResponse:
    """The newest note of each witness; POST takes a new one from a witness whose key is configured."""
    return _received(request) if request.method == "POST" else _notes(request)


@page(also=fingerprint)
def _notes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    notes = "\n".join(signed["cosignature"].note for signed in _signed())
    return HttpResponse(notes, content_type="text/plain; charset=utf-8")


def _received(request: HttpRequest) -> HttpResponse:
    throttle = ReadThrottle()
    if not throttle.is_within(name_of(throttle.address_of(request))):
        return _plain("Too many requests. Wait a minute.", 429)
    note = request.read(LARGEST + 1)
    try:
        kept = witnesses.accept(note.decode(), timezone.now()) if len(note) <= LARGEST else None
    except witnesses.AnotherLog as refused:
        return _plain(str(refused), 409)
    except (witnesses.CosignatureRefused, UnicodeDecodeError) as refused:
        return _plain(str(refused), 403)
    if kept is None:
        return _plain(f"A note has at most {LARGEST} bytes.", 413)
    return _plain(f"Publication {kept.number}, signed by {kept.witness}: kept.", 200)


def _signed() -> list[dict[str, Any]]:
    """The newest signature of each configured witness, with the key to check it."""
    newest = queries.rows(Cosignature).order_by("witness", "-number", "-signed_at").distinct("witness")
    found = [{"cosignature": signed, "key": witnesses.key_for(signed.witness)} for signed in newest]
    return [signed for signed in found if signed["key"]]


def _address(anchor: Anchor, ending: str) -> str:
    return reverse("anchor-file", args=[anchor.name, ending])


def _plain(message: str, status: int) -> HttpResponse:
    sent = HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
    sent["Cache-Control"] = "no-store"
    return sent
