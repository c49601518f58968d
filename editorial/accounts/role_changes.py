"""Role changes: one administrator requests a role, another confirms it, nobody for themselves; removal needs only one.

The first administrator of an installation may make the second one alone, and nothing else. An account that could be in
other hands than before, because its password was reset or it was reactivated, has no roles until they are confirmed anew.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q

from conflict.message import gettext as _
from conflict.message import gettext_noop, joined
from editorial.accounts import sessions
from editorial.accounts.four_eyes import is_second
from editorial.accounts.roles import Role, holders, install_roles
from editorial.models import AuditEntry, RoleChange, User

ALONE = gettext_noop("There never was a second administrator: in force at once, by one person.")


class RolesRefused(ValueError):
    """The change is refused; the message says why."""


def administrators() -> "set[int]":
    """Ids of the active accounts that may change accounts."""
    return set(holders("editorial.change_user").values_list("pk", flat=True))


@transaction.atomic
def ask(*, account: User, roles: Collection[str], by: User | None, at: datetime, why: str = "") -> RoleChange:
    """Request exactly these roles for the account. Removals take effect at once; additions await a second administrator.

    `by` is None for a request made at the server: one administrator confirms it.
    """
    if by is not None:
        _refuse_who_may_not(by, account)
    wanted = {Role(role).value for role in roles}
    had = set(account.groups.values_list("name", flat=True))
    if wanted == had:
        raise RolesRefused(_("The account %(account)s has these roles already.") % {"account": account.username})
    change = _request(account, wanted, had, by, at, why)
    if by is None:
        return change
    if wanted < had:
        _settle(change, by, at, "take_roles", is_granted=True)
    elif wanted - had <= {Role.ADMINISTRATOR.value} and not ever_another(by):
        _settle(change, by, at, "give_roles_alone", is_granted=True, why=_(ALONE))
    return change


def _request(
    account: User, wanted: Collection[str], had: Collection[str], by: User | None, at: datetime, why: str
) -> RoleChange:
    try:
        with transaction.atomic():
            change = RoleChange.objects.create(
                account=account, roles=sorted(wanted), had=sorted(had), why=why, asked_by=by, asked_at=at
            )
    except IntegrityError as error:
        raise RolesRefused(
            _("A change of %(account)s's roles is waiting already: settle it first.") % {"account": account.username}
        ) from error
    note(
        "ask_for_roles",
        account,
        by,
        at,
        joined([f"{', '.join(sorted(wanted))}." if wanted else _("No role."), *([why] if why else [])]),
    )
    return change


def ever_another(by: User) -> bool:
    """True if anybody else can change accounts, or ever could: deactivating them or taking their role makes nobody the first."""
    role = Role.ADMINISTRATOR.value
    others = User.objects.exclude(pk=by.pk).filter(Q(is_superuser=True) | Q(groups__name=role))
    changes = RoleChange.objects.exclude(account=by).filter(
        Q(had__contains=[role]) | Q(roles__contains=[role], is_granted=True)
    )
    return others.exists() or changes.exists() or RoleChange.objects.exclude(asked_by=by).exists()


@transaction.atomic
def suspend(*, account: User, by: User | None, at: datetime, why: str) -> RoleChange | None:
    """Take all roles from an account and ask for them anew, because somebody else may be using it now.

    A superuser becomes somebody who waits for the role of an administrator. The only administrator keeps what they have:
    nobody could confirm it.
    """
    had = set(account.groups.values_list("name", flat=True))
    wanted = had | ({Role.ADMINISTRATOR.value} if account.is_superuser else set())
    if not wanted or administrators() <= {account.pk}:
        return None
    for waiting in RoleChange.objects.waiting().filter(account=account):
        waiting.settled_by, waiting.settled_at, waiting.is_granted = by or account, at, False
        waiting.save()
    account.is_superuser = False
    account.save(update_fields=["is_superuser"])
    account.groups.clear()
    sessions.end_all_of(account)
    note("suspend_roles", account, by, at, why)
    return _request(account, wanted, wanted, by, at, why)


@transaction.atomic
def confirm(*, change: RoleChange, by: User, at: datetime) -> RoleChange:
    """Put into force a change that another administrator requested."""
    change = _waiting(change)
    _refuse_who_may_not(by, change.account)
    if not is_second(by, {change.asked_by_id}):
        raise RolesRefused(_("You asked for this: another administrator has to confirm it."))
    if change.asked_by is not None and change.asked_by_id not in administrators():
        raise RolesRefused(
            _("%(asked_by)s is no administrator any more: ask for it anew.") % {"asked_by": change.asked_by.username}
        )
    _settle(change, by, at, "confirm_roles", is_granted=True)
    return change


@transaction.atomic
def decline(*, change: RoleChange, by: User, at: datetime) -> RoleChange:
    """Decline a request, or take back one's own."""
    change = _waiting(change)
    _refuse_who_may_not(by, change.account)
    _settle(change, by, at, "decline_roles", is_granted=False)
    return change


def note(verb: str, account: User, by: User | None, at: datetime, why: str = "") -> None:
    """Record in the audit log what was done to an account."""
    AuditEntry.objects.create(verb=verb, by=by, at=at, why=why, entries=[f"account {account.username}"[:150]])


def _waiting(change: RoleChange) -> RoleChange:
    found = RoleChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if found.settled_at is not None:
        raise RolesRefused(_("This was settled meanwhile."))
    return found


def _settle(change: RoleChange, by: User, at: datetime, verb: str, *, is_granted: bool, why: str = "") -> None:
    change.settled_by, change.settled_at, change.is_granted = by, at, is_granted
    change.save()
    if is_granted:
        install_roles()
        change.account.groups.set(Group.objects.filter(name__in=change.roles))
        sessions.end_all_of(change.account)
    note(verb, change.account, by, at, f"{', '.join(change.roles) or 'none'}. {why}".strip())


def _refuse_who_may_not(by: User, account: User) -> None:
    if by.pk not in administrators() and not (by.is_active and by.is_superuser):
        raise RolesRefused(_("The account %(by)s may not change roles.") % {"by": by.username})
    if by.pk == account.pk:
        raise RolesRefused(_("Nobody changes their own roles: ask another administrator."))
    if account.is_superuser and not by.is_superuser:
        raise RolesRefused(_("Only a superuser changes the roles of one."))
