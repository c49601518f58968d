"""Rate limit on proposals: editors read every one of them."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.views import APIView

from conflict.public.throttles import ReadThrottle


class ProposalThrottle(ReadThrottle):
    """Throttle per key, whatever address it is used from."""

    scope = "proposing"

    def get_rate(self) -> str:
        return f"{settings.API_PROPOSALS_PER_HOUR}/hour"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return self.is_within(self.get_cache_key(request, view))

    def get_cache_key(self, request: Request, view: APIView | None) -> str:
        return f"api-proposing-{getattr(request.auth, 'key_id', '')}"
