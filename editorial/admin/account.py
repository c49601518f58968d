"""Accounts of the desk. They are deactivated, never deleted: the history refers to them.

An administrator creates an account and gives its owner a link to choose a password; roles come into force once a
second administrator has confirmed them. All of it is recorded in the audit log.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from editorial.accounts import reauthentication, role_changes, second_factor, sessions
from editorial.accounts.four_eyes import is_second
from editorial.accounts.role_changes import RolesRefused
from editorial.accounts.roles import Role
from editorial.admin.readonly_admin import ReadOnlyAdmin
from editorial.admin.template_pages import render_page
from editorial.admin.verb_calls import user_of
from editorial.models import RoleChange, User

NEVER_IN_A_FORM = ("groups", "is_superuser", "user_permissions", "last_login", "date_joined")


class NewAccountForm(ModelForm):
    """Form for name and address; the owner chooses the password."""

    class Meta:
        model = User
        fields = ("username", "email", "first_name", "last_name", "language")


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ("username", "email", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_staff", "is_superuser")
    actions: list[Any] = []
    add_form = NewAccountForm
    form = UserChangeForm
    add_fieldsets = ((None, {"fields": NewAccountForm.Meta.fields}),)
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "language")}),
        (gettext_lazy("May enter"), {"fields": ("is_active", "is_staff")}),
        (gettext_lazy("Roles"), {"fields": ("groups", "is_superuser", "user_permissions")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = NEVER_IN_A_FORM
    change_form_template = "admin/editorial/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        above_roles = [_("superuser")] if user.is_superuser else []
        return ", ".join([*above_roles, *(group.name for group in user.groups.all())]) or "–"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        changes = ", ".join(f"{name}: {getattr(obj, name)}" for name in form.changed_data)
        role_changes.note(
            "change_account" if change else "make_account", obj, user_of(request), timezone.now(), changes
        )
        if not obj.is_active:
            sessions.end_all_of(obj)
        elif change and "is_active" in form.changed_data:
            self._suspend(request, obj, "The account was reactivated.")

    def _suspend(self, request: HttpRequest, account: User, why: str) -> None:
        if role_changes.suspend(account=account, by=user_of(request), at=timezone.now(), why=why) is not None:
            messages.warning(
                request,
                _("%(account)s has no roles until another administrator has confirmed them anew.")
                % {"account": account},
            )

    def changeform_view(self, request: HttpRequest, *given: Any, **named: Any) -> Any:
        if request.method == "POST":
            reauthentication.require(request)
        return super().changeform_view(request, *given, **named)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [path("<id>/roles/", view(self.roles_view), name="editorial_user_roles"), *super().get_urls()]

    def roles_view(self, request: HttpRequest, id: str) -> HttpResponse:  # as the admin's own views
        """Request roles for an account."""
        account = self._to_change(request, id)
        if request.method == "POST":
            reauthentication.require(request)
            wanted = [role for role in Role if role.value in request.POST.getlist("role")]
            why = request.POST.get("why", "")
            if _tried(
                request,
                lambda: role_changes.ask(
                    account=account, roles=wanted, by=user_of(request), at=timezone.now(), why=why
                ),
            ):
                return HttpResponseRedirect(reverse("admin:editorial_rolechange_changelist"))
        context = {
            "title": _("Roles of %(account)s") % {"account": account.username},
            "account": account,
            "all_roles": [(role.value, account.groups.filter(name=role.value).exists()) for role in Role],
        }
        return render_page(self, request, "admin/editorial/user/roles.html", context)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Create a link for the owner to choose a password, valid once and for some days. Nobody sets another's password."""
        account = self._to_change(request, id)
        if account == request.user:
            return HttpResponseRedirect(reverse("account_change_password"))
        link = ""
        if request.method == "POST":
            reauthentication.require(request)
            account.set_unusable_password()
            account.save(update_fields=["password"])
            sessions.end_all_of(account)
            role_changes.note("reset_password", account, user_of(request), timezone.now())
            if not second_factor.is_set_up(account):  # the link alone opens it, to whoever has the link
                self._suspend(request, account, "The password was reset, and the account has no second factor.")
            token = default_token_generator.make_token(account)
            uid = urlsafe_base64_encode(force_bytes(account.pk))
            with override(account.language or get_language()):  # its page has the language in its address
                link = request.build_absolute_uri(reverse("account_set_password", args=[uid, token]))
        context = {
            "title": _("Password of %(account)s") % {"account": account.username},
            "account": account,
            "link": link,
        }
        return render_page(self, request, "admin/editorial/user/password.html", context)

    def _to_change(self, request: HttpRequest, pk: str) -> User:
        account: User | None = self.get_object(request, pk)
        if account is None or not self.has_change_permission(request, account):
            raise PermissionDenied
        return account


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """Roles and their permissions: `create_roles` writes them, nobody changes them by hand."""

    list_display = ("name",)
    ordering = ("name",)
    filter_horizontal = ("permissions",)


@admin.register(RoleChange)
class RoleChangeAdmin(ReadOnlyAdmin):
    """Requested roles; another administrator confirms each."""

    list_display = ("__str__", "asked_by", "asked_at", "why", "is_granted", "settled_by", "settled_at")
    list_filter = ("is_granted",)
    list_select_related = ("account", "asked_by", "settled_by")
    ordering = ("-asked_at", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("editorial.change_user"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        change = self.get_object(request, object_id)
        if change is None or not self.has_view_permission(request, change):
            raise PermissionDenied
        if request.method == "POST":
            reauthentication.require(request)
            verb = role_changes.confirm if "confirm" in request.POST else role_changes.decline
            _tried(request, lambda: verb(change=change, by=user_of(request), at=timezone.now()))
            return HttpResponseRedirect(reverse("admin:editorial_rolechange_changelist"))
        context = {
            "title": _("Roles of %(account)s") % {"account": change.account.username},
            "change": change,
            "had": ", ".join(change.account.groups.values_list("name", flat=True)) or _("none"),
            "is_mine": not is_second(user_of(request), [change.asked_by_id]),
        }
        return render_page(self, request, "admin/editorial/rolechange/page.html", context)


def _tried(request: HttpRequest, call: Callable[[], RoleChange]) -> bool:
    try:
        change = call()
    except RolesRefused as refused:
        messages.error(request, str(refused))
        return False
    if change.is_granted:
        messages.success(request, _("In force: %(change)s.") % {"change": change})
    else:
        messages.success(
            request,
            _("Kept. A second administrator has to confirm it.") if change.settled_at is None else _("Declined."),
        )
    return True
