"""Scripts written for other data sets read our events: their paging loops, filters, columns and envelopes."""

import csv
import io
from datetime import UTC, datetime

import pytest

from conflict.api.compat import dyadic_rows, dyadic_tables, georeferenced_rows
from conflict.record.consistency import rebuild
from conflict.record.models import PublishedIncident
from tests.documents import actor, claim, event, finding, location, participant, published, ref, withdrawn

GEOREFERENCED = "compatibility/georeferenced/events/26.1"
SIZES = (1, 7, 13, 26, 1000)
DYADIC = "compatibility/dyadic/events/read"


def clash(key, when, place="konna", **fields):
    """Rebels attack the army: figures about either side, and the civilians' dead where asked."""
    parts = [participant("ansar-dine", "attacker", side="attacking"), participant("army", "defender", side="defending")]
    figures = [
        claim(f"{key}-soldiers", low=10, high=97, subject=[ref("actor", "army")]),
        claim(f"{key}-rebels", low=9, high=47, subject=[ref("actor", "ansar-dine")]),
    ]
    return event(
        key, f"Clash {key}", when=when, place=place, participants=parts, claims=fields.pop("claims", figures), **fields
    )


@pytest.fixture
def war(db):
    published(
        [
            location("mali", "Mali", kind="country"),
            location("mopti", "Mopti", kind="region", parent="mali"),
            location("konna", "Konna", parent="mopti", latitude="14.94530", longitude="-3.89140", coordinate_precision="settlement"),
            actor("army", "Malian Army", kind="armed_force", family="state"),
            actor("ansar-dine", "Ansar Dine", family="jihadist"),
            actor("mnla", "MNLA", family="separatist"),
            actor("villagers", "Villagers", kind="civilians", family="civilian"),
            *(clash(f"clash-{n:02}", f"2013-01-{n + 1:02}") for n in range(23)),
            clash("decided", "2013-02", claims=[claim("decided-dead", low=5, high=9)], findings=[finding("dead", low=5, best=7, high=9)]),
            event(
                "massacre",
                when="2014-05-01/2014-05-03",
                kind="human_rights_abuse",
                place="mopti",
                participants=[participant("ansar-dine", "perpetrator"), participant("villagers", "victim")],
                claims=[claim("massacre-dead", low=30, qualifier="at_least", subject=[ref("actor", "villagers")])],
            ),
            event(
                "rivals",
                when="2015",
                participants=[participant("ansar-dine", "attacker"), participant("mnla", "opponent")],
                claims=[claim("rivals-dead", low=2, high=2)],
            ),
            event("no-figure", when="2013-01-05", participants=[participant("ansar-dine", "attacker")]),
            event("no-date", when="", claims=[claim("no-date-dead", low=3, high=3)]),
            event("talks", when="2013-01-06", kind="negotiation", claims=[claim("talks-dead", low=3, high=3)]),
        ]
    )  # fmt: skip


@pytest.fixture
def rows(ask, war):
    def of(**question):
        answer = ask(GEOREFERENCED.rstrip("/"), **question)
        return {row["relid"]: row for row in answer.json()["Result"]}

    return of


@pytest.fixture
def read(client, war):
    """`read(country="Mali")`: what the dyadic table answers."""

    def table(path=DYADIC, **question):
        return client.get(f"/api/v1/{path}", question)

    return table


