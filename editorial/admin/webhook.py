"""Webhooks at the desk: create, edit, renew the secret, pause; and the deliveries of each."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from conflict.record.models import Action
from conflict.vocabulary import EntryKind
from editorial.accounts import reauthentication
from editorial.admin.list_filters import NamedFilter
from editorial.admin.readonly_admin import VerbAdmin
from editorial.admin.verb_calls import made_by, perform, user_of
from editorial.models import Delivery, Partner, Webhook
from editorial.models.webhook import DeliveryStatus
from editorial.webhooks import addresses, management, sender
from editorial.workflow import permissions

RECENT = 20
DONE = {
    Action.PUBLISH: gettext_lazy("published"),
    Action.WITHDRAW: gettext_lazy("withdrawn"),
    Action.REDACT: gettext_lazy("redacted by law"),
}


class WebhookForm(forms.Form):
    """Address of a webhook, and the entries and actions it is notified of."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=addresses.LONGEST,
        widget=forms.TextInput(attrs={"size": 80, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("It begins with https:// and leads to a server on the Internet."),
    )
    kinds = forms.MultipleChoiceField(
        choices=EntryKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Told of these kinds of entries"),
        help_text=gettext_lazy("None chosen: of all."),
    )
    actions = forms.MultipleChoiceField(
        choices=[(action.value, done) for action, done in DONE.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Told when they are"),
        help_text=gettext_lazy("None chosen: all three."),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            addresses.target(url)
        except addresses.AddressRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return url

    @property
    def chosen(self) -> dict[str, Any]:
        return {
            "url": self.cleaned_data["url"],
            "kinds": [EntryKind(kind) for kind in self.cleaned_data["kinds"]],
            "actions": [Action(action) for action in self.cleaned_data["actions"]],
        }


def _active(rows: Any, request: HttpRequest) -> QuerySet[Webhook]:
    active: QuerySet[Webhook] = rows.active()
    return active


def _failing(rows: Any, request: HttpRequest) -> QuerySet[Webhook]:
    failing: QuerySet[Webhook] = rows.paused_by_failing()
    return failing


class State(NamedFilter):
    title = pgettext_lazy("filter", "state")
    parameter_name = "state"
    choices_offered = {
        "active": (pgettext_lazy("filter", "active"), _active),
        "paused": (pgettext_lazy("filter", "paused"), lambda rows, _: rows.filter(paused_at__isnull=False)),
        "failing": (gettext_lazy("paused by itself"), _failing),
    }


class Managed(VerbAdmin):
    """Base for pages open to users who manage keys."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.may_manage_keys(request.user)  # type: ignore[arg-type]

    def refuse_others(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


@admin.register(Webhook)
class WebhookAdmin(Managed):
    list_display = ("__str__", "told_of", "state", "waiting", "given_up")
    list_filter = (State,)
    list_select_related = ("partner",)
    search_fields = ("partner__organisation__unaccent__icontains",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted = {
            f"{status}_count": Count("deliveries", filter=Q(deliveries__status=status))
            for status in (DeliveryStatus.WAITING, DeliveryStatus.DEAD)
        }
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**counted)
        return rows

    @admin.display(description=gettext_lazy("told of"))
    def told_of(self, webhook: Webhook) -> str:
        return subscription_words(webhook)

    @admin.display(description=pgettext_lazy("filter", "state"))
    def state(self, webhook: Webhook) -> str:
        return (
            (_("paused: %(pause_reason)s") % {"pause_reason": webhook.pause_reason})
            if webhook.paused_at
            else _("active")
        )

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, webhook: Any) -> int:
        return int(webhook.waiting_count)

    @admin.display(description=gettext_lazy("given up in a month"))
    def given_up(self, webhook: Any) -> int:
        return int(webhook.dead_count)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("new/<int:pk>/", view(self.create_view), name="editorial_partner_webhook"),
            path("<int:pk>/edit/", view(self.edit_view), name="editorial_webhook_edit"),
            path("<int:pk>/rotate/", view(require_POST(self.rotate_view)), name="editorial_webhook_rotate"),
            path("<int:pk>/pause/", view(require_POST(self.pause_view)), name="editorial_webhook_pause"),
            path("<int:pk>/resume/", view(require_POST(self.resume_view)), name="editorial_webhook_resume"),
            path("<int:pk>/test/", view(require_POST(self.test_view)), name="editorial_webhook_test"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, webhook: Any) -> dict[str, Any]:
        return {
            "title": _("Webhook %(webhook)s") % {"webhook": webhook.pk},
            "webhook": webhook,
            "told_of": subscription_words(webhook),
            "deliveries": webhook.deliveries.newest_first()[:RECENT],
            "recent": RECENT,
            "changing_over": management.CHANGING_OVER.days,
            "most_attempts": sender.MOST_ATTEMPTS,
        }

    def create_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Create a webhook, then show its secret once."""
        self.refuse_others(request)
        partner = get_object_or_404(Partner, pk=pk)
        form = WebhookForm(request.POST or None)
        if request.method == "POST":
            reauthentication.require(request)
            if form.is_valid() and (
                made := made_by(
                    request,
                    lambda at: management.create(partner=partner, by=user_of(request), at=at, **form.chosen),
                    _("The webhook is made. Its secret is shown only now."),
                )
            ):
                return self._shown_once(request, made)
        context = {
            "title": _("New webhook for %(partner)s") % {"partner": partner},
            "partner": partner,
            "form": form,
            "done": _("Make the webhook"),
        }
        return self.page(request, "form", context)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.refuse_others(request)
        webhook = get_object_or_404(Webhook.objects.select_related("partner"), pk=pk)
        now = {"url": webhook.url, "kinds": webhook.kinds, "actions": webhook.actions}
        form = WebhookForm(request.POST if request.method == "POST" else None, initial=now)
        if request.method == "POST":
            reauthentication.require(request)
            if form.is_valid() and perform(
                request,
                lambda at: management.change(webhook=webhook, by=user_of(request), at=at, **form.chosen),
                _("Changed; the secret stays."),
            ):
                return HttpResponseRedirect(self.address(pk))
        context = {
            "title": _("Aim webhook %(pk)s") % {"pk": pk},
            "partner": webhook.partner,
            "form": form,
            "done": _("Change"),
        }
        return self.page(request, "form", context)

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.refuse_others(request)
        reauthentication.require(request)
        webhook = get_object_or_404(Webhook, pk=pk)
        at_once = request.POST.get("at_once") == "yes"
        made = made_by(
            request,
            lambda at: management.rotate(webhook=webhook, by=user_of(request), at=at, at_once=at_once),
            _("The new secret is shown only now."),
        )
        return self._shown_once(request, made) if made else HttpResponseRedirect(self.address(pk))

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        reason = request.POST.get("reason", "")
        return self._moved(
            request, pk, lambda webhook, **who: management.pause(webhook=webhook, reason=reason, **who), _("Paused.")
        )

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._moved(request, pk, management.resume, _("It goes on, with what was waiting."))

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = _("A test is on its way: how it went is in the list below within seconds, if the worker runs.")
        return self._moved(request, pk, management.send_test, message)

    def _moved(self, request: HttpRequest, pk: int, verb: Any, done: str) -> HttpResponse:
        self.refuse_others(request)
        webhook = get_object_or_404(Webhook, pk=pk)
        perform(request, lambda at: verb(webhook=webhook, by=request.user, at=at), done)
        return HttpResponseRedirect(self.address(pk))

    def _shown_once(self, request: HttpRequest, made: management.NewWebhook) -> HttpResponse:
        context = {
            "title": _("Secret of webhook %(webhook)s") % {"webhook": made.webhook.pk},
            "webhook": made.webhook,
            "secret": made.secret,
        }
        response = self.page(request, "secret", context)
        response["Cache-Control"] = "no-store"
        return response


@admin.register(Delivery)
class DeliveryAdmin(Managed):
    list_display = ("message_id", "to", "numbers", "status", "attempts", "trouble", "created_at")
    list_filter = ("status", "is_test")
    list_select_related = ("webhook__partner",)
    search_fields = ("message_id", "webhook__partner__organisation__unaccent__icontains")
    ordering = ("-pk",)
    list_per_page = 50

    @admin.display(description=gettext_lazy("to"))
    def to(self, delivery: Delivery) -> str:
        return str(delivery.webhook)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.send_again_view))
        return [path("<int:pk>/send-again/", view, name="editorial_delivery_send_again"), *super().get_urls()]

    def page_context(self, request: HttpRequest, delivery: Any) -> dict[str, Any]:
        return {
            "title": _("Delivery %(delivery)s") % {"delivery": delivery},
            "subtitle": str(delivery.webhook),
            "delivery": delivery,
            "may_be_sent_again": delivery.status != DeliveryStatus.WAITING,
            "most_attempts": sender.MOST_ATTEMPTS,
        }

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.refuse_others(request)
        delivery = get_object_or_404(Delivery.objects.select_related("webhook__partner"), pk=pk)
        perform(
            request,
            lambda at: management.send_again(delivery=delivery, by=user_of(request), at=at),
            _("It is sent again, under the same id."),
        )
        return HttpResponseRedirect(self.address(pk))


def subscription_words(webhook: Webhook) -> str:
    """Kinds and actions the webhook is notified of, in words."""
    kinds = ", ".join(str(EntryKind(kind).label) for kind in webhook.kinds) or _("all entries")
    return (
        (
            _("%(kinds)s, when %(actions)s")
            % {"kinds": kinds, "actions": _(" or ").join(str(DONE[Action(one)]) for one in webhook.actions)}
        )
        if webhook.actions
        else kinds
    )
