"""Roles take two administrators, passwords are chosen by their owners, and the audit log records it all."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from editorial.accounts import role_changes
from editorial.accounts.role_changes import RolesRefused
from editorial.accounts.roles import Role, install_roles
from editorial.models import AuditEntry, RoleChange, User
from tests.desk import MORNING, just_signed_in, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def second():
    return person("second", Role.ADMINISTRATOR)


@pytest.fixture
def page(administrator):
    client = Client()
    client.force_login(administrator)
    just_signed_in(client, administrator)
    return client


def roles_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def ask(account: User, by: User, *roles: Role) -> RoleChange:
    return role_changes.ask(account=account, roles=roles, by=by, at=MORNING, why="She joins.")


class TestARole:
    def test_comes_into_force_once_a_second_administrator_has_confirmed_it(self, author, administrator, second):
        change = ask(author, administrator, Role.CONTRIBUTOR, Role.REVIEWER)
        assert roles_of(author) == {"contributor"}
        with pytest.raises(RolesRefused, match="another administrator has to confirm"):
            role_changes.confirm(change=change, by=administrator, at=MORNING)

        role_changes.confirm(change=change, by=second, at=MORNING)

        assert roles_of(author) == {"contributor", "reviewer"}
        assert set(AuditEntry.objects.filter(entries=["account author"]).values_list("verb", "by__username")) == {
            ("ask_for_roles", "administrator"),
            ("confirm_roles", "second"),
            ("rights_changed", None),  # by the trigger: also where no verb was used
        }

    def test_is_never_given_to_oneself(self, administrator, second):
        with pytest.raises(RolesRefused, match="their own roles"):
            ask(administrator, administrator, Role.ADMINISTRATOR, Role.REVIEWER)
        change = ask(second, administrator, Role.ADMINISTRATOR, Role.REVIEWER)
        with pytest.raises(RolesRefused, match="their own roles"):
            role_changes.confirm(change=change, by=second, at=MORNING)

    def test_is_given_by_one_where_there_is_no_second_and_the_audit_says_so(self, author, administrator):
        ask(author, administrator, Role.CONTRIBUTOR, Role.ADMINISTRATOR)

        assert roles_of(author) == {"contributor", "administrator"}
        assert "by one person" in AuditEntry.objects.get(verb="give_roles_alone").why

    def test_other_than_an_administrators_is_not_given_by_one_even_where_there_is_no_second(
        self, author, administrator
    ):
        assert ask(author, administrator, Role.CONTRIBUTOR, Role.REVIEWER).settled_at is None

    @pytest.mark.parametrize("removal", ["deactivated", "stripped", "a superuser, deactivated"])
    def test_is_not_given_by_one_who_got_rid_of_the_second(self, author, administrator, second, removal):
        if removal == "stripped":
            ask(second, administrator)
        else:
            User.objects.filter(pk=second.pk).update(is_active=False, is_superuser="superuser" in removal)

        assert ask(author, administrator, Role.CONTRIBUTOR, Role.ADMINISTRATOR).settled_at is None

    def test_is_taken_away_at_once(self, author, administrator, second):
        ask(author, administrator)

        assert roles_of(author) == set()
        assert AuditEntry.objects.filter(verb="take_roles").exists()

    def test_is_not_given_by_who_is_no_administrator(self, author, chief, second):
        with pytest.raises(RolesRefused, match="may not change roles"):
            ask(author, chief, Role.REVIEWER)

    def test_asked_for_by_somebody_who_is_none_any_more_is_not_confirmed(self, author, administrator, second):
        change = ask(author, administrator, Role.REVIEWER)
        User.objects.filter(pk=administrator.pk).update(is_active=False)

        with pytest.raises(RolesRefused, match="is no administrator any more"):
            role_changes.confirm(change=change, by=second, at=MORNING)

    def test_is_not_given_by_the_form_of_an_account(self, author, administrator, second, page):
        group = second.groups.get()

        page.post(
            reverse("admin:editorial_user_change", args=[author.pk]),
            {"username": "author", "is_active": "on", "is_staff": "on", "groups": [group.pk], "is_superuser": "on"},
        )

        author.refresh_from_db()
        assert (roles_of(author), author.is_superuser) == ({"contributor"}, False)
        assert AuditEntry.objects.filter(verb="change_account", entries=["account author"]).exists()

    def test_is_asked_for_and_confirmed_on_pages(self, author, administrator, second, page):
        page.post(reverse("admin:editorial_user_roles", args=[author.pk]), {"role": ["contributor", "reviewer"]})
        change = RoleChange.objects.get()
        other = Client()
        other.force_login(second)
        just_signed_in(other, second)
        address = reverse("admin:editorial_rolechange_change", args=[change.pk])
        assert "contributor, reviewer" in other.get(address).content.decode()

        other.post(address, {"confirm": "yes"})

        assert roles_of(author) == {"contributor", "reviewer"}


class TestAnAccount:
    def test_is_made_without_a_password_and_kept_in_the_audit(self, administrator, page):
        page.post(
            reverse("admin:editorial_user_add"), {"username": "newcomer", "email": "", "password1": "chosen-by-another"}
        )

        made = User.objects.get(username="newcomer")
        assert not made.has_usable_password()
        assert AuditEntry.objects.filter(verb="make_account", by=administrator).exists()

    def test_gets_its_password_from_its_owner_by_a_link_that_holds_once(self, author, administrator, page):
        address = reverse("admin:auth_user_password_change", args=[author.pk])
        said = page.post(address, {"password1": "of-the-administrator", "password2": "of-the-administrator"})
        link = re.search(r"/account/password/set/[^<\s]+", said.content.decode()).group()
        owner = Client()
        form = owner.get(link, follow=True)
        chosen = {"new_password1": "a long word of my own", "new_password2": "a long word of my own"}

        owner.post(form.request["PATH_INFO"], chosen)

        author.refresh_from_db()
        assert author.check_password("a long word of my own")
        assert not author.check_password("of-the-administrator")
        assert AuditEntry.objects.filter(verb="reset_password", by=administrator).exists()
        assert "used already" in Client().get(link, follow=True).content.decode()

    def test_has_no_roles_after_its_password_was_reset_until_a_second_administrator_confirms_them(
        self, author, administrator, second, page
    ):
        page.post(reverse("admin:auth_user_password_change", args=[author.pk]), {})

        assert roles_of(author) == set()
        role_changes.confirm(change=RoleChange.objects.get(), by=second, at=MORNING)
        assert roles_of(author) == {"contributor"}

    def test_keeps_its_roles_if_a_second_factor_guards_it_beside_the_password(
        self, author, administrator, second, page
    ):
        Authenticator.objects.create(user=author, type=Authenticator.Type.TOTP, data={"secret": "x"})

        page.post(reverse("admin:auth_user_password_change", args=[author.pk]), {})

        assert roles_of(author) == {"contributor"}

    def test_that_comes_back_has_no_roles_until_they_are_confirmed_anew(self, author, administrator, second, page):
        User.objects.filter(pk=author.pk).update(is_active=False)

        page.post(
            reverse("admin:editorial_user_change", args=[author.pk]),
            {"username": "author", "is_active": "on", "is_staff": "on"},
        )

        assert User.objects.get(pk=author.pk).is_active
        assert roles_of(author) == set()
        assert RoleChange.objects.waiting().get().roles == ["contributor"]

    def test_is_not_changed_without_showing_anew_who_one_is(self, author, administrator, second):
        client = Client()
        client.force_login(administrator)

        answer = client.post(
            reverse("admin:editorial_user_change", args=[author.pk]), {"username": "author", "email": "a@example.org"}
        )

        assert "/account/confirm/" in answer["Location"]
        assert User.objects.get(pk=author.pk).email == ""


class TestASuperuser:
    def made(self, name: str) -> User:
        call_command("createsuperuser", username=name, email="", interactive=False, verbosity=0)
        return User.objects.get(username=name)

    def test_is_the_first_of_an_installation_and_the_audit_says_so(self):
        assert self.made("first").is_superuser
        assert set(AuditEntry.objects.filter(entries=["account first"]).values_list("verb", flat=True)) == {
            "make_superuser",
            "rights_changed",
        }

    def test_after_the_first_waits_for_an_administrator(self):
        first, other = self.made("first"), self.made("other")

        assert (other.is_superuser, roles_of(other)) == (False, set())
        role_changes.confirm(change=RoleChange.objects.get(), by=first, at=MORNING)
        assert roles_of(other) == {"administrator"}

    def test_changes_no_role_and_no_permission_by_hand(self, author):
        root = self.made("first")
        client = Client()
        client.force_login(root)
        just_signed_in(client, root)
        group = author.groups.get()

        answer = client.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "x", "permissions": []})

        assert answer.status_code == 403
        assert client.get("/admin/auth/permission/").status_code in (403, 404)

    @pytest.mark.parametrize("path", ["group", "permission", "superuser"])
    def test_made_by_any_path_is_in_the_audit(self, author, path):
        match path:
            case "group":
                install_roles()[Role.MANAGING_EDITOR].user_set.add(author)
            case "permission":
                author.user_permissions.add(Permission.objects.get(codename="publish_submission"))
            case "superuser":
                User.objects.filter(pk=author.pk).update(is_superuser=True)

        said = AuditEntry.objects.filter(verb="rights_changed", entries=["account author"]).latest("pk").why
        assert said in ("given: managing editor", "given: publish_submission", "given: everything, as a superuser")
