"""Addresses of proposals, under /api/v1/proposals/."""

from django.urls import path

from editorial.partners import views

app_name = "proposals"

urlpatterns = [
    path("", views.Proposals.as_view(), name="proposals"),
    path("<int:number>/", views.OneProposal.as_view(), name="proposal"),
]
