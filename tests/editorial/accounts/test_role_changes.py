"""Roles take two administrators, passwords are chosen by their owners, and the audit log records it all."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from editorial.accounts import role_changes
from editorial.accounts.role_changes import RolesRefused
from editorial.accounts.roles import Role
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
