"""Answers about proposals and their description in OpenAPI."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from conflict.public.json_responses import Error
from conflict.record.log import instant
from conflict.vocabulary import EntryKind
from editorial.models import Proposal
from editorial.models.partner import ProposalKind, ProposalStatus

View = TypeVar("View", bound=Callable[..., Any])


class EntryOfProposal(serializers.Serializer):
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    key = serializers.SlugField()
    version = serializers.IntegerField(help_text="The version that was public when the proposal arrived.")


class ProposalTold(serializers.Serializer):
    """A proposal of yours, and how far it has come. Nobody else sees it here."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    entry = EntryOfProposal()
    status = serializers.ChoiceField(
        choices=ProposalStatus.choices,
        help_text="`accepted` means published, or upheld if it is an objection; until then it may be changed, or declined.",
    )
    reason = serializers.CharField(allow_null=True, help_text="Why it was declined, or how an objection was settled.")
    idempotency_key = serializers.CharField(help_text="The Idempotency-Key that it came with.")
    received_at = serializers.DateTimeField()
    payload = serializers.DictField(help_text="As you sent it.")


class ProposalPage(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    results = ProposalTold(many=True)


def proposal_status(proposal: Proposal, request: Request) -> dict[str, Any]:
    """Reads the submission or dispute; select them with the proposal."""
    return {
        "id": proposal.pk,
        "url": request.build_absolute_uri(reverse("proposals:proposal", args=[proposal.pk])),
        "kind": proposal.kind,
        "entry": {"kind": proposal.entry_kind, "key": proposal.entry_key, "version": proposal.entry_version},
        "status": proposal.status.value,
        "reason": proposal.decline_reason or (proposal.dispute.public_reason if proposal.dispute else "") or None,
        "idempotency_key": proposal.idempotency_key,
        "received_at": instant(proposal.received_at),
        "payload": proposal.payload,
    }


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "editorial.partners.authentication.KeyAuthentication"
    name = "partnerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Key <prefix>.<secret>`. The desk issues keys; reading needs none.",
        }


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 200 visible ASCII characters of your choosing. Sent again with the same body, it answers 200 and "
    "proposes nothing twice, under whichever of your keys; with another body, 409. The answer repeats it.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The version of the entry that you saw, as `"3"`, or the ETag that it came with: 412 when another version '
    "is public by now.",
)
REFUSED = {
    400: "Something in the request is wrong; `field` says what.",
    401: "No key, or one that opens nothing.",
    403: "The key is without the scope `propose`, or used from a foreign network.",
    406: "No such format.",
    429: "Too many requests.",
    503: "The desk is out of reach.",
}
REFUSED_WRITING = REFUSED | {
    409: "The Idempotency-Key came with another body.",
    412: "The entry has moved on.",
    413: "The body is too large.",
    415: "Only JSON, and not compressed.",
}


def refused(of: dict[int, str]) -> dict[int, Any]:
    return {status: OpenApiResponse(Error, description) for status, description in of.items()}


class Described(AutoSchema):
    """Reads off serializers, unlike the description of what is public."""

    def get_tags(self) -> list[str]:
        return ["proposals"]

    def get_auth(self) -> list[dict[str, Any]]:
        """Always with a key."""
        return [auth for auth in super().get_auth() if auth]


def described(**said: Any) -> Callable[[View], View]:
    """A method of a view with its description, by this module's schema rather than the API's own."""

    def describe(method: View) -> View:
        method.kwargs = {"schema": Described}  # type: ignore[attr-defined]  # where extend_schema looks for its base
        return extend_schema(**said)(method)

    return describe