class TestTheGeoreferencedShape:
    def test_has_the_forty_nine_columns(self, rows):
        row = rows(pagesize=1)["clash-00"]

        assert len(row) == 49
        assert (row["country_id"], row["adm_1"], row["where_prec"], row["date_prec"]) == (432, "Mopti", 1, 1)
        assert (row["side_a"], row["side_b"], row["type_of_violence"]) == ("Ansar Dine", "Malian Army", 1)

    def test_adds_the_dead_of_the_two_sides(self, rows):
        row = rows(pagesize=1)["clash-00"]

        assert (row["low"], row["best"], row["high"]) == (10 + 9, 10 + 9, 97 + 47)
        assert (row["deaths_a"], row["deaths_b"], row["deaths_civilians"], row["deaths_unknown"]) == (9, 10, 0, 0)

    def test_has_the_best_figure_that_the_desk_found(self, rows):
        row = rows(pagesize=1000)["decided"]

        assert (row["low"], row["best"], row["high"], row["date_prec"]) == (5, 7, 9, 4)

    def test_tells_the_three_types_of_violence_apart(self, rows):
        found = rows(pagesize=1000)

        assert [found[key]["type_of_violence"] for key in ("clash-00", "rivals", "massacre")] == [1, 2, 3]
        assert found["massacre"]["side_b"] == "Civilians"
        assert found["massacre"]["deaths_civilians"] == 30

    def test_leaves_out_what_it_cannot_express(self, rows):
        assert not {"no-figure", "no-date", "talks"} & rows(pagesize=1000).keys()

    def test_always_has_low_below_best_below_high(self, rows):
        for row in rows(pagesize=1000).values():
            assert row["low"] <= row["best"] <= row["high"]

    @pytest.mark.parametrize(
        "pages",
        [
            lambda pages: range(pages + 1),  # the official recipe
            lambda pages: range(pages),
            lambda pages: range(pages - 1, -1, -1),  # the newest page first
            lambda pages: range(pages + 3),
        ],
    )
    def test_is_read_once_by_loops_that_count_pages_from_zero(self, ask, war, pages):
        for size in SIZES:
            first = ask(GEOREFERENCED, pagesize=size).json()

            ids = []
            for page in pages(first["TotalPages"]):
                ids += [row["id"] for row in ask(GEOREFERENCED, pagesize=size, page=page).json()["Result"]]

            assert len(ids) == len(set(ids)) == first["TotalCount"] == 26

    def test_is_read_once_by_the_loop_that_counts_on_until_there_is_no_next_page(self, ask, war):
        for size in SIZES:
            page, ids = 0, []
            while True:
                answer = ask(GEOREFERENCED, pagesize=size, page=page).json()
                ids += [row["id"] for row in answer["Result"]]
                if answer["NextPageUrl"] == "":
                    break
                page += 1

            assert len(ids) == len(set(ids)) == 26

    @pytest.mark.parametrize("start", ["", "&page=0", "&page=1", "&Page=0"])
    def test_is_read_once_by_the_loop_that_follows_the_next_page(self, client, war, start):
        for size in SIZES:
            url, ids = f"/api/v1/{GEOREFERENCED}?pagesize={size}{start}", []
            while url:
                page = client.get(url).json()
                ids += [row["id"] for row in page["Result"]]
                url = page["NextPageUrl"]

            assert len(ids) == len(set(ids)) == page["TotalCount"] == 26

    def test_has_its_first_rows_on_page_zero_and_its_last_ones_on_the_last_page(self, ask, war):
        pages = [ask(GEOREFERENCED, pagesize=13, page=page).json() for page in (0, 1)]

        assert [page["TotalPages"] for page in pages] == [2, 2]
        assert pages[0]["Result"][0]["relid"] == "clash-00"
        assert pages[1]["Result"][-1]["relid"] == "rivals"

    def test_is_empty_beyond_its_end_and_says_where_back_is(self, ask, war):
        beyond = ask(GEOREFERENCED, pagesize=13, page=3).json()

        assert (beyond["Result"], beyond["NextPageUrl"]) == ([], "")
        assert "page=1" in beyond["PreviousPageUrl"]

    def test_of_nothing_has_no_pages(self, ask, war):
        answer = ask(GEOREFERENCED, Country=433, page=1).json()

        assert answer == {"TotalCount": 0, "TotalPages": 0, "PreviousPageUrl": "", "NextPageUrl": "", "Result": []}

    @pytest.mark.parametrize(
        ("version", "count"),
        [("14.1", 24), ("25.01", 26), ("13.0.1", 23), ("13.0.02", 1), ("14.0.5", 1), ("13.01.13.02", 24), ("13.12.15.01", 2)],
    )  # fmt: skip
    def test_knows_the_versions_of_yearly_and_of_candidate_data(self, ask, war, version, count):
        assert ask(f"compatibility/georeferenced/gedevents/{version}").json()["TotalCount"] == count

    @pytest.mark.parametrize(
        "version", ["13", "13.0.13", "13.0.0", "13.02.13.01", "13.1.2.3.4", "1.2.3", "26.01.26.99"]
    )
    def test_names_its_versions_to_who_asks_for_another_one(self, ask, war, version):
        answer = ask(f"compatibility/georeferenced/gedevents/{version}")

        assert (answer.status_code, answer.json()["field"]) == (400, "version")
        assert "YY.1" in answer.json()["message"]
        assert "YY.0.M" in answer.json()["message"]

    @pytest.mark.parametrize(
        ("question", "count"),
        [({"Region": ""}, 26), ({"Country": "", "Actor": ""}, 26), ({"Region": "Africa"}, 25), ({"Region": "4,1"}, 25), ({"region": "europe"}, 0)],
    )  # fmt: skip
    def test_takes_regions_and_parameters_without_a_value(self, ask, war, question, count):
        assert ask(GEOREFERENCED, **question).json()["TotalCount"] == count

    def test_takes_the_filters_that_scripts_use(self, ask, war):
        for question, count in (
            ({"Country": "432"}, 25),
            ({"Country": "433,434"}, 0),
            ({"StartDate": "2014-05-02"}, 2),
            ({"EndDate": "2013-01-02"}, 2),
            ({"StartDate": "2013-01-02", "EndDate": "2013-01-03"}, 2),
            ({"TypeOfViolence": "2,3"}, 2),
            ({"Geography": "14 -4,15 -3"}, 24),
            ({"Geography": "0 0,1 1"}, 0),
        ):
            assert ask(GEOREFERENCED, pagesize=1, **question).json()["TotalCount"] == count, question

    def test_finds_by_the_ids_that_it_gives_out(self, ask, rows):
        row = rows(pagesize=1000)["rivals"]

        assert ask(GEOREFERENCED, Id=row["id"]).json()["TotalCount"] == 1
        assert ask(GEOREFERENCED, Dyad=row["dyad_new_id"]).json()["TotalCount"] == 1
        assert ask(GEOREFERENCED, Actor=row["side_b_new_id"]).json()["TotalCount"] == 1

    @pytest.mark.parametrize(
        "question", [{"pagesize": 1001}, {"page": -1}, {"StartDate": "soon"}, {"Country": "Mali"}, {"Geography": "1,2"}, {"Colour": "red"}, {"Region": "Atlantis"}]
    )  # fmt: skip
    def test_refuses_what_makes_no_sense(self, ask, war, question):
        answer = ask(GEOREFERENCED, **question)

        assert (answer.status_code, answer.json()["field"]) == (400, next(iter(question)).lower())


