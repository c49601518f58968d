from django.apps import AppConfig
from django.contrib.admin import apps as admin


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = "Editorial"


class DeskAdminConfig(admin.AdminConfig):
    """Django's admin, with the desk's own site as the one at /admin/."""

    default = False  # not what "editorial" in INSTALLED_APPS means
    default_site = "editorial.site.DeskSite"
