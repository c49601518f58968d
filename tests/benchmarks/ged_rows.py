"""Invented rows in the format of UCDP GED, any number of them, reproducible by seed.

Skewed like the real thing: a few pairs of sides make most of the events, a few towns most of the
places, most rows kill few; some days are only weeks, months or years, some places only regions;
the words are English and French. `python -m tests.benchmarks.ged_rows 350000 ged.csv` writes a file.
"""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

Row = dict[str, Any]

COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
COUNTRIES = (
    *(("Mali", 432, 17.0, -3.0), ("Niger", 436, 16.0, 8.0), ("Burkina Faso", 439, 12.5, -1.5)),
    *(("Nigeria", 475, 10.0, 8.0), ("Chad", 483, 15.0, 19.0), ("Cameroon", 471, 7.0, 12.0)),
    *(("Algeria", 615, 28.0, 2.0), ("Mauritania", 435, 20.0, -10.0), ("Libya", 620, 27.0, 17.0)),
    *(("Ivory Coast", 437, 8.0, -5.5), ("Benin", 434, 9.5, 2.3), ("Togo", 461, 8.6, 1.0)),
)
SYLLABLES = ("ba", "ko", "nia", "tin", "ga", "mé", "na", "ka", "dou", "sé", "gou", "tes", "sa", "lit", "ki", "dal")
BANDS = ("Front", "Mouvement", "Coalition", "Brigade", "Army", "Katiba", "Group")
CAUSES = ("du Nord", "of the River", "pour l’Unité", "de la Dune", "of the Plains", "pour le Salut", "of the Hills")
OUTLETS = ("Agence du Fleuve", "River Radio", "Le Matin du Sahel", "Northern Post", "Dune News", "Le Relais", "Wire 24")
HEADLINES = (
    "{count} killed in attack near {place}",
    "Attaque à {place} : {count} morts selon l’armée",
    "Clashes reported around {place}, {count} dead",
    "{place} : les habitants parlent de {count} tués",
    "Army says it repelled assault on {place}",
    "« Ils sont venus à l’aube », raconte un témoin de {place}",
)
WITNESSES = ("army spokesperson", "un élu local", "residents", "source hospitalière", "a rebel commander", "")
WHERE = ("on the road to {place}", "à 12 km au nord de {place}", "{place} market", "le camp militaire de {place}", "")
FIRST, LAST = date(1989, 1, 1), date(2024, 12, 31)


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    first: str
    second: str
    country: int
    latitude: float
    longitude: float


