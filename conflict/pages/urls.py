"""URLs of the website. Pages of entries use readers' words: a location is a place."""

from django.urls import path, re_path, register_converter

from conflict.pages import (
    about,
    actors,
    changes,
    chronology,
    citation,
    converters,
    discovery,
    events,
    feeds,
    maps,
    notices,
    periods,
    pictures,
    places,
    search,
    sources,
)

register_converter(converters.KindConverter, "kind")
register_converter(converters.VersionConverter, "version")

urlpatterns = [
    path("", chronology.chronology, name="chronology"),
    path("map/", maps.map_of_events, name="map"),
    path("events/<slug:key>/", events.event, name="event"),
    path("events/<slug:key>/picture.png", pictures.picture, name="event-picture"),
    path("claims/<slug:key>/", events.claim, name="claim"),
    path("actors/", actors.actors, name="actors"),
    path("actors/<slug:key>/", actors.actor, name="actor"),
    path("places/", places.places, name="places"),
    path("places/<slug:key>/", places.place, name="place"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:key>/", sources.source, name="source"),
    path("periods/<slug:key>/", periods.period, name="period"),
    path("notices/", notices.notices, name="notices"),
    path("disputes/", notices.disputes, name="disputes"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("changes/", changes.changes, name="changes"),
    path("changes/as-of/", changes.as_of, name="as-of"),
    path("<kind:kind>/<slug:key>/versions/", changes.versions, name="versions"),
    path("<kind:kind>/<slug:key>/versions/<version:number>/", changes.version, name="version"),
    path("<kind:kind>/<slug:key>/versions/<version:number>/changes/", changes.difference, name="difference"),
    path("<kind:kind>/<slug:key>/cite/<slug:style>/", citation.citation, name="citation"),
    path("method/", about.method, name="method"),
    path("data/", about.data, name="data"),
    path("verify/", about.verify, name="verify"),
    path("feeds/", about.feeds, name="feeds"),
    path("feeds/events.atom", feeds.new_events, name="feed-events"),
    path("feeds/corrections.atom", feeds.corrections, name="feed-corrections"),
    path("feeds/actors/<slug:key>.atom", feeds.of_actor, name="feed-actor"),
    path("feeds/places/<slug:key>.atom", feeds.of_place, name="feed-place"),
    path("feeds/periods/<slug:key>.atom", feeds.of_period, name="feed-period"),
    path("card.png", pictures.card, name="card"),
    path("robots.txt", discovery.robots, name="robots"),
    path(".well-known/security.txt", discovery.security, name="security"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    re_path(
        "^sitemap-(?P<name>events|actors|places|periods)-(?P<part>[0-9]{1,6}).xml$",
        discovery.sitemap_of,
        name="sitemap-of",
    ),
]