class TestTheDyadicShape:
    def test_has_the_thirty_one_columns_in_order(self, read):
        answer = read(limit=1).json()

        assert list(answer) == ["status", "success", "count", "data"]
        assert tuple(answer["data"][0]) == dyadic_rows.COLUMNS
        assert len(dyadic_rows.COLUMNS) == 31

    def test_has_types_and_codes_that_scripts_know(self, read):
        row = read(event_id_cnty="massacre").json()["data"][0]

        assert (row["event_type"], row["sub_event_type"]) == ("Violence against civilians", "Attack")
        assert (row["actor1"], row["inter1"], row["actor2"], row["inter2"]) == ("Ansar Dine", 2, "Villagers", 7)
        assert (row["civilian_targeting"], row["iso"], row["admin1"]) == ("Civilian targeting", 466, "Mopti")
        assert (row["event_date"], row["time_precision"], row["fatalities"]) == ("2014-05-01", 2, 30)

    def test_takes_the_conditions_that_scripts_write(self, read):
        for question, count in (
            ({}, 27),
            ({"limit": 5}, 5),
            ({"limit": 0}, 27),
            ({"limit": 20, "page": 2}, 7),
            ({"limit": 20, "page": 3}, 0),
            ({"event_date": "2013-01-01|2013-01-05", "event_date_where": "BETWEEN"}, 6),
            ({"event_date": "2014-01-01", "event_date_where": ">"}, 2),
            ({"event_date": "2013-01-01"}, 1),
            ({"actor1": "ansar"}, 27),
            ({"actor2": "Vill%"}, 1),
            ({"actor2": "villagers|MNLA", "actor2_where": "="}, 2),
            ({"fatalities": 30, "fatalities_where": ">="}, 1),
            ({"country": "Mali"}, 25),
            ({"country": "Ma"}, 0),
            ({"event_type": "Battles:OR:event_type=Violence"}, 27),
            ({"year": "2014:OR:fatalities=2"}, 2),
            ({"key": "x", "email": "a@example.org", "limit": 3}, 3),
        ):
            answer = read(**question).json()

            assert answer["success"] is True
            assert (answer["count"], len(answer["data"])) == (count, count), question

    def test_shows_the_columns_asked_for(self, read):
        assert read(fields="country|fatalities", limit=1).json()["data"] == [{"country": "Mali", "fatalities": 19}]

    def test_can_be_had_as_csv(self, read):
        rows = list(csv.DictReader(io.StringIO(read(_format="csv", limit=2).getvalue().decode())))

        assert [row["event_id_cnty"] for row in rows] == ["clash-00", "clash-01"]

    def test_leaves_out_what_it_cannot_express(self, read):
        keys = {row["event_id_cnty"] for row in read(limit=0).json()["data"]}

        assert not {"no-date", "talks"} & keys

    def test_lists_what_was_withdrawn(self, read):
        withdrawn("event", "rivals", datetime(2026, 3, 5, tzinfo=UTC))

        deleted = read("compatibility/dyadic/deleted/read").json()["data"]

        assert deleted == [{"event_id_cnty": "rivals", "deleted_timestamp": 1772668800}]
        assert read("compatibility/dyadic/deleted/read", deleted_timestamp="1772668801").json()["count"] == 0

    def test_counts_the_events_of_actors_countries_and_regions(self, read):
        actors = read("compatibility/dyadic/actor/read").json()["data"]

        assert {row["actor_name"]: row["event_count"] for row in actors}["Ansar Dine"] == 27
        assert read("compatibility/dyadic/country/read", country="Mali").json()["data"][0]["iso3"] == "MLI"
        regions = read("compatibility/dyadic/region/read").json()["data"]
        assert {row["region"]: (row["region_name"], row["event_count"]) for row in regions} == {
            0: ("", 2),
            1: ("Western Africa", 25),
        }

    def test_counts_the_events_of_types_of_actors_and_forecasts_nothing(self, read):
        types = read("compatibility/dyadic/actortype/read", limit=50).json()["data"]

        assert {row["actor_type_name"]: row["event_count"] for row in types} == {
            "State forces": 24,
            "Rebel group": 27,
            "Civilians": 1,
        }
        assert read("compatibility/dyadic/cast/read", country="Mali", year=2026).json()["data"] == []

    def test_answers_what_the_package_for_r_sends(self, read):
        usual = {
            "key": "x",
            "email": "a@example.org",
            "limit": 0,
            "inter_num": 0,
            "timestamp": "",
            "population": "full",
        }
        for question, count in (
            ({}, 27),
            ({"country": "Mali:OR:Niger"}, 25),
            ({"country": "Mali:OR:country=Niger"}, 25),
            ({"country": "Niger:OR:Chad"}, 0),
            ({"event_type": "Battles:OR:Protests"}, 26),
            ({"region": "1:OR:2"}, 25),
            ({"timestamp": "2024-01-01"}, 27),
            ({"timestamp": "2099-01-01"}, 0),
            ({"event_date": "2013-01-01|2013-01-05", "event_date_where": "BETWEEN", "admin1": ""}, 6),
        ):
            rows = list(
                csv.DictReader(
                    io.StringIO(
                        read("compatibility/dyadic/acled/read.csv", **{**usual, **question}).getvalue().decode()
                    )
                )
            )

            assert len(rows) == count, question

    def test_signs_the_package_for_r_in_and_takes_its_list_of_every_country(self, client, read):
        signed = client.post("/api/v1/compatibility/dyadic/oauth/token", {"grant_type": "password", "username": "x"})
        every = "|".join([*(f"Country of many letters {number}" for number in range(240)), "Mali"])

        token = signed.json()
        answer = client.get(
            "/api/v1/compatibility/dyadic/acled/read",
            {"_format": "json", "country": every, "inter_num": 0, "limit": 0},
            headers={"Authorization": f"{token['token_type']} {token['access_token']}"},
        )

        assert (signed.status_code, answer.json()["count"]) == (200, 25)

    def test_is_a_file_of_csv_with_its_charset(self, read):
        answer = read("compatibility/dyadic/acled/read.csv", limit=1)

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert read("compatibility/dyadic/deleted/read.json").json()["data"] == []

    def test_names_types_of_actors_in_words_where_it_is_asked_to(self, read):
        row = read(event_id_cnty="massacre", inter_num=0).json()["data"][0]
        alone = read(event_id_cnty="no-figure", inter_num=0).json()["data"][0]

        assert [row[name] for name in ("inter1", "inter2", "interaction")] == [
            "Rebel group",
            "Civilians",
            "Rebel group-Civilians",
        ]
        assert [alone[name] for name in ("inter1", "inter2", "interaction")] == ["Rebel group", "", "Rebel group only"]
        assert read(event_id_cnty="massacre", inter_num=1).json()["data"][0]["interaction"] == 27

    def test_has_a_row_for_each_side_where_it_is_asked_to(self, read):
        rows = read(event_id_cnty="massacre", export_type="monadic").json()["data"]

        assert [(row["actor1"], row["inter1"], row["actor2"]) for row in rows] == [
            ("Ansar Dine", 2, ""),
            ("Villagers", 7, ""),
        ]
        assert read(export_type="monadic", limit=3, page=2).json()["count"] == 3
        assert read(export_type="monadic", limit=0).json()["count"] == 27 * 2 - 1

    def test_tells_civilians_targeted_as_the_codebook_does(self, read):
        """As the main target only: not those hurt in a battle, looted, or associated with a target that is armed."""
        by, at = participant("ansar-dine", "attacker"), participant("villagers", "target")
        beside = participant("villagers", "associated", side="second")
        targeted = {
            "raid": ("killing", [by, at], "Civilian targeting", "Political violence"),
            "strike": ("air_strike", [by, at], "Civilian targeting", "Political violence"),
            "lynching": ("mob_violence", [by, at], "Civilian targeting", "Political violence"),
            "march": ("protest_force", [by], "Civilian targeting", "Political violence; Demonstrations"),
            "clash": ("battle", [by, at], "", "Political violence"),
            "looting": ("looting", [by, at], "", "Strategic developments"),
            "rally": ("protest", [by, at], "", "Demonstrations"),
            "beside": ("air_strike", [by, participant("army", "target"), beside], "", "Political violence"),
            "no-target": ("air_strike", [by, beside], "", "Political violence"),
        }
        published(
            [event(key, when="2016", kind=kind, participants=parts) for key, (kind, parts, *_) in targeted.items()]
        )

        rows = {row["event_id_cnty"]: row for row in read(year=2016).json()["data"]}

        said = {key: (row["civilian_targeting"], row["disorder_type"]) for key, row in rows.items()}
        assert said == {key: tuple(expected) for key, (_kind, _parts, *expected) in targeted.items()}
        asked = read(year=2016, civilian_targeting="Civilian targeting").json()["data"]
        assert {row["event_id_cnty"] for row in asked} == {"raid", "strike", "lynching", "march"}

    def test_names_nobody_as_second_actor_where_only_others_associated_with_it_are_known(self, read):
        by = participant("ansar-dine", "attacker")
        published(
            [
                event(
                    "of-one-side", when="2016", participants=[by, participant("villagers", "associated", side="second")]
                ),
                event("of-no-side", when="2016", participants=[by, participant("villagers", "associated")]),
            ]
        )

        rows = {row["event_id_cnty"]: row for row in read(year=2016).json()["data"]}

        columns = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "inter2", "interaction")
        assert [[rows[key][name] for name in columns] for key in ("of-one-side", "of-no-side")] == [
            ["Ansar Dine", "", "", "Villagers", 0, 20],
            ["Ansar Dine", "Villagers", "", "", 0, 20],
        ]
        for question in ({"actor2": "", "actor2_where": "="}, {"inter2": 0}, {"assoc_actor_2": "Villagers"}):
            found = {row["event_id_cnty"] for row in read(year=2016, **question).json()["data"]}
            assert "of-one-side" in found, question
        assert read(year=2016, actor2="Villagers").json()["count"] == 0
        assert read(year=2016, export_type="monadic").json()["count"] == 2

    def test_refuses_in_both_languages(self, read):
        for question, field in (
            ({"colour": "red"}, "colour"),
            ({"year": "last"}, "year"),
            ({"event_date": "last year"}, "event_date"),
            ({"event_date": "2014-01-01|2013-01-01", "event_date_where": "BETWEEN"}, "event_date"),
            ({"year": 2013, "year_where": "<>"}, "year_where"),
            ({"year": "2013:OR:colour=red"}, "year"),
            ({"fields": "country|colour"}, "fields"),
            ({"page": 0}, "page"),
            ({"limit": -1}, "limit"),
            ({"_format": "xml"}, "_format"),
            ({"export_type": "triadic"}, "export_type"),
            ({"timestamp": "yesterday"}, "timestamp"),
        ):
            answer = read(**question)

            said = answer.json()
            assert (answer.status_code, said["field"], said["success"]) == (400, field, False), question
            assert said["error"] == [{"message": said["message"]}]

    def test_never_writes_down_what_scripts_send_as_credentials(self, read, caplog):
        read(key="s3cret", email="a@example.org", colour="red")

        assert "s3cret" not in caplog.text


