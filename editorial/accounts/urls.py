"""Addresses of accounts: signing in and out, passwords, second factors. No signing up, nothing by e-mail."""

from allauth.account import views
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import include, path, reverse_lazy

from editorial.accounts.login import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/", views.password_change, name="account_change_password"),
    path(
        "password/set/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="account/set_password.html", success_url=reverse_lazy("account_login")
        ),
        name="account_set_password",
    ),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", include("allauth.mfa.urls")),
]
