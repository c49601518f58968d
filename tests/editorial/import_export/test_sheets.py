"""Custom tables: a saved mapping, with the same preview, decisions and undo as data sets."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from conflict.models import Claim, Event, Period
from editorial.import_export import import_undo, imports, proposals, sheet_fields, uploads
from editorial.models import ImportRun, SheetMapping
from tests import spreadsheets
from tests.desk import MORNING

pytestmark = pytest.mark.django_db
COLUMNS = {
    "id": "_uuid",
    "date": "incident/day",
    "place": "incident/place",
    "latitude": "lat",
    "longitude": "lon",
    "actor_1": "by",
    "figure": "dead",
    "subject": "who died",
    "claimant": "told by",
    "source": "report",
    "source_url": "link",
}
ROW = {
    "start": "2031-06-10T08:00:00.000+00:00",
    "_uuid": "5f2a-11",
    "incident/day": "2031-06-09",
    "incident/place": "Alphaville",
    "lat": "14.5",
    "lon": "-3.25",
    "by": "Blue Army",
    "dead": "3-5",
    "who died": "farmers",
    "told by": "a nurse",
    "report": "Field report 7",
    "link": "https://example.org/7",
    "_submission_time": "2031-06-10",
}


@pytest.fixture
def mapping(chief):
    return SheetMapping.objects.create(
        key="field",
        name="Field reports",
        columns=COLUMNS,
        constants={"country": "Nowhere", "kind": "attack"},
        made_by=chief,
        made_at=MORNING,
    )


@pytest.fixture
def previewed(tmp_path, mapping, chief):
    def preview(*rows, delimiter=";", **options):
        path = tmp_path / "kobo.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            table = csv.DictWriter(file, [*rows[0]], delimiter=delimiter)
            table.writeheader()
            table.writerows(rows)
        run = imports.new_run(holds=mapping, path=path, by=chief, at=MORNING, **options)
        return imports.preview(run, path), path

    return preview


@pytest.fixture
def imported(previewed, chief):
    def bring(*rows, **options):
        run, path = previewed(*rows, **options)
        imports.confirm(run=run, path=path, by=chief, at=MORNING)
        return run

    return bring


class TestARow:
    @pytest.fixture
    def event(self, imported):
        imported(ROW)
        return Event.objects.get()

    def test_becomes_an_event(self, event):
        assert (event.key, event.kind, event.when) == ("sheet-field-5f2a-11", "attack", "2031-06-09")
        assert (event.title, event.location.name) == ("attack or ambush: Alphaville", "Alphaville")
        assert event.location.coordinate_origin == "Field reports"
        assert [part.actor.name for part in event.participations.all()] == ["Blue Army"]

    def test_has_its_figure_as_a_claim_of_who_says_it(self, event):
        claim = event.claims.get()

        assert (claim.low, claim.high, claim.measure, claim.as_worded) == (3, 5, "killed", "3-5")
        assert [str(party) for party in (*claim.claimants, *claim.subjects)] == ["a nurse", "farmers"]
        assert "https://example.org/7" in {cited.source.url for cited in claim.citations.all()}

    def test_is_whole_in_every_rule_of_the_desk(self, event):
        for row in (event, event.location, event.claims.get(), *(cited.source for cited in event.citations.all())):
            row.full_clean()


def test_the_same_file_again_changes_nothing_and_a_corrected_one_what_was_corrected(imported):
    imported(ROW)

    assert imported(ROW, delimiter=",").unchanged == 1
    assert imported(ROW | {"dead": "4"}).columns_changed == {"dead": 1}
    assert Claim.objects.get().low == 4


def test_can_be_undone_and_proposed_like_any_other(imported, chief, author):
    war = Period.objects.create(key="war", title="War", position=1)
    import_undo.undo(run=imported(ROW), by=chief)
    assert not Event.objects.exists()

    run = imported(ROW, period=war)

    assert proposals.propose(run=run, by=author, at=MORNING, reason="Field work.").events == 1


REFUSED = {
    "no date": ({"incident/day": ""}, "incident/day"),
    "a date that is none": ({"incident/day": "soon"}, "incident/day"),
    "no place": ({"incident/place": ""}, "incident/place"),
    "a figure in words": ({"dead": "many"}, "dead"),
    "a figure the wrong way round": ({"dead": "5-3"}, "dead"),
    "a grouped figure": ({"dead": "12.000"}, "dead"),
    "half a point": ({"lat": ""}, "lat"),
    "no address": ({"link": "example"}, "link"),
}


@pytest.mark.parametrize(("cells", "column"), REFUSED.values(), ids=REFUSED)
def test_is_refused_by_its_own_column(cells, column, previewed):
    run, _ = previewed(ROW | cells)

    assert run.lines.get().column == column


def test_a_mapping_says_what_every_event_needs():
    with pytest.raises(ValueError, match="date, country"):
        sheet_fields.check({"place": "where"}, {})


# As these programs write them: groups before a slash or a hyphen, moments with a zone, the answers of a question as
# columns, a point in one cell or four, tags for HXL below the header.
KOBO = """\ufeff"start";"incident/moment";"incident/town";"incident/point";"_incident/point_altitude";"incident/who";"incident/who/blue_army";"incident/who/red_guard";"dead";"_id";"_uuid";"_submission_time"
"";"#date";"#loc";"";"";"#group";"";"";"#affected";"";"";""
"2031-06-10T05:40:39.000-04:00";"2031-06-09T23:30:00.000-04:00";"Alphaville";"14.350125 -3.61 281.5 4.2";"281.5";"blue_army red_guard";"1";"1";"3";"504";"fe833c3c-6324";"2031-06-10T09:41:20"
"2031-06-11T05:40:39.000-04:00";"2031-06-10T01:00:00.000+01:00";"Betatown";"";"";"";"0";"0";"";"505";"0b7cbc3d-1e2f";"2031-06-11T09:41:20"
"""
KOBO_LABELS = """"Incident/Date, day or month?";"Incident/Where did it
happen?";"Incident/_GPS_latitude";"Incident/_GPS_longitude";"Incident/Who was there?";"Incident/Who was there?/Blue Army";"Incident/Who was there?/Red Guard / garde";"If other, please specify";"If other, please specify";"How many died?";"_id";"_uuid";"_index"
"2031-06-09";"Alphaville";"14.350125";"-3.61";"Blue Army Red Guard / garde";"1";"1";"";"";"3";"504";"fe833c3c-6324";"1"
"2031-06-10";"Betatown";"";"";"";"0";"0";"";"";"";"505";"0b7cbc3d-1e2f";"2"
"""
ODK = """SubmissionDate,incident-moment,incident-town,incident-point-Latitude,incident-point-Longitude,incident-point-Accuracy,incident-who,incident-who/blue_army,incident-who/red_guard,dead,meta-instanceID,KEY,SubmitterName,FormVersion
2031-06-10T09:41:20.313Z,2031-06-09T23:30:00.000-04:00,Alphaville,14.350125,-3.61,4.2,blue_army red_guard,1,1,3,uuid:fe833c3c-6324,uuid:fe833c3c-6324,Ana,2
2031-06-11T09:41:20.313Z,2031-06-10T01:00:00.000+01:00,Betatown,,,,,0,0,,uuid:0b7cbc3d-1e2f,uuid:0b7cbc3d-1e2f,Ana,2
"""
FORMS = {
    "Kobo": (KOBO, {"id": "_uuid", "point": "incident/point"}, "incident/who/*"),
    "ODK": (
        ODK,
        {"id": "meta-instanceid", "latitude": "incident-point-latitude", "longitude": "incident-point-longitude"},
        "incident-who/*",
    ),
}


def test_labels_as_headers_with_repeated_groups_on_another_sheet_are_read(client, author, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
    client.force_login(author)
    rows = [*csv.reader(io.StringIO(KOBO_LABELS), delimiter=";")]
    repeated = [["Name", "_index", "_parent_table_name", "_parent_index"], ["A", "1", "Incidents", "1"]]
    book = spreadsheets.book(tmp_path / "kobo.xlsx", {"Incidents": rows, "victims": repeated}).read_bytes()
    address, named = reverse("admin:editorial_sheetmapping_add"), {"name": "Form", "key": "form"}
    group = "incident/"
    columns = {
        "id": "_uuid",
        "date": f"{group}date, day or month?",
        "place": f"{group}where did it happen?",
        "latitude": f"{group}_gps_latitude",
        "longitude": f"{group}_gps_longitude",
        "actor_1": f"{group}who was there?/*",
        "figure": "how many died?",
    }
    given = {f"column_{field}": column for field, column in columns.items()} | {"constant_country": "Nowhere"}

    form = client.post(address, named | {"sample": SimpleUploadedFile("a.xlsx", book)}).context["form"]
    offered = [value for value, _label in form.fields["column_actor_1"].choices if value]
    client.post(address, named | given | {"offered": offered})
    for name, content in (("b.xlsx", book), ("b.csv", KOBO_LABELS.encode())):
        client.post(
            reverse("admin:editorial_importrun_add"), {"holds": "sheet:form", "file": SimpleUploadedFile(name, content)}
        )
        client.post(reverse("admin:editorial_importrun_confirm", args=[ImportRun.objects.latest("pk").pk]))

    assert [name for name in offered if name.endswith("/*")] == [f"{group}who was there?/*"]
    workbook, table = ImportRun.objects.order_by("pk")
    assert (workbook.new, workbook.options["other_sheets"], table.unchanged) == (2, ["victims"], 2)
    event = Event.objects.earliest("when")
    assert [part.actor.name for part in event.participations.order_by("pk")] == ["Blue Army", "Red Guard / garde"]


@pytest.mark.parametrize(("text", "guessed", "answers"), FORMS.values(), ids=FORMS)
def test_an_export_of_a_form_is_mapped_from_a_sample_and_read(
    text, guessed, answers, client, author, tmp_path, monkeypatch
):
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
    client.force_login(author)
    address, named = reverse("admin:editorial_sheetmapping_add"), {"name": "Form", "key": "form"}

    sample = {"sample": SimpleUploadedFile("a.csv", text.encode())}
    form = client.post(address, named | sample).context["form"]
    assert {field: form[f"column_{field}"].value() for field in guessed} == guessed
    offered = [value for value, _label in form.fields["column_actor_1"].choices if value]
    group = "incident/" if "incident/town" in offered else "incident-"
    columns = {**guessed, "date": f"{group}moment", "place": f"{group}town", "actor_1": answers, "figure": "dead"}
    given = {f"column_{field}": column for field, column in columns.items()} | {"constant_country": "Nowhere"}
    client.post(address, named | given | {"offered": offered})
    upload = {"holds": "sheet:form", "file": SimpleUploadedFile("b.csv", text.encode())}
    client.post(reverse("admin:editorial_importrun_add"), upload)
    client.post(reverse("admin:editorial_importrun_confirm", args=[ImportRun.objects.get().pk]))

    event, bare = Event.objects.order_by("when")
    assert (event.when, bare.when, bare.location.latitude) == ("2031-06-09", "2031-06-10", None)
    assert (str(event.location.latitude), str(event.location.longitude)) == ("14.35012", "-3.61000")
    assert sorted(part.actor.name for part in event.participations.all()) == ["blue_army", "red_guard"]
    assert (event.claims.get().low, bare.claims.count(), bare.participations.count()) == (3, 0, 0)


class TestInTheAdmin:
    def test_is_made_from_a_sample_saved_and_used(self, client, author, tmp_path, monkeypatch):
        monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
        client.force_login(author)
        address = reverse("admin:editorial_sheetmapping_add")
        content = b"Date,Place,Country,Dead\n2031-06-09,Alphaville,Nowhere,4\n"
        named = {"name": "My table", "key": "mine"}

        shown = client.post(address, named | {"sample": SimpleUploadedFile("a.csv", content)}).content.decode()
        assert '<option value="dead">dead</option>' in shown
        assert list(uploads.FOLDER.iterdir()) == []
        columns = {"column_date": "date", "column_place": "place", "column_country": "country", "column_figure": "dead"}
        page = client.post(address, named | columns | {"offered": ["date", "place", "country", "dead"]}, follow=True)
        assert "Events of My table, by its mapping" in page.content.decode()

        upload = SimpleUploadedFile("b.csv", content)
        client.post(reverse("admin:editorial_importrun_add"), {"holds": "sheet:mine", "file": upload})
        client.post(reverse("admin:editorial_importrun_confirm", args=[ImportRun.objects.get().pk]))

        assert Event.objects.get().claims.get().low == 4

    def test_is_closed_to_an_administrator(self, client, administrator, mapping):
        client.force_login(administrator)

        assert client.get(reverse("admin:editorial_sheetmapping_add")).status_code == 403


def test_is_imported_on_the_command_line_by_its_key(mapping, tmp_path):
    path = tmp_path / "kobo.csv"
    path.write_text(",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n")

    call_command("import_dataset", "field", str(path))

    assert Event.objects.get().key == "sheet-field-5f2a-11"
