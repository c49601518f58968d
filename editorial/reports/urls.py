"""URLs of readers' reports."""

from django.urls import path

from editorial.reports import views

urlpatterns = [
    path("receipts/<slug:token>/", views.receipt, name="report-receipt"),
    path("<slug:kind>/<slug:key>/", views.report, name="report"),
]
