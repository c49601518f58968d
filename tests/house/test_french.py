"""Every text for readers and editors is translated into French by our own catalogues, since Django's may use a word differently."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

READERS = settings.BASE_DIR / "conflict" / "locale" / "fr" / "LC_MESSAGES"
EDITORS = settings.BASE_DIR / "editorial" / "locale" / "fr" / "LC_MESSAGES"
both = pytest.mark.parametrize("folder", [READERS, EDITORS], ids=["readers", "editors"])
PUBLIC_CODE = [
    *(
        path
        for folder in ("pages", "public", "templatetags")
        for path in sorted((settings.BASE_DIR / "conflict" / folder).rglob("*.py"))
    ),
    *sorted((settings.BASE_DIR / "editorial" / "reports").rglob("*.py")),
    settings.BASE_DIR / "editorial" / "models" / "report.py",
    settings.BASE_DIR / "editorial" / "models" / "dispute.py",
    settings.BASE_DIR / "conflict" / "vocabulary.py",
    settings.BASE_DIR / "conflict" / "dates.py",
    settings.BASE_DIR / "conflict" / "typed_dates.py",
    *sorted((settings.BASE_DIR / "conflict" / "wording").rglob("*.py")),
]
PUBLIC_TEMPLATES = [
    settings.BASE_DIR / "templates" / "base.html",
    settings.BASE_DIR / "templates" / "429.html",
    *(
        path
        for folder in ("pages", "errors", "account")
        for path in (settings.BASE_DIR / "templates" / folder).rglob("*.html")
    ),
]
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
    """Every text that public pages mark for translation, with the file that does."""
    found = {}
    for path in PUBLIC_CODE:
        for message in said_in(path.read_text(encoding="utf-8")):
            found[message] = path.name
    for path in PUBLIC_TEMPLATES:
        for message in said_in(_as_code(path)):
            found[message] = path.name
    return found


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
        if texts:
            has_context = node.func.id.lstrip("n").startswith("pgettext")
            yield (texts[0], texts[1]) if has_context else ("", texts[0])


def french(folder: Path) -> dict[str | tuple[str, int], str]:
    """The French of every text, with its context before it; of one that is counted, each form."""
    with (folder / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined, no-any-return]


class TestFrench:
    def test_says_everything_that_a_reader_is_told(self):
        said = messages()
        known = {one if isinstance(one, str) else one[0] for one in [*french(READERS), *french(EDITORS)]}

        missing = {f"{context}\x04{text}" if context else text: name for (context, text), name in said.items()}

        assert len(said) > 500
        assert {text: name for text, name in missing.items() if text not in known} == {}

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
