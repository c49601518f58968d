"""URLs of the API, version 1."""

from django.urls import path, re_path, register_converter

from conflict.api import changelog, documentation, reconciliation, releases, root, schema, totals, versions, views
from conflict.api.compat.dyadic_views import Dyadic, DyadicFile, DyadicToken
from conflict.api.compat.georeferenced_views import Georeferenced
from conflict.api.resources import ENTRIES, FINDINGS, OF_LOG, RESOURCES

app_name = "api"

urlpatterns = [
    path("", root.RootView.as_view(), name="root"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", documentation.docs, name="docs"),
    path("docs/changelog/", documentation.changes, name="changelog"),
    path("docs/changelog/feed/", changelog.feed, name="changelog-feed"),
    path("docs/<slug:name>/", documentation.resource, name="reference"),
    path("docs/formats/<slug:name>/", documentation.formats, name="format"),
    path("totals/", totals.TotalsView.as_view(), name="totals"),
]


class KeyOfFinding:
    """Key of a finding: the event's key, a dot, and the finding's own key."""

    regex = r"[-a-zA-Z0-9_]+\.[-a-zA-Z0-9_]+"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(KeyOfFinding, "finding")

for resource in RESOURCES:
    one = "<int:key>" if resource in OF_LOG else "<finding:key>" if resource is FINDINGS else "<slug:key>"
    urlpatterns += [
        path(
            f"{resource.name}/",
            views.ListView.as_view(resource=resource, renderer_classes=resource.formats),
            name=resource.name,
        ),
    ]
    detail = views.DetailView.as_view(resource=resource)
    urlpatterns.append(path(f"{resource.name}/{one}/", detail, name=f"{resource.name}-detail"))

for resource in ENTRIES:
    entry = f"{resource.name}/<slug:key>/versions"
    urlpatterns += [
        path(f"{entry}/", versions.Versions.as_view(of=resource), name=f"{resource.name}-versions"),
        path(f"{entry}/<int:version>/", versions.Version.as_view(of=resource), name=f"{resource.name}-version"),
        path(f"{entry}/<int:version>/changes/", versions.Changes.as_view(of=resource), name=f"{resource.name}-changes"),
    ]

urlpatterns += [
    path("reconciliation/", reconciliation.ReconciliationView.as_view(), name="reconciliation"),
    path("reconciliation/suggest/<slug:what>/", reconciliation.SuggestView.as_view(), name="suggest"),
    path("reconciliation/properties/", reconciliation.PropertiesView.as_view(), name="reconciliation-properties"),
    path("releases/", releases.Releases.as_view(), name="releases"),
    path("releases/<str:name>/", releases.Release.as_view(), name="release"),
    path("releases/<str:name>/changes/", releases.ReleaseChanges.as_view(), name="release-changes"),
    path("releases/<str:name>/<str:file>", releases.ReleaseFile.as_view(), name="release-file"),
    re_path(
        r"^compatibility/georeferenced/(?P<table>[a-z]+)/(?P<version>[0-9.]{1,20})/?$",
        Georeferenced.as_view(),
        name="georeferenced",
    ),
    path("compatibility/dyadic/oauth/token", DyadicToken.as_view()),
    re_path(r"^compatibility/dyadic/(?P<table>[a-z]+)/read/?$", Dyadic.as_view(), name="dyadic"),
    re_path(r"^compatibility/dyadic/(?P<table>[a-z]+)/read\.(?P<file_format>csv|json)$", DyadicFile.as_view()),
]

urlpatterns.append(re_path(".*", root.NotFoundView.as_view()))
