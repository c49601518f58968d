"""The ordinary way: Django REST framework's model serializers over the desk's tables, with everything prefetched."""

from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from rest_framework import pagination, routers, serializers, viewsets

application = get_wsgi_application()  # before the models, which need the applications

from conflict import models  # noqa: E402


class Named(serializers.ModelSerializer):
    """An actor, place or period where another entry names it."""


def named(model: type[Any], label: str) -> Any:
    meta = type("Meta", (), {"model": model, "fields": ["key", label]})
    return type(f"Named{model.__name__}", (Named,), {"Meta": meta})()


class Citation(serializers.ModelSerializer):
    source = named(models.Source, "title")

    class Meta:
        model = models.Citation
        fields = ("source", "locator", "quotation", "accessed_on", "basis", "note")


class Citing(serializers.ModelSerializer):
    citations = Citation(many=True)


class Party(serializers.ModelSerializer):
    actor = named(models.Actor, "name")
    location = named(models.Location, "name")

    class Meta:
        model = models.ClaimParty
        fields = ("role", "actor", "location", "described_as", "position")


class ClaimRelation(serializers.ModelSerializer):
    other = serializers.SlugRelatedField("key", read_only=True)

    class Meta:
        model = models.ClaimRelation
        fields = ("kind", "other")


class Claim(Citing):
    parties = Party(many=True)
    relations = ClaimRelation(many=True)

    class Meta:
        model = models.Claim
        fields = (
            *("key", "kind", "measure", "parties", "statement", "as_worded", "stance", "negated", "low", "high"),
            *("qualifier", "unit", "made_on", "rank", "rank_reason", "relations", "citations"),
        )


class Participation(Citing):
    actor = named(models.Actor, "name")

    class Meta:
        model = models.Participation
        fields = ("actor", "role", "side", "standing", "note", "citations")


class Finding(Citing):
    claims = serializers.SlugRelatedField("key", many=True, read_only=True)

    class Meta:
        model = models.Finding
        fields = ("key", "aspect", "measure", "low", "best", "high", "grade", "rule", "reason", "claims", "citations")


class Event(Citing):
    location = named(models.Location, "name")
    period = named(models.Period, "title")
    participations = Participation(many=True)
    claims = Claim(many=True)
    findings = Finding(many=True)

    class Meta:
        model = models.Event
        fields = (
            *("key", "title", "summary", "kind", "when", "as_written", "date_basis", "year_basis", "standing"),
            *("location", "location_precision", "period", "participations", "claims", "findings", "citations"),
        )


class Pages(pagination.CursorPagination):
    page_size = 100
    ordering = "key"


class Events(viewsets.ReadOnlyModelViewSet):
    serializer_class = Event
    pagination_class = Pages
    queryset = models.Event.objects.select_related("location", "period").prefetch_related(
        "participations__actor",
        "participations__citations__source",
        "claims__parties__actor",
        "claims__parties__location",
        "claims__relations__other",
        "claims__citations__source",
        "findings__claims",
        "findings__citations__source",
        "citations__source",
    )


router = routers.SimpleRouter()
router.register("events", Events)
urlpatterns = [path("", include(router.urls))]
