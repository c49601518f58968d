"""Saved filters of a list: one's own, shared and watched ones, and the one that could be saved now."""

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.http import HttpRequest

from editorial.models import SavedFilter, Watch
from editorial.workflow import watches


def saved_filters(request: HttpRequest, opts: Any) -> dict[str, Any]:
    """Saved filters on a list: one's own and shared ones, and the one that could be saved now."""
    listed = f"{opts.app_label}_{opts.model_name}"
    narrowed = request.GET.copy()
    for name in (PAGE_VAR, "e"):
        narrowed.pop(name, None)
    return {
        "listed": listed if listed in watches.LISTS else "",
        "saved_filters": SavedFilter.objects.offered_to(request.user)
        .filter(listed=listed)
        .select_related("owner")
        .order_by("name", "pk"),
        "filter_query": narrowed.urlencode(),
        "watched_filters": set(
            Watch.objects.filter(user=request.user.pk, saved_filter__listed=listed).values_list(
                "saved_filter", flat=True
            )
        ),
    }
