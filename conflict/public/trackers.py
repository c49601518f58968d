"""Tracking parameters that mail programs, social networks and scripts append to links: removed before a request is
parsed.

A closed list. Any other parameter belongs to this site, and is rejected if unknown.
"""

from collections.abc import Callable
from urllib.parse import unquote_plus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

TRACKERS = frozenset((
    "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "mibextid", "sfnsn", "igshid", "igsh", "twclid",
    "__twitter_impression", "ref_src", "ref_url", "ttclid", "li_fat_id", "rdt_cid", "epik", "sccid", "s_cid", "gclid", "gclsrc",
    "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "msclkid", "yclid", "ysclid", "_ga", "_gl", "mc_cid",
    "mc_eid", "mkt_tok", "_ke", "vero_id", "oly_anon_id", "oly_enc_id", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp",
    "hsctatracking", "ml_subscriber", "ml_subscriber_hash", "trk_contact", "trk_msg", "trk_module", "trk_sid", "wickedid", "xtor",
    "_branch_match_id", "ref", "si", "xmt", "wprov", "guccounter", "guce_referrer", "guce_referrer_sig", "s_kwcid",
))  # fmt: skip
CAMPAIGNS = ("utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "at_campaign", "at_medium")  # prefixes of such names
DESK = "/admin/"  # its links are not passed on


def is_tracker(name: str, value: str) -> bool:
    name = name.lower()
    return (
        name in TRACKERS or name.startswith(CAMPAIGNS) or (name == "_" and value.isdecimal())
    )  # jQuery's `cache: false`


def without_trackers(query: str) -> str:
    """The query string without tracking parameters; everything else is left exactly as it was."""
    kept = []
    for part in query.split("&"):
        name, _equals, value = part.partition("=")
        if not is_tracker(unquote_plus(name), value):
            kept.append(part)
    return "&".join(kept)


class DropTrackers:
    """Middleware that removes tracking parameters before pages, feeds, the API and their caches see them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (query := request.META.get("QUERY_STRING")) and not request.path_info.startswith(DESK):
            request.META["QUERY_STRING"] = without_trackers(query)
        return self.get_response(request)
