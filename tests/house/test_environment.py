"""Only the settings read the environment."""

import re

from django.conf import settings

READS = re.compile(r"os\.environ|os\.getenv|environ\.Env\b")
MAY = {
    "conflict/settings.py",
    "conflict/environment.py",  # what the settings read it with
    "conflict/wsgi.py",  # names the settings module
    "conflict/ops/counters.py",  # names a folder for prometheus-client, which knows no other way
    "conflict/ops/systemd.py",  # what systemd tells each process anew
}


def test_no_other_module_reads_it():
    modules = [path for app in ("conflict", "editorial") for path in (settings.BASE_DIR / app).rglob("*.py")]
    found = {str(path.relative_to(settings.BASE_DIR)) for path in modules if READS.search(path.read_text())}

    assert modules
    assert found == MAY
