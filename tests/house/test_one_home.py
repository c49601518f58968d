"""One rule, one home: what decides a rule is written in one module, and the others ask it."""

import ast
import re
from collections import defaultdict

import pytest
from django.conf import settings

RULES = [
    ("a restricted source is in no document", r"SourceAccess\.RESTRICTED", "conflict/vocabulary.py"),
    (
        "relations that dispute a claim",
        r"{[^{}]*\.CONTRADICTS,[^{}]*\.DENIES,[^{}]*\.DISPUTES}",
        "conflict/vocabulary.py",
    ),
    ("apostrophes", r"(fromkeys\([^)]*(\\u2019|’)|compile\(\"\[\\u2018)", "conflict/text.py"),
    (
        "nobody approves or confirms what is their own",
        r"\.pk not in \w*(authors|proposers|first)\b|\.pk [!=]= \w+\.(asked|started|requested)_by_id|asked_by_id [!=]= \w+\.pk",
        "editorial/accounts/four_eyes.py",
    ),
    ("a text in which nothing can be seen", r"not prose\(|not (\w+\.)?(reason|answer|why)\.strip", "conflict/text.py"),
    ("refusal of an account", r"NotPermitted\(\s*_?\(?\"The account", "editorial/workflow/permissions.py"),
    (
        "the account that is signed in at the desk",
        r"isinstance\(request\.user, User\)",
        "editorial/admin/verb_calls.py",
    ),
    ("a primary key from outside", r"isdecimal\(\) and len\(", "conflict/text.py"),
    ("a disputed event", r"== EventStanding\.CONTESTED", "conflict/rival_facts.py"),
    ("a translation that is current", r"\[\"of\"\] [!=]= ", "conflict/translations.py"),
    ("claims that deny", r"stance\"\] [!=]= (Stance\.DENIES|\"denies\")", "conflict/estimates.py"),
    ("claims that count", r"rank\"\] != Rank\.DEPRECATED and .*not in", "conflict/estimates.py"),
    ("claims that replace another", r"\bREVISES\b[^}\n]*\bSUPERSEDES\b", "conflict/estimates.py"),
    ("claims to which a claim is related", r"relation\[\"kind\"\] in kinds\]", "conflict/estimates.py"),
    (
        "which finding decides a figure",
        r"finding\[\"measure\"\], identity\(finding\[\"subject\"\]\)\)\s*==",
        "conflict/findings.py",
    ),
    ("the range of a finding", r"finding\[\"best\"\]", "conflict/findings.py"),
    ("what took the place of a withdrawn entry", r"while key in merged", "conflict/record/successors.py"),
    ("distances on the earth", r"6371|\b111\.\d", "conflict/earth.py"),
    (
        "what may lie within a period, to the database",
        r"(overlap|contained_by)\W+DateRange\(|span__overlap=span\) for",
        "conflict/record/models/spans.py",
    ),
    (
        "what may lie within a period, to a date",
        r"\.starts_on is None or \w+\.starts_on < |start < end for start, end in",
        "conflict/dates.py",
    ),
    ("the period of a filter", r"after and after\.starts_on", "conflict/public/filters.py"),
    ("a single source", r"(?m)^SINGLE_SOURCE = |\bsources=1\b", "conflict/documents/references.py"),
    ("what rests on an encyclopaedia alone", r"<= \w*articles\b", "conflict/documents/encyclopaedias.py"),
    ("who opened a dispute", r"\.opened_by_id", "editorial/workflow/permissions.py"),
    ("what is ready to be published", r"licences\.refusals", "editorial/workflow/readiness.py"),
    ("stages at which a submission is worked on", r"only one open for review", "editorial/workflow/submissions.py"),
    ("a notice past its review", r"review_by(__lt=today| < today)", "conflict/models/notice.py"),
    ("a partner's key that has expired", r"\.expires_on < ", "editorial/models/partner.py"),
    ("settlements", r"CITY, LocationKind\.TOWN, LocationKind\.VILLAGE", "conflict/vocabulary.py"),
    (
        "how long a key may be",
        r"LONGEST_KEY = \d|\b(key|successor|target) = models\.CharField\(max_length=\d",
        "conflict/vocabulary.py",
    ),
    (
        "a dead address",
        r"DEAD_AFTER\b|address=(F\(\"source__url|OuterRef\(\"url|source\.url)",
        "editorial/models/address_check.py",
    ),
    ("the house of an outlet", r"min\(parent, |order_by\(\"-?other__key|above\.steps DESC", "conflict/independence.py"),
    ("claims that dispute one another", r"\bin DISPUTING\b|related\(claim, DISPUTING\)\]", "conflict/rival_facts.py"),
    (
        "two editors save the same entry",
        r"(start|seen) [!=]= \w+\.modified_at|\.modified_at [!=]= \w|edition\S* [!=]= |of_all\(.*\) [!=]= ",
        "editorial/admin/form_version.py",
    ),
    (
        "an emergency, as the log tells it",
        r"reason\S*endswith|Published in an emergency, before",
        "conflict/record/review_state.py",
    ),
    ("claims of control over a place", r"kind=ClaimKind\.CONTROL", "conflict/record/models/claim.py"),
    (
        "rival holders of a place",
        r"denies\(\w+\) == \(|is_denial == \(|\(identity\(claim\[\"holder\"\]\), ",
        "conflict/rival_facts.py",
    ),
    ("the key of a new entry", r"FIRST_DAY\.match|slugify\((words|folder)", "conflict/models/keys.py"),
    ("lists by name", r"(order_by|else|=|:) ?\(?[^\n\[]*\"label\", \"key\"\)", "conflict/record/models/entry.py"),
    ("an entry of a submission", r"is not part of submission", "editorial/workflow/submissions.py"),
    ("half a point", r"Only one of latitude and longitude", "editorial/import_export/cell_parsers.py"),
    ("rows of a page", r"DEFAULT_PAGE, LARGEST_PAGE = ", "conflict/public/pagination.py"),
    ("formulas in a cell", r"\"=\+-@|\[=\+|\"=\", *\"\+\"", "conflict/formulas.py"),
]


