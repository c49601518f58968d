"""Every text for readers and editors is translated into French by our own catalogues, since Django's may use a word differently."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from conflict.documents import SHAPES
from conflict.public.template_environment import FOLDERS, environment
from editorial import model_names
from editorial.import_export import sheet_fields

READERS = settings.BASE_DIR / "conflict" / "locale" / "fr" / "LC_MESSAGES"
EDITORS = settings.BASE_DIR / "editorial" / "locale" / "fr" / "LC_MESSAGES"
both = pytest.mark.parametrize("folder", [READERS, EDITORS], ids=["readers", "editors"])
CODE = [
    path
    for package in ("conflict", "editorial")
    for path in sorted((settings.BASE_DIR / package).rglob("*.py"))
    if not {"migrations", "management"} & set(path.parts)
]
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# What editors read: no text of theirs is left unmarked. What a command or the API says is in English.
OF_THE_DESK = re.compile(
    r"editorial/(admin|accounts|models|workflow|reports)/|conflict/models/|editorial/(dashboard|site)"
    r"|editorial/webhooks/(addresses|management)|editorial/partners/(keys|drafts|proposals)"
    r"|editorial/import_export/(?!documents|chronology|bulk_copy|drafts|formats)|conflict/record/(closure|publisher)"
)
TOLD = {"help_text", "label", "description", "empty_label", "search_help_text", "violation_error_message"}
KEPT = {  # and so in one language, whoever wrote it; or said at the server
    "The log's head was published at",
    "supports nothing",
    "is planned as",  # a fault of the program
}
FAULTS = {"AssertionError", "TypeError"}  # of the program
MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
Message = tuple[str, str]  # context, text


def messages() -> dict[Message, str]:
    """Every text that is marked for translation, with the file that marks it."""
    found = {}
    for path in CODE:
        for message in said_in(path.read_text(encoding="utf-8")):
            found[message] = path.name
    readers = environment()
    for path in TEMPLATES:
        is_for_readers = path.relative_to(settings.BASE_DIR / "templates").parts[0] in FOLDERS
        for message in _said_to_readers(readers, path) if is_for_readers else said_in(_as_code(path)):
            found[message] = path.name
    return found


def _said_to_readers(readers: Any, path: Path) -> Iterator[Message]:
    """The marked texts of a template in Jinja2."""
    for _line, function, told in readers.extract_translations(path.read_text(encoding="utf-8")):
        texts = [told] if isinstance(told, str) else [text for text in told if text]
        yield (texts[0], texts[1]) if function == "pgettext" else ("", texts[0])


def _as_code(path: Path) -> str:
    """The marked texts of a template as Python: what Django's own makemessages reads, one call a line."""
    calls = re.findall(
        r" _\(.*?\)(?= |$)| (?:n|p|np)?gettext\(.*?\)(?= |$)", templatize(path.read_text(encoding="utf-8")), re.DOTALL
    )
    lines = []
    for call in calls:
        try:
            ast.parse(call.strip())
        except SyntaxError:
            continue
        lines.append(call.strip())
    return "\n".join(lines)


def said_in(code: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS):
            continue
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        has_context = node.func.id.lstrip("n").startswith("pgettext")
        if len(texts) > has_context:
            yield (texts[0], texts[1]) if has_context else ("", texts[0])


def fields_of(shape: Any) -> Iterator[str]:
    """Names of the fields of a document and of its parts."""
    for name, declared in shape.fields.items():
        yield name
        part = getattr(declared, "child", declared)
        if hasattr(part, "fields"):
            yield from fields_of(part)


def known() -> set[str]:
    return {one if isinstance(one, str) else one[0] for one in [*french(READERS), *french(EDITORS)]}


def unmarked(code: str) -> Iterator[str]:
    """Sentences for an editor that no call marks for translation: labels, helps, refusals, messages."""
    for node in ast.walk(ast.parse(code)):
        said: list[ast.expr] = []
        match node:
            case ast.keyword(arg=str(name), value=value) if name in TOLD:
                said = [value]
            case ast.Raise(exc=ast.Call(args=[value, *_], func=ast.Name(id=name))) if name not in FAULTS:
                said = [node.exc.args[1] if name == "CellRefused" else value]  # after the column
            case ast.Call(
                func=ast.Attribute(
                    attr="add_error" | "message_user" | "error" | "success" | "info" | "warning",
                    value=ast.Name(id="self" | "messages"),
                ),
                args=[_, value, *_],
            ):
                said = [value]
            case ast.Call(func=ast.Name(id="perform" | "made_by"), args=[_, _, value]):
                said = [value]
            case ast.Assign(targets=[ast.Name(id="choices_offered")], value=ast.Dict(values=values)):
                said = [value.elts[0] for value in values if isinstance(value, ast.Tuple)]
            case ast.Dict(keys=keys, values=values):
                said = [value for key, value in zip(keys, values, strict=True) if getattr(key, "value", "") == "title"]
        for value in said:
            yield from (text for text in literals(value) if re.search(r"[a-z]{3}", text))


