"""Proposals over the API: sent under a key with the scope, read again by the same partner and by nobody else."""

import re
from typing import Any, ClassVar, NamedTuple, NoReturn

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from conflict.public.deprecations import PLURALS_OF_CLAIMS
from conflict.public.exceptions import NotFound, Refusal
from conflict.public.json_responses import Json, linked, written
from conflict.public.negotiation import FormatOrAccept
from conflict.public.pagination import DEFAULT_PAGE, LARGEST_PAGE
from conflict.public.parameters import LARGEST_NUMBER, Number, Parameter, Term
from conflict.public.query_strings import given, read_value
from conflict.public.throttles import ReadThrottle
from editorial.models import Proposal
from editorial.models.partner import Scope
from editorial.partners import openapi, proposals
from editorial.partners.authentication import Forbidden, Holder, Unauthorized
from editorial.partners.parsers import OneObject, digest
from editorial.partners.part_serializers import ClaimSaid
from editorial.partners.serializers import ProposalSaid, faults
from editorial.partners.throttles import ProposalThrottle

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")
VERSION = re.compile(r'"(\d{1,9})"')
ETAG = re.compile(
    r'(?:W/)?"[0-9a-f]+\.(\d{1,15})\.[a-z0-9.]+"'
)  # of our own: it names the head of the log that was seen


class Conflicting(Refusal):
    status_code = 409


class MovedOn(Refusal):
    status_code = 412


class NotAllowed(Refusal):
    status_code = 405


class PartnerView(APIView):
    """An address that opens to a key with the scope `propose`. Its answers are for the partner alone."""

    http_method_names = ["get", "head", "options"]
    renderer_classes = [Json]
    parser_classes = [OneObject]
    content_negotiation_class = FormatOrAccept
    schema = openapi.Described()
    parameters: ClassVar[dict[str, Parameter]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        translation.activate("en")
        super().initial(request, *args, **kwargs)
        self.asked = given(request.query_params, self.known_parameters)

    @property
    def known_parameters(self) -> dict[str, Parameter]:
        return {**self.parameters, "format": Term("The format of the answer.", ["json"])}

    def check_permissions(self, request: Request) -> None:
        holder: Any = request.auth
        if not isinstance(holder, Holder):
            raise Unauthorized("This needs a key: `Authorization: Key <prefix>.<secret>`.", code="key_required")
        if Scope.PROPOSE not in holder.scopes:
            raise Forbidden("This key is without the scope `propose`. Ask the desk for one.", code="missing_scope")
        self.holder = holder

    def get_throttles(self) -> list[Any]:
        self.throttles_asked = [ProposalThrottle() if self.request.method == "POST" else ReadThrottle()]
        return self.throttles_asked

    throttles_asked: list[Any] = []

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        refusal = NotAllowed(f"{request.method} is not possible here.", code="method_not_allowed")
        refusal.headers = {"Allow": self.allowed}
        raise refusal

    @property
    def allowed(self) -> str:
        return ", ".join(self.http_method_names).upper()

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204, headers={"Allow": self.allowed})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = "no-store"
        for throttle in self.throttles_asked:
            throttle.describe(finished)
        return finished

    def own(self) -> Any:
        """Proposals of the partner behind the key."""
        return Proposal.objects.of(self.holder.partner_id).select_related("submission", "dispute")


