"""URLs: the desk under /admin/ with its accounts under /account/, the API under /api/v1/, the website everywhere else."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from conflict.ops import health, metrics, static_files
from conflict.pages.chronology_files import outlines

admin.autodiscover()  # here, not when Django starts: the worker needs no forms
urlpatterns = [
    path("admin/", admin.site.urls),
    re_path("^outlines-(?P<fingerprint>[0-9a-f]{12}).(?P<form>geojson|svg)$", outlines, name="outlines"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("favicon.ico", static_files.favicon, name="favicon"),  # for browsers that ask before they have read a page
    path("api/v1/proposals/", include("editorial.partners.urls")),  # before the API, which matches everything else
    path("api/v1/", include("conflict.api.urls")),
]

# English has no prefix, French is under /fr/: each URL is one page in one language, for caches and links.
urlpatterns += i18n_patterns(
    path("account/", include("editorial.accounts.urls")),
    path("report/", include("editorial.reports.urls")),
    path("", include("conflict.pages.urls")),
    prefix_default_language=False,
)

handler400 = "conflict.ops.error_handlers.bad_request"
handler403 = "conflict.pages.errors.forbidden"
handler404 = "conflict.pages.errors.not_found"
handler500 = "conflict.ops.error_handlers.broken"
