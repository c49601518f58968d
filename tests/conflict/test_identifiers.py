"""Identifiers in other systems, as people paste them and as they are kept."""

import pytest
from django.core.exceptions import ValidationError

from conflict import identifiers
from conflict.models import Actor


class TestAnIdentifier:
    @pytest.mark.parametrize(
        ("kind", "typed", "kept"),
        [
            ("actor", "q912", "wikidata:Q912"),
            ("location", "https://www.wikidata.org/wiki/Q912?uselang=fr", "wikidata:Q912"),
            ("actor", "https://ucdp.uu.se/actor/1173, Wikidata:q912", "ucdp:1173 wikidata:Q912"),
            ("event", "acled:abc123\nacled:ABC123", "acled:ABC123"),
            ("source", "", ""),
        ],
    )
    def test_is_read_as_people_write_it(self, kind, typed, kept):
        assert identifiers.read(kind, typed) == kept

    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            ("actor", "wikidata:L912", "has not the form of Wikidata"),
            ("event", "ucdp:0077", "has not the form of UCDP"),
            ("location", "geonames:2460596", "has a field of its own"),
            ("location", "acled:ABC123", "no identifier that is kept here"),
            ("source", "https://example.org/Q912", "no identifier that is kept here"),
        ],
    )
    def test_of_another_form_or_kind_is_refused_with_the_reason(self, kind, typed, said):
        with pytest.raises(identifiers.IdentifierRefused, match=said):
            identifiers.read(kind, typed)

    def test_in_a_field_of_its_own_counts_as_well(self):
        source = {"doi": "10.5771/ABC", "isbn": "978-0-306-40615-7", "identifiers": ["wikidata:Q1"]}

        assert identifiers.codes("source", source) == ["doi:10.5771/abc", "isbn:9780306406157", "wikidata:Q1"]
        assert [one["url"] for one in identifiers.same_as("source", source)] == [
            "https://doi.org/10.5771/abc", "urn:isbn:9780306406157", "https://www.wikidata.org/entity/Q1"
        ]  # fmt: skip
        assert identifiers.canonical("ISBN:978-0-306-40615-7") in identifiers.codes("source", source)

    @pytest.mark.django_db
    def test_belongs_to_one_entry(self):
        Actor.objects.create(key="army", name="Army", kind="armed_force", identifiers="wikidata:Q912")
        Actor(key="navy", name="Navy", kind="armed_force", identifiers="wikidata:Q91").full_clean()

        with pytest.raises(ValidationError, match="said to be Army"):
            Actor(key="troops", name="Troops", kind="armed_force", identifiers="Q912").full_clean()
