"""Partners at the desk, and their keys, which are issued, rotated and revoked only here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from editorial.accounts import reauthentication
from editorial.admin.template_pages import TemplatePages
from editorial.admin.verb_calls import made_by, perform, user_of
from editorial.models import Partner, PartnerKey
from editorial.models.partner import Scope, refuse_bad_network
from editorial.partners import keys
from editorial.workflow import permissions

MADE = gettext_lazy("The key is made. Its text is shown only now.")


class KeyForm(forms.Form):
    """Scopes, networks and last day of a new key."""

    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("What it opens"),
        initial=[Scope.READ],
    )
    expires_on = forms.DateField(
        required=False,
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: no end."),
    )
    networks = SimpleArrayField(
        forms.CharField(validators=[refuse_bad_network]),
        required=False,
        label=gettext_lazy("Networks it may be used from"),
        help_text=gettext_lazy("Separated by commas, for example 192.0.2.0/24, 2001:db8::/32. Empty: from anywhere."),
    )


@admin.register(Partner)
class PartnerAdmin(TemplatePages):
    """The organisation is a form; its keys are verbs."""

    list_display = ("organisation", "keys_in_force", "created_at")
    search_fields = ("organisation__unaccent__icontains",)
    ordering = ("organisation",)
    fields = ("organisation", "contact")
    actions: Any = None
    change_form_template = "admin/editorial/partner/change_form.html"

    @admin.display(description=gettext_lazy("keys in force"))
    def keys_in_force(self, partner: Partner) -> str:
        return ", ".join(partner.keys.in_force(timezone.now()).newest_first().values_list("prefix", flat=True)) or "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/keys/", view(self.issue_view), name="editorial_partner_issue"),
            path("keys/<int:pk>/rotate/", view(require_POST(self.rotate_view)), name="editorial_partner_rotate"),
            path("keys/<int:pk>/revoke/", view(require_POST(self.revoke_view)), name="editorial_partner_revoke"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        if (obj := context["original"]) is not None:
            context |= {
                "keys": obj.keys.newest_first().select_related("created_by", "revoked_by"),
                "webhooks": obj.webhooks.newest_first(),
                "may_manage_keys": permissions.may_manage_keys(request.user),  # type: ignore[arg-type]
                "today": timezone.now().date(),
            }
        return super().render_change_form(request, context, *args, **options)

    def issue_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the scopes of a new key, then show its text once."""
        self._refuse_others(request)
        partner = get_object_or_404(Partner, pk=pk)
        form = KeyForm(request.POST or None)
        if request.method == "POST":
            reauthentication.require(request)
            if form.is_valid() and (
                issued := made_by(
                    request,
                    lambda at: keys.issue(
                        partner=partner,
                        by=user_of(request),
                        at=at,
                        scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
                        expires_on=form.cleaned_data["expires_on"],
                        networks=form.cleaned_data["networks"],
                    ),
                    MADE,
                )
            ):
                return self._shown_once(request, issued)
        context = {"title": _("New key for %(partner)s") % {"partner": partner}, "partner": partner, "form": form}
        return self.page(request, "issue", context)

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue a second key with the same scopes; the old one is revoked once the partner has changed over."""
        self._refuse_others(request)
        reauthentication.require(request)
        key = get_object_or_404(PartnerKey.objects.select_related("partner"), pk=pk)
        issued = made_by(request, lambda at: keys.rotate(key=key, by=user_of(request), at=at), MADE)
        return self._shown_once(request, issued) if issued else self._back(key.partner_id)

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_others(request)
        reauthentication.require(request)
        key = get_object_or_404(PartnerKey, pk=pk)
        perform(
            request,
            lambda at: keys.revoke(key=key, by=user_of(request), at=at),
            _("The key %(prefix)s opens nothing any more.") % {"prefix": key.prefix},
        )
        return self._back(key.partner_id)

    def _refuse_others(self, request: HttpRequest) -> None:
        if not permissions.may_manage_keys(request.user):  # type: ignore[arg-type]
            raise PermissionDenied

    def _shown_once(self, request: HttpRequest, issued: keys.IssuedKey) -> HttpResponse:
        context = {
            "title": _("Key %(prefix)s") % {"prefix": issued.key.prefix},
            "partner": issued.key.partner,
            "text": issued.text,
        }
        response = self.page(request, "key", context)
        response["Cache-Control"] = "no-store"
        return response

    def _back(self, partner: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:editorial_partner_change", args=[partner]))