class TestBothShapes:
    def test_follow_an_actor_that_gets_another_name(self, ask, read, war):
        published([actor("mnla", "Azawad", family="separatist")])

        (row,) = (row for row in ask(GEOREFERENCED, pagesize=1000).json()["Result"] if row["relid"] == "rivals")
        assert row["side_b"] == "Azawad"
        assert ask(GEOREFERENCED, Actor=row["side_b_new_id"]).json()["TotalCount"] == 1
        assert read(actor2="Azawad").json()["count"] == 1

    def test_forget_an_event_that_is_withdrawn_or_loses_its_date(self, ask, read, war):
        published([clash("decided", "")])
        withdrawn("event", "rivals", datetime(2026, 3, 5, tzinfo=UTC))

        keys = {row["event_id_cnty"] for row in read(limit=0).json()["data"]}
        assert not {"decided", "rivals"} & keys
        assert ask(GEOREFERENCED).json()["TotalCount"] == 24

    def test_are_the_same_when_the_record_is_made_anew(self, ask, war):
        before = ask(GEOREFERENCED, pagesize=1000).content
        PublishedIncident.objects.filter(violence=1).update(violence=2)

        rebuild.rebuild()

        assert ask(GEOREFERENCED, pagesize=1000).content == before
        assert ask(GEOREFERENCED, TypeOfViolence=1).json()["TotalCount"] == 24

    def test_read_as_much_for_a_page_however_many_there_are(self, ask, read, war, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            ask(GEOREFERENCED, pagesize=1000)
        with django_assert_max_num_queries(9):
            read(limit=1000, country="Mali", actor1="Ansar")

    def test_decide_what_the_table_does_not_have_as_columns(self, read):
        for question, count in (
            ({"inter1": 2, "limit": 3}, 3),
            ({"notes": "Clash", "limit": 0}, 24),
            ({"civilian_targeting": "Civilian targeting", "civilian_targeting_where": "="}, 1),
            ({"assoc_actor_1": "nobody:OR:event_type=Violence against civilians"}, 1),
            ({"latitude": 14, "latitude_where": ">"}, 24),
        ):
            assert read(**question).json()["count"] == count, question

    @pytest.mark.parametrize(
        ("question", "built"),
        [
            ({"notes": "%a" * 40 + "%b"}, 0),
            ({"notes": "Clash", "limit": 2}, 2),
            ({"assoc_actor_1": "%a%b%c"}, 0),
            ({"event_date": "2012-0%", "event_date_where": "LIKE", "limit": 1}, None),
            ({"year": "%9%9%9", "year_where": "LIKE"}, 0),
            ({"inter1": "2|9", "limit": 3}, 3),
            ({"interaction": "99"}, 0),
            ({"civilian_targeting": "no such thing"}, 0),
            ({"time_precision": "7"}, 0),
            ({"geo_precision": "9:OR:tags=x"}, 0),
            ({"event_id_cnty": "zzz", "event_id_cnty_where": ">"}, 0),
            ({"export_type": "monadic", "limit": 2, "page": 9}, 1),
            ({"table": "actor"}, 0),
            ({"table": "actortype"}, 0),
        ],
    )
    def test_is_answered_in_sql_and_builds_only_the_rows_of_its_page(self, read, monkeypatch, question, built):
        """Whatever a client writes: comparing in Python, a question about 350,000 events occupied a process for minutes."""
        asked = dict(question)
        number: list[str] = []
        row = dyadic_rows.row
        monkeypatch.setattr(dyadic_rows, "row", lambda event: number.append(event.key) or row(event))
        monkeypatch.setattr(dyadic_tables, "events", counting := Counting(dyadic_tables.events))

        table = asked.pop("table", "")
        answer = read(*([f"compatibility/dyadic/{table}/read"] if table else []), **asked)

        assert answer.status_code == 200, answer.content
        answer.json()
        assert len(number) <= (answer.json()["count"] if built is None else built + 1)
        assert counting.keys <= (answer.json()["count"] if built is None else built + 1)

    def test_has_so_many_values_over_all_of_its_columns(self, read):
        many = "|".join(map(str, range(250)))

        assert read(actor1=many, actor2=many).status_code == 400

    def test_is_refused_where_it_wants_more_events_than_one_answer_has(self, read, monkeypatch):
        monkeypatch.setattr(dyadic_tables, "MOST_ROWS", 20)

        for question in ({"limit": 0}, {"limit": 0, "export_type": "monadic"}, {"limit": 25}):
            answer = read(**question)
            assert (answer.status_code, answer.json()["error"][0]["message"][:28]) == (
                400,
                "More than 20 events in one a",
            )
        assert read(limit=20).json()["count"] == 20


class Counting:
    """A function over keys that counts how many it was given."""

    def __init__(self, function):
        self.function, self.keys = function, 0

    def __call__(self, keys):
        found = list(keys)
        self.keys += len(found)
        return self.function(found)


class TestAGridCell:
    @pytest.mark.parametrize(
        ("latitude", "longitude", "cell"), [(-90, -180, 1), (-89.5, -180, 721), (89.9, 179.9, 259200)]
    )
    def test_is_counted_from_the_south_west(self, latitude, longitude, cell):
        assert georeferenced_rows.grid_cell(latitude, longitude) == cell