def sources():
    for package in ("conflict", "editorial"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(settings.BASE_DIR)), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("rule", "pattern", "home"), RULES, ids=[rule for rule, _, _ in RULES])
def test_is_written_in_one_module(rule, pattern, home):
    assert [path for path, text in sources() if re.search(pattern, text)] == [home]


def test_each_permission_is_asked_for_in_one_module():
    asking = defaultdict(set)
    for path, text in sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and re.fullmatch(
                r"editorial\.(?!view_|add_|change_|delete_)[a-z]+_\w+", str(node.value)
            ):
                asking[node.value].add(path)

    assert asking
    assert {name: paths for name, paths in asking.items() if len(paths) > 1} == {}


def constants():
    for path, text in sources():
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
                yield path, node.targets[0].id, node.value


def test_no_list_or_mapping_stands_under_two_names():
    found = defaultdict(set)
    for path, name, value in constants():
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "frozenset" and value.args:
            value = value.args[0]
        if isinstance(value, ast.Tuple | ast.List | ast.Set) and len(value.elts) > 3:
            found[tuple(sorted(map(ast.unparse, value.elts)))].add(f"{path}:{name}")
        elif isinstance(value, ast.Dict | ast.DictComp):
            found[ast.unparse(value)].add(f"{path}:{name}")

    assert found
    assert [names for names in found.values() if len(names) > 1] == []


OF_DIFFERENT_THINGS = {"AT_ONCE", "PAGE_SIZE", "EVENTS_SHOWN"}


def test_no_number_stands_twice_under_one_name():
    found = defaultdict(set)
    for path, name, value in constants():
        if (
            "_" in name
            and name not in OF_DIFFERENT_THINGS
            and isinstance(value, ast.Constant | ast.UnaryOp | ast.BinOp)
        ):
            found[name, ast.unparse(value)].add(path)

    assert found
    assert {name: paths for (name, _), paths in found.items() if len(paths) > 1} == {}
