"""Addresses: the desk under /admin/, the API under /api/v1/, the website for everything else."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
