"""The files under deploy/ agree with the software that they deploy, and with each other."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings

from conflict.ops import desk_host
from conflict.ops.counters import OF_A_POOL
from conflict.ops.metrics import gauges
from editorial.import_export import uploads
from tests import docs

FOLDER = settings.BASE_DIR / "deploy"
NGINX = (FOLDER / "nginx.conf").read_text()
ALERTS = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
SETTINGS = (settings.BASE_DIR / "conflict" / "settings.py").read_text()
COUNTED = {
    "requests_total",
    "request_seconds",
    "dropped_requests_total",
    "failed_sign_ins_total",
    "slow_queries_total",
    "pool",
    "figure_answered",
}


def figures() -> set[str]:
    return {f"chronology_{name}" for name in COUNTED} | {gauge.name for gauge in gauges}


class TestTheEnvironmentFile:
    def test_names_every_setting_and_no_other(self):
        read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
        named = re.findall(r"^(?:# )?([A-Z_]+)=", (FOLDER / "environment").read_text(), re.MULTILINE)

        assert sorted(named) == sorted(read)

    def test_can_be_read_by_a_shell_as_by_systemd(self):
        done = subprocess.run(["sh", "-eu", FOLDER / "environment"], capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


class TestNginx:
    def test_closes_every_address_of_the_desk(self):
        (closed,) = re.findall(r"location ~ \^/\(([a-z/|]+)\)/ \{\n +if \(\$may_edit", NGINX)

        assert {f"/{part}/" for part in closed.split("|")} == set(desk_host.DESK)

    def test_lets_the_largest_upload_through(self):
        largest = max(int(size) for size in re.findall(r"client_max_body_size (\d+)m;", NGINX))

        assert uploads.LARGEST < largest * 2**20 <= uploads.LARGEST + 2**20


class TestTheServices:
    @pytest.mark.parametrize("name", ["chronology@.service", "chronology-worker.service"])
    def test_are_understood_by_systemd(self, name, tmp_path):
        if shutil.which("systemd-analyze") is None:
            pytest.skip("systemd is not installed.")
        unit = tmp_path / name.replace("@", "@8000")
        text = (FOLDER / name).read_text()
        # What the machine of the tests lacks: the programs, the user and the settings.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/sh", text, flags=re.MULTILINE)
        unit.write_text(re.sub(r"^(User|Group)=.*", r"\1=root", text, flags=re.MULTILINE))

        done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)

        assert [line for line in done.stderr.splitlines() if unit.name in line] == []

    def test_restart_whatever_happens_and_know_nothing_of_the_owner(self):
        for path in FOLDER.glob("*.service"):
            assert "\nRestart=always\n" in path.read_text()
            assert "/etc/chronology/owner" not in path.read_text()


class TestTheContainers:
    def test_run_commands_and_files_that_are_there(self):
        composed = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
        copied = re.findall(r"^COPY (?!--from)(\S+)", (FOLDER / "Containerfile").read_text(), re.MULTILINE)

        assert {"db", "site", "worker", "upgrade", "proxy"} == set(composed)
        assert composed["site"]["environment"].keys() & {"OWNER_DATABASE_URL"} == set()
        assert all((settings.BASE_DIR / path).exists() for path in copied)

    @pytest.mark.parametrize("program", ["hadolint", "docker-compose"])
    def test_are_understood_by_their_programs(self, program):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed.")
        arguments = {
            "hadolint": ["hadolint", FOLDER / "Containerfile"],
            "docker-compose": ["docker-compose", "-f", FOLDER / "compose.yaml", "config", "--quiet"],
        }[program]
        secrets = dict.fromkeys(re.findall(r"\$\{(\w+):\?\}", (FOLDER / "compose.yaml").read_text()), "x")

        done = subprocess.run(
            arguments, env={"PATH": os.environ["PATH"], **secrets}, capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stdout + done.stderr


class TestTheAlerts:
    def test_are_those_that_the_page_explains(self):
        explained = re.findall(r"^\| `(Chronology\w+)`", docs.page("alerts"), re.MULTILINE)

        assert sorted(explained) == sorted(rule["alert"] for rule in ALERTS)

    @pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
    def test_ask_for_figures_that_there_are(self, rule):
        named = set(re.findall(r"chronology_\w+", rule["expr"]))

        assert named - figures() == set()
        assert named or "up{" in rule["expr"]
        assert rule["annotations"]["summary"]

    def test_come_with_every_figure_explained(self):
        explained = set(re.findall(r"`(chronology_\w+)`", docs.page("alerts")))

        assert explained == figures()
        assert set(OF_A_POOL.values()) == {"size", "available", "waiting"}

    def test_are_read_by_prometheus_itself(self):
        if shutil.which("promtool") is None:
            pytest.skip("promtool is not installed.")
        done = subprocess.run(
            ["promtool", "check", "rules", FOLDER / "alerts.yml"], capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stdout + done.stderr
