"""Invented rows in the formats of UCDP GED and ACLED; none is a real row."""

import csv
from pathlib import Path

GED = {
    "id": "1", "year": "2031", "active_year": "1", "type_of_violence": "1", "conflict_new_id": "11",
    "conflict_name": "Nowhere: Government", "dyad_new_id": "12", "dyad_name": "Government of Nowhere - Blue Army",
    "side_a_new_id": "101", "gwnoa": "900", "side_a": "Government of Nowhere", "side_b_new_id": "202", "gwnob": "",
    "side_b": "Blue Army", "number_of_sources": "2",
    "source_article": '"Daily Paper,2031-05-13,Clash in Alpha";"Radio One,2031-05-14,""They came"", says mayor"',
    "source_office": "Daily Paper;Radio One", "source_date": "2031-05-13;2031-05-14", "source_headline": "Clash",
    "source_original": "the mayor", "where_prec": "1", "where_coordinates": "Alpha town", "adm_1": "North province",
    "adm_2": "Alpha district", "latitude": "14.5", "longitude": "-3.25", "geom_wkt": "POINT (-3.25 14.5)",
    "priogrid_gid": "1", "country": "Nowhere", "country_id": "900", "region": "Africa", "event_clarity": "1",
    "date_prec": "1", "date_start": "2031-05-12", "date_end": "2031-05-12", "deaths_a": "2", "deaths_b": "5",
    "deaths_civilians": "1", "deaths_unknown": "0", "low": "6", "best": "8", "high": "30",
}  # fmt: skip
GED_LATER = ["relid", "code_status", "conflict_dset_id", "dyad_dset_id", "side_a_dset_id", "side_b_dset_id"]

ACLED_OLD = {
    "data_id": "77", "iso": "999", "event_id_cnty": "NOW1", "event_id_no_cnty": "1", "event_date": "09 June 2031",
    "year": "2031", "time_precision": "1", "event_type": "Battles", "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Nowhere", "assoc_actor_1": "Police Forces of Nowhere; Border Guard", "inter1": "1",
    "actor2": "Blue Army", "assoc_actor_2": "", "inter2": "2", "interaction": "12", "region": "Invented",
    "country": "Nowhere", "admin1": "North", "admin2": "Alpha", "admin3": "", "location": "Alphaville",
    "latitude": "14.5", "longitude": "-3.25", "geo_precision": "1", "source": "Radio One; Daily Paper",
    "source_scale": "National", "notes": "On 9 June 2031, invented forces clashed.", "fatalities": "4",
    "timestamp": "1939000000", "iso3": "NOW",
}  # fmt: skip
ACLED_NEW = [
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
]


def ged(**cells: str) -> dict[str, str]:
    return {**GED, "year": cells.get("date_start", GED["date_start"])[:4], **cells}


def ged_later(**cells: str) -> dict[str, str]:
    """The other layout: more columns, another order, True for 1 and decimals as R writes them."""
    row = {
        **dict.fromkeys(GED_LATER, "9"),
        "where_description": "the market",
        **ged(**cells),
        "active_year": "True",
        **cells,
    }
    return dict(sorted(row.items()))


def acled(**cells: str) -> dict[str, str]:
    return {**ACLED_OLD, **cells}


def acled_new(**cells: str) -> dict[str, str]:
    row = {**ACLED_OLD, "event_date": "2031-06-09", "inter1": "State forces", "inter2": "Rebel group", **cells}
    return {name: row.get(name, "") for name in ACLED_NEW}


def written(path: Path, *rows: dict[str, str], tags: bool = False) -> Path:
    """A CSV file of these rows; with the row of HXL tags if asked."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [*rows[0]])
        table.writeheader()
        if tags:
            table.writerow({name: "#date+occurred" if "date" in name else "" for name in rows[0]})
        table.writerows(rows)
    return path
