"""Who may do what on the desk: four roles, one table."""

from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db import transaction


class Role(StrEnum):
    """Roles are groups; somebody may hold several. None of them makes four eyes out of two."""

    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    MANAGING_EDITOR = "managing editor"
    ADMINISTRATOR = "administrator"


EDITING = ("view", "add", "change", "delete")
DESK_MODELS = [
    "actor",
    "actorname",
    "affiliation",
    "citation",
    "claim",
    "claimparty",
    "claimrelation",
    "event",
    "eventplace",
    "eventrelation",
    "finding",
    "findingbasis",
    "findingparty",
    "location",
    "locationname",
    "notice",
    "noticemention",
    "participation",
    "period",
    "source",
]

PERMISSIONS: dict[Role, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    Role.CONTRIBUTOR: tuple(("conflict", model, EDITING) for model in DESK_MODELS),
    Role.REVIEWER: tuple(("conflict", model, EDITING) for model in DESK_MODELS),
    Role.MANAGING_EDITOR: tuple(("conflict", model, EDITING) for model in DESK_MODELS),
    Role.ADMINISTRATOR: (
        *(("conflict", model, ("view",)) for model in DESK_MODELS),
        ("editorial", "user", EDITING),
        ("auth", "group", ("view",)),
    ),
}


@transaction.atomic
def install_roles() -> dict[Role, Group]:
    """Create the groups and set their permissions to what the table says, no more and no less."""
    groups = {}
    for role, grants in PERMISSIONS.items():
        groups[role], _ = Group.objects.get_or_create(name=role.value)
        wanted = [
            Permission.objects.get(content_type__app_label=app, codename=f"{action}_{model}")
            for app, model, actions in grants
            for action in actions
        ]
        groups[role].permissions.set(wanted)
    return groups