def literals(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value for part in parts if isinstance(part, ast.Constant))
        case ast.IfExp(body=one, orelse=other):
            yield from (*literals(one), *literals(other))


def bare(template: str) -> Iterator[str]:
    """Words of a template outside of any tag that translates them, and in the attributes that people read."""
    source = re.sub(r"{% block (bodyclass|coltype) %}.*?{% endblock %}|Conflict Chronology", "", template)
    source = re.sub(r'<(\w+) [^>]*lang="[^>]*>\w+</\1>', "", source)  # the other language, in itself
    source = re.sub(
        r"{% (comment|blocktranslate)\b.*?{% end\1 %}|{#.*?#}|<(script|code)\b.*?</\2>", "", source, flags=re.DOTALL
    )
    source = re.sub(r"{%.*?%}|{{.*?}}", "\0", source, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*[A-Za-z]{3}[^"]*)"', source)
    yield from re.findall(r"[A-Za-z][A-Za-z ,.;:’'-]{2,}", re.sub(r"<[^>]*>|&\w+;", "\0", source))


def french(folder: Path) -> dict[str | tuple[str, int], str]:
    """The French of every text, with its context before it; of one that is counted, each form."""
    with (folder / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined, no-any-return]


class TestFrench:
    def test_says_everything_that_a_reader_or_an_editor_is_told(self):
        said = messages()
        has = known()

        missing = {f"{context}\x04{text}" if context else text: name for (context, text), name in said.items()}

        assert len(said) > 2000
        assert {text: name for text, name in missing.items() if text not in has} == {}

    def test_has_the_names_of_models_and_fields(self):
        has = known()
        documents = {name for shape in SHAPES.values() for name in fields_of(shape())}

        names = {f"{context}\x04{name}" for _, _, context, name in model_names.english()}
        names |= {f"field\x04{name.replace('_', ' ')}" for name in {*documents, *sheet_fields.FIELDS}}

        assert len(names) > 300
        assert names - has == set()

    def test_leaves_no_text_of_the_desk_unmarked(self):
        files = [path for path in CODE if OF_THE_DESK.search(path.as_posix())]

        found = {text: path.name for path in files for text in unmarked(path.read_text(encoding="utf-8"))}

        assert len(files) > 80
        assert {text: name for text, name in found.items() if not any(kept in text for kept in KEPT)} == {}

    def test_leaves_no_word_of_the_desk_s_templates_bare(self):
        folders = ("admin", "account", "allauth")
        files = [path for path in TEMPLATES if {*folders} & set(path.parts)]

        assert len(files) > 50
        assert {p.name: texts for p in files if (texts := [*bare(p.read_text(encoding="utf-8"))])} == {}

    @both
    def test_is_compiled_from_what_is_written(self, folder):
        written = set(
            re.findall(r'^msgstr(?:\[0\])? "(.+)"$', (folder / "django.po").read_text(encoding="utf-8"), re.MULTILINE)
        )
        compiled = {text.replace("\n", "\\n").replace('"', '\\"') for text in french(folder).values()}

        assert written - compiled == set()

    @both
    def test_leaves_nothing_half_done(self, folder):
        catalogue = (folder / "django.po").read_text(encoding="utf-8")

        assert "#, fuzzy" not in catalogue
        assert not re.findall(r'^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[\d\])? ""\n\n', catalogue, re.MULTILINE)

    @both
    @pytest.mark.parametrize("placeholder", [r"%\(\w+\)[sd]", r"\{\w+\}"], ids=["percent", "braces"])
    def test_keeps_what_is_filled_in(self, placeholder, folder):
        pairs = [(one, text) for one, text in french(folder).items() if isinstance(one, str) and one]

        wrong = [one for one, text in pairs if set(re.findall(placeholder, one)) != set(re.findall(placeholder, text))]

        assert pairs
        assert wrong == []

    @both
    def test_sets_its_marks_as_print_does(self, folder):
        texts = [text for one, text in french(folder).items() if one]

        # A space that may break before a high sign, within quotation marks or thousands; no space; marks of English.
        wrong = re.compile(r" [;:?!»]|« |\d \d{3}|[\w)][;?!»](?!\d)|\w:(?=\s|$)(?! OK)|(?<!=)\"(?!>)|['“”]")

        assert [text for text in texts if wrong.search(text)] == []