class Proposals(PartnerView):
    http_method_names = ["get", "post", "head", "options"]
    parameters = {
        "before": Number("Number of the last proposal you have: the list goes on below it.", 1, LARGEST_NUMBER),
        "page_size": Number(f"Proposals of a page; {DEFAULT_PAGE} when not given.", 1, LARGEST_PAGE),
    }

    @openapi.described(
        operation_id="proposals_list",
        summary="Your proposals, newest first.",
        parameters=[
            OpenApiParameter(name, int, description=str(parameter.help_text)) for name, parameter in parameters.items()
        ],
        responses={200: openapi.ProposalPage, **openapi.refused(openapi.REFUSED)},
    )
    def get(self, request: Request) -> HttpResponse:
        size = read_value(self.parameters, "page_size", self.asked) or DEFAULT_PAGE
        rows = self.own().newest_first()
        if before := read_value(self.parameters, "before", self.asked):
            rows = rows.filter(pk__lt=before)
        found = list(rows[: size + 1])
        following = None
        if len(found) > size:
            found.pop()
            following = request.build_absolute_uri(f"{request.path}?page_size={size}&before={found[-1].pk}")
        body = {"next": following, "results": [openapi.proposal_status(proposal, request) for proposal in found]}
        return linked(written(body), {"next": following})

    @openapi.described(
        operation_id="proposals_create",
        summary="Propose what is missing from an entry, a correction, or an objection. Editors read it; nothing of it is public before review.",
        parameters=[openapi.IDEMPOTENCY_KEY, openapi.IF_MATCH],
        request=ProposalSaid,
        responses={
            201: openapi.ProposalTold,
            200: openapi.ProposalTold,
            **openapi.refused(openapi.REFUSED_WRITING),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        name, payload = idempotency_key(request), request.data
        if not isinstance(payload, dict) or not payload:
            raise Refusal("The body is empty: send one proposal as JSON.", code="bad_json")
        seen = version_seen(request)
        sent: dict[str, Any] = {"key_id": self.holder.key_id, "idempotency_key": name, "body_sha256": digest(payload)}
        try:
            proposal, is_new = proposals.replayed(**sent), False
            if proposal is None:
                refuse_invalid(payload)
                if isinstance(seen, HeadSeen):
                    seen = proposals.version_at(payload["entry"]["kind"], payload["entry"]["key"], seen.number) or 0
                proposal, is_new = proposals.receive(**sent, payload=payload, at=timezone.now(), seen_version=seen)
        except proposals.UsedBefore as refused:
            raise Conflicting(str(refused), code="idempotency_conflict", field="Idempotency-Key") from refused
        except proposals.MovedOn as refused:
            raise MovedOn(str(refused), code="precondition_failed", field="If-Match") from refused
        body = openapi.proposal_status(proposal, request)
        response = written(body)
        response.status_code = 201 if is_new else 200
        response["Location"] = body["url"]
        response["Idempotency-Key"] = name
        claim = payload.get("claim")
        if isinstance(claim, dict) and not ClaimSaid.FORMER.keys().isdisjoint(claim):
            PLURALS_OF_CLAIMS.describe(request, response)
        return response


class OneProposal(PartnerView):
    @openapi.described(
        operation_id="proposals_retrieve",
        summary="One proposal of yours, and how far it has come.",
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)],
        responses={200: openapi.ProposalTold, **openapi.refused(openapi.REFUSED | {404: "No proposal of yours."})},
    )
    def get(self, request: Request, number: int) -> HttpResponse:
        proposal = self.own().filter(pk=number).first() if number <= LARGEST_NUMBER else None
        if proposal is None:
            raise NotFound("You have no proposal with this number.", code="not_found")
        return written(openapi.proposal_status(proposal, request))


def idempotency_key(request: Request) -> str:
    name = str(request.headers.get("Idempotency-Key", ""))
    if not IDEMPOTENCY_KEY.fullmatch(name):
        message = "Send an Idempotency-Key of your choosing: 1 to 200 visible ASCII characters, new for each proposal."
        raise Refusal(message, code="idempotency_key_required", field="Idempotency-Key")
    return name


class HeadSeen(NamedTuple):
    """The number of the last publication when the client read the entry."""

    number: int


def version_seen(request: Request) -> int | HeadSeen | None:
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    if version := VERSION.fullmatch(header):
        return int(version[1])
    if etag := ETAG.fullmatch(header):
        return HeadSeen(int(etag[1]))
    raise Refusal(
        'If-Match takes the version of the entry that you saw, for example "3", or the ETag that it came with.',
        field="If-Match",
    )


def refuse_invalid(payload: dict[str, Any]) -> None:
    """Raises Refusal that names the first field at fault; `errors` has them all."""
    read = ProposalSaid(data=payload)
    if not read.is_valid():
        found = faults(read.errors)
        field, fault = next(iter(found.items()))
        raise Refusal(fault, code="invalid", field=field or None, errors=found)
