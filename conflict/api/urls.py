"""Addresses of the API, version 1."""

from django.urls import path, re_path

from conflict.api import schema, views
from conflict.api.resources import PUBLICATIONS, RESOURCES

app_name = "api"

urlpatterns = [
    path("", views.Root.as_view(), name="root"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.docs, name="docs"),
]

for resource in RESOURCES:
    one = "<int:key>" if resource is PUBLICATIONS else "<slug:key>"
    urlpatterns += [
        path(f"{resource.name}/", views.List.as_view(resource=resource), name=resource.name),
        path(f"{resource.name}/{one}/", views.Detail.as_view(resource=resource), name=f"{resource.name}-detail"),
    ]

urlpatterns.append(re_path(".*", views.Nothing.as_view()))