class World:
    """Who fights whom and where, drawn once; `rows` then only picks."""

    def __init__(self, seed: int, actors: int = 900, towns: int = 9_000) -> None:
        self.random = random.Random(seed)  # noqa: S311  # invented rows are no secret
        self.actors = [self._actor(number) for number in range(actors)]
        self.towns = [self._town() for _ in range(towns)]
        self.actor_weights = falling(actors)
        self.town_weights = falling(towns)

    def _word(self, longest: int) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, longest))).capitalize()

    def _actor(self, number: int) -> str:
        return f"{self.random.choice(BANDS)} {self.random.choice(CAUSES)} ({self._word(3)} {number})"

    def _town(self) -> Town:
        country = min(int(self.random.expovariate(0.4)), len(COUNTRIES) - 1)
        _, _, latitude, longitude = COUNTRIES[country]
        first = f"{SYLLABLES[self.random.randrange(8)].capitalize()}{SYLLABLES[8 + country % 8]} region"
        second = f"{first.split()[0]}-{self.random.randrange(6)} district"
        return Town(
            self._word(4),
            first,
            second,
            country,
            round(self.random.gauss(latitude, 1.5), 6),
            round(self.random.gauss(longitude, 1.5), 6),
        )

    def row(self, number: int) -> Row:
        draw = self.random
        violence = draw.choices((1, 2, 3), (70, 12, 18))[0]
        town = draw.choices(self.towns, cum_weights=self.town_weights)[0]
        country, gw, _, _ = COUNTRIES[town.country]
        one, other = draw.choices(range(len(self.actors)), cum_weights=self.actor_weights, k=2)
        other += other == one
        side_a = (900_000 + gw, f"Government of {country}") if violence == 1 else self._side(one)
        side_b = (9_999, "Civilians") if violence == 3 else self._side(other)
        start, end, date_prec = self._days()
        deaths = self._deaths(violence)
        best = sum(deaths)
        articles = self._articles(town.name, best, end)
        where_prec = draw.choices((1, 2, 3, 4, 5, 6, 7), (38, 30, 12, 11, 4, 4, 1))[0]
        conflict, dyad = 1_000 + side_a[0] % 997, 20_000 + (side_a[0] * 31 + side_b[0]) % 60_000
        spelled = {3: town.second, 4: town.first, 6: country}.get(where_prec, f"{town.name} town")
        return dict(
            zip(
                COLUMNS,
                (
                    *(number, f"INV-{start.year}-{violence}-{conflict}-{number}", start.year, True, "Clear", violence),
                    *(conflict, conflict, f"{country}: Government", dyad, dyad, f"{side_a[1]} - {side_b[1]}"),
                    *(side_a[0], side_a[0], side_a[1], side_b[0], side_b[0], side_b[1], len(articles) or -1),
                    ";".join(f'"{outlet},{day},{headline}"' for outlet, day, headline in articles),
                    ";".join(outlet for outlet, _, _ in articles),
                    ";".join(str(day) for _, day, _ in articles),
                    ";".join(headline for _, _, headline in articles),
                    draw.choice(WITNESSES),
                    *(where_prec, spelled, draw.choice(WHERE).format(place=town.name)),
                    town.first if where_prec != 6 else "",
                    town.second if where_prec <= 3 else "",
                    *(town.latitude, town.longitude, f"POINT ({town.longitude} {town.latitude})"),
                    *(150_000 + number % 40_000, country, gw, "Africa", draw.choices((1, 2), (93, 7))[0], date_prec),
                    *(start.isoformat(), end.isoformat(), *deaths, best, *self._range(best)),
                    *(gw if violence == 1 else "", ""),
                ),
                strict=True,
            )
        )

    def _side(self, number: int) -> tuple[int, str]:
        number %= len(self.actors)
        return 100 + number, self.actors[number]

    def _days(self) -> tuple[date, date, int]:
        """Later years have more events; one row in four knows its day only roughly."""
        draw = self.random
        start = FIRST + timedelta(days=int((LAST - FIRST).days * draw.betavariate(2.2, 1.1)))
        precision = draw.choices((1, 2, 3, 4, 5), (74, 11, 6, 7, 2))[0]
        if precision == 4:
            start = start.replace(day=1)
        length = {1: 0, 2: draw.randint(0, 4), 3: draw.choice((0, 6)), 4: 27, 5: draw.choice((60, 180, 364))}[precision]
        return start, min(start + timedelta(days=length), date(LAST.year, 12, 31)), precision

    def _deaths(self, violence: int) -> tuple[int, int, int, int]:
        """Of side a, side b, civilians and unknown: few as a rule, many now and then."""
        draw = self.random
        count = min(int(draw.paretovariate(1.1)), 900)
        if violence == 3:
            return 0, 0, count, 0
        shares = draw.choices((0, 1, 2, 3), (25, 45, 12, 18), k=min(count, 40))
        scale = count // max(len(shares), 1)
        return tuple(shares.count(share) * max(scale, 1) for share in range(4))  # type: ignore[return-value]

    def _range(self, best: int) -> tuple[int, int]:
        """High and low around the best estimate."""
        draw = self.random
        if draw.random() < 0.004:
            return best + draw.randint(500, 8_000), 0
        spread = draw.random() < 0.3
        return best + (draw.randint(1, 5 + best) if spread else 0), max(
            0, best - (draw.randint(0, best) if spread else 0)
        )

    def _articles(self, place: str, count: int, day: date) -> list[tuple[str, date, str]]:
        draw = self.random
        return [
            (
                draw.choice(OUTLETS),
                day + timedelta(days=draw.randint(0, 4)),
                draw.choice(HEADLINES).format(place=place, count=count),
            )
            for _ in range(draw.choices((0, 1, 2, 3, 5), (8, 60, 20, 9, 3))[0])
        ]


def falling(count: int) -> list[float]:
    """Cumulated weights 1, 1/2, 1/3 …: the first are drawn far more often than the last."""
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


def rows(count: int, *, seed: int = 1, first_id: int = 1) -> Iterator[Row]:
    """So many rows, each with an id of its own; the same seed gives the same rows."""
    world = World(seed)
    return (world.row(number) for number in range(first_id, first_id + count))


def write(path: Path, table: Iterator[Row], columns: Sequence[str] = COLUMNS) -> Path:
    """The rows as a CSV file, as large as it takes, in little memory."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(table)
    return path


if __name__ == "__main__":
    write(Path(sys.argv[2]), rows(int(sys.argv[1]), seed=int(sys.argv[3]) if len(sys.argv) > 3 else 1))
