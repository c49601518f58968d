"""The files under deploy/ agree with the software that they deploy, and with each other."""

import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import ExitStack, contextmanager

import pytest
import yaml
from django.conf import settings

from conflict.ops import desk_host
from conflict.ops.counters import OF_A_POOL
from conflict.ops.metrics import gauges
from editorial.import_export import uploads
from tests import docs
from tests.clusters import wait_for
from tests.drills.steps import free_port
from tests.sites import listens

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


class Backend(http.server.BaseHTTPRequestHandler):
    """A site that answers with what the proxy told it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(self.headers).encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def nginx(place, conf: str):
    """The file as an operator would use it, for this machine's ports, in front of a site; the ports of https and http."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("nginx is not installed.")
    ports = {"443": free_port(), "80": free_port()}
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=chronology.example -keyout {place}/privkey.pem -out {place}/fullchain.pem"
    subprocess.run(command.split(), check=True, capture_output=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        conf = re.sub(r"^ +(listen \[::\]|server 127.0.0.1:8001).*\n", "", conf, flags=re.MULTILINE)
        for old, new in {
            "127.0.0.1:8000": f"127.0.0.1:{site.server_port}",
            "listen 443": f"listen 127.0.0.1:{ports['443']}",
            "listen 80": f"listen 127.0.0.1:{ports['80']}",
            "/etc/ssl/chronology": str(place),
        }.items():
            assert old in conf
            conf = conf.replace(old, new)
        folders = "".join(
            f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = place / "nginx.conf"
        whole.write_text(
            f"pid {place}/pid; error_log {place}/errors; daemon off; events {{}}\nhttp {{ {folders}\n{conf} }}\n"
        )
        process = subprocess.Popen(["/usr/sbin/nginx", "-c", whole, "-e", f"{place}/errors"])
        try:
            wait_for(lambda: process.poll() is not None or all(map(listens, ports.values())), seconds=20)
            assert process.poll() is None, (place / "errors").read_text()
            yield ports["443"], ports["80"]
        finally:
            process.terminate()
            process.wait(20)
            site.shutdown()


def first_line(port: int, path: str, *headers: str, tls: bool = True) -> tuple[str, str]:
    """The status that a request gets, and all else that came at once."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with ExitStack() as opened:
        line = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        if tls:
            line = opened.enter_context(context.wrap_socket(line))
        line.sendall("\r\n".join([f"GET {path} HTTP/1.1", "Host: chronology.example", *headers, "", ""]).encode())
        said = line.recv(65536).decode()
    return said.split()[1], said


class TestNginxItself:
    def test_speaks_tls_takes_large_uploads_at_the_desk_only_and_keeps_monitors_inside(self, tmp_path):
        largest, too_large = ((f"Content-Length: {size * 2**20}", "Expect: 100-continue") for size in (301, 302))
        with nginx(tmp_path, NGINX) as (https, http_port):
            status, moved = first_line(http_port, "/x?y=1", tls=False)
            answered = first_line(https, "/", "Connection: close")[1]

            assert status == "301"
            assert "Location: https://chronology.example/x?y=1\r\n" in moved
            assert "X-Forwarded-Proto: https" in answered
            assert re.search(r"X-Request-Start: t=\d{10}\.\d{3}", answered)
            assert first_line(https, "/admin/import/", *largest)[0] == "100"
            assert first_line(https, "/admin/import/", *too_large)[0] == "413"
            assert first_line(https, "/", *largest)[0] == "413"
            assert {first_line(https, path)[0] for path in ("/healthz", "/readyz", "/metrics")} == {"404"}

    def test_closes_the_desk_to_strangers_and_nothing_else(self, tmp_path):
        closed = NGINX.replace("default 1;", "default 0;").replace("    127.0.0.0/8 1;\n", "")
        with nginx(tmp_path, closed) as (https, _):
            told = {
                path: first_line(https, path, "Connection: close")[0]
                for path in ("/", "/fr/", "/api/v1/", *desk_host.DESK)
            }

        assert told == {"/": "200", "/fr/": "200", "/api/v1/": "200", **dict.fromkeys(desk_host.DESK, "403")}


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
