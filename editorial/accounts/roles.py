"""The four roles of the desk and their permissions, in one table."""

from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet

from conflict.models import TABLES
from editorial.models import User


class Role(StrEnum):
    """Roles are groups; an account may hold several. No role or combination of roles exempts from four eyes."""

    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    MANAGING_EDITOR = "managing editor"
    ADMINISTRATOR = "administrator"


BACKEND = "django.contrib.auth.backends.ModelBackend"  # where groups and permissions are kept
EDITING = ("view", "add", "change", "delete")

CONTRIBUTING = (
    *(("conflict", model, EDITING) for model in TABLES),
    ("editorial", "submission", ("view", "add")),
    ("editorial", "dispute", ("view",)),
    ("editorial", "journalnote", ("view", "add")),
    ("editorial", "proposal", ("view",)),
    ("editorial", "report", ("view",)),
    ("editorial", "sourceterms", ("view",)),
    ("editorial", "*", ("open_dispute", "import_dataset", "settle_proposal", "settle_report")),
    ("editorial", "*", tuple(f"{verb}_{model}" for verb in ("import", "export") for model in TABLES)),
)
MANAGING_KEYS = (
    ("editorial", "partner", ("view", "add", "change")),
    ("editorial", "partnerkey", ("view",)),
    ("editorial", "webhook", ("view",)),
    ("editorial", "delivery", ("view",)),
    ("editorial", "*", ("manage_keys",)),
)
REVIEWING = (*CONTRIBUTING, ("editorial", "*", ("review_submission", "settle_dispute")))

PERMISSIONS: dict[Role, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    Role.CONTRIBUTOR: CONTRIBUTING,
    Role.REVIEWER: REVIEWING,
    Role.MANAGING_EDITOR: (
        *REVIEWING,
        *MANAGING_KEYS,
        ("editorial", "sourceterms", EDITING),
        (
            "editorial",
            "*",
            (
                "publish_submission",
                "publish_submission_in_emergency",
                "retract_entry",
                "erase_entry",
                "read_audit",
                "export_restricted_source",
            ),
        ),
    ),
    Role.ADMINISTRATOR: (
        *(("conflict", model, ("view",)) for model in TABLES),
        ("editorial", "user", EDITING),
        ("editorial", "submission", ("view",)),
        ("editorial", "dispute", ("view",)),
        ("editorial", "*", ("read_audit", "erase_entry")),
        ("auth", "group", ("view",)),
        *MANAGING_KEYS,
    ),
}


def holders(permission: str) -> QuerySet[User]:
    """Active accounts that have the permission."""
    return User.objects.with_perm(permission, backend=BACKEND)


@transaction.atomic
def install_roles() -> dict[Role, Group]:
    """Create the groups and set their permissions to exactly those in the table."""
    there = {
        (perm.content_type.app_label, perm.codename): perm for perm in Permission.objects.select_related("content_type")
    }
    groups = {}
    for role, grants in PERMISSIONS.items():
        groups[role], _ = Group.objects.get_or_create(name=role.value)
        names = [
            (app, action if model == "*" else f"{action}_{model}")
            for app, model, actions in grants
            for action in actions
        ]
        groups[role].permissions.set([there[name] for name in names])
    return groups
