"""Content security policy of responses: nearly all share one, so its text is built once."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

OF_ONE_ANSWER = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")


class ContentSecurityPolicy(CSPMiddleware):
    """Middleware: sets the header of django-csp without calling it for responses that use the default policy."""

    text: tuple[object, str] | None = None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        policy = settings.CONTENT_SECURITY_POLICY
        own = vars(response).keys() & OF_ONE_ANSWER or getattr(request, "_csp_nonce", None) or settings.DEBUG
        if own or HEADER in response:
            return super().process_response(request, response)
        if self.text is None or self.text[0] is not policy:
            super().process_response(request, response)
            self.text = policy, response[HEADER]
        else:
            response[HEADER] = self.text[1]
        return response
