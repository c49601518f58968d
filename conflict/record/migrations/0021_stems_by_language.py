"""Each text is searched by the word forms of its own language, no longer all by English ones.

`search_text` holds the texts of an entry by stemmer, as JSON. One that an earlier version wrote is English; `migrate`
makes the record anew at its end.
"""

import django.contrib.postgres.search
from django.db import migrations, models

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish", "simple": "simple",
}  # fmt: skip
CONFIGURED = [
    statement
    for code, language in STEMMERS.items()
    for statement in (
        f"CREATE TEXT SEARCH CONFIGURATION chronology_{code} (COPY = pg_catalog.{language})",
        f"ALTER TEXT SEARCH CONFIGURATION chronology_{code} ALTER MAPPING FOR hword, hword_part, word"
        f" WITH unaccent, {language}{'' if code == 'simple' else '_stem'}",
    )
]
FUNCTION = """
CREATE FUNCTION chronology_search(texts text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    part record;
    found tsvector := '';
BEGIN
    IF left(texts, 1) <> '{' THEN
        RETURN to_tsvector('public.chronology_en', texts);
    END IF;
    FOR part IN SELECT key, value FROM json_each_text(texts::json) LOOP
        found := found || to_tsvector(('public.chronology_' || part.key)::regconfig, part.value);
    END LOOP;
    RETURN found;
END $$
"""
FORMER = (
    "CREATE TEXT SEARCH CONFIGURATION chronology (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION chronology ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem",
)
KINDS = ("actor", "event", "location", "notice", "period", "source")


def column_made_anew(kind: str, expression: str) -> list[str]:
    table = f"record_published{kind}"
    return [
        f"ALTER TABLE {table} DROP COLUMN search,"
        f" ADD COLUMN search tsvector GENERATED ALWAYS AS ({expression}) STORED",
        f"CREATE INDEX published{kind}_search ON {table} USING gin (search)",
    ]


def search_column(kind: str) -> migrations.AlterField:
    return migrations.AlterField(
        f"published{kind}",
        "search",
        models.GeneratedField(
            db_persist=True,
            expression=models.Func("search_text", function="chronology_search"),
            output_field=django.contrib.postgres.search.SearchVectorField(),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("record", "0020_identifiers_and_rival_facts")]

    operations = [
        migrations.RunSQL(
            [
                *CONFIGURED,
                FUNCTION,
                *(sql for kind in KINDS for sql in column_made_anew(kind, "chronology_search(search_text)")),
                "DROP TEXT SEARCH CONFIGURATION chronology",
            ],
            [
                *FORMER,
                *(sql for kind in KINDS for sql in column_made_anew(kind, "to_tsvector('chronology', search_text)")),
                "DROP FUNCTION chronology_search",
                *(f"DROP TEXT SEARCH CONFIGURATION chronology_{code}" for code in STEMMERS),
            ],
            state_operations=[search_column(kind) for kind in KINDS],
        )
    ]
