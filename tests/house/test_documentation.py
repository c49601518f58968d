"""README.md names every setting and every command, and no others."""

import re

from django.conf import settings
from django.core.management import get_commands

README = (settings.BASE_DIR / "README.md").read_text()
SETTINGS = (settings.BASE_DIR / "conflict" / "settings.py").read_text()


def test_every_variable_the_settings_read_is_in_the_table_and_the_table_has_no_others():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    documented = set(re.findall(r"^\| `([A-Z_]+)` ", README, re.MULTILINE))

    assert read
    assert documented == read


def test_every_command_of_ours_is_explained():
    former = {"work", "launch", "follow"}  # their new names are explained
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in {"conflict", "editorial"}}
    ours -= former

    assert ours
    assert {name for name in ours if f"`{name}" not in README and f"manage.py {name}" not in README} == set()


def test_every_make_target_is_explained():
    targets = set(re.findall(r"^([a-z-]+):", (settings.BASE_DIR / "Makefile").read_text(), re.MULTILINE))

    assert {target for target in targets - {"port", "help"} if f"make {target}" not in README} == set()


def test_every_test_the_threat_model_names_is_there():
    named = set(re.findall(r"`(tests/[a-z_/]+\.py)`", README))

    assert named
    assert {name for name in named if not (settings.BASE_DIR / name).exists()} == set()
