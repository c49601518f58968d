"""`python -m tests.drills.deployment`: follow docs/install.md to the letter with a stopwatch, then restart under load.

The page's own commands are run, one block after the other, with its folders, ports and users replaced by some that
exist here; what a service manager does is done by hand, with the commands of the units. Needs root, and PostgreSQL and
nginx from Debian. The figures are written to var/deployment.json.
"""

import argparse
import base64
import contextlib
import hmac
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOST = "chronology.example"
USER = "nobody"
PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"  # Debian's own Python
PASSWORD = "a-long-enough-word-17"
SKIPPED = ("apt-get", "adduser", "tar -x", "systemctl", "nginx -t")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """The machine of the page, in one folder."""

    def __init__(self, home: Path, environment: str = "") -> None:
        self.environment = environment
        self.home, self.started, self.seconds = home, [], {}  # type: Path, list[subprocess.Popen[bytes]], dict[str, float]
        self.ports = {
            "8000": free_port(),
            "8001": free_port(),
            "5432": free_port(),
            "443": free_port(),
            "80": free_port(),
        }
        self.postgres = Path(max(map(str, Path("/usr/lib/postgresql").glob("*/bin"))))

    def translated(self, text: str) -> str:
        for there in (
            "/srv/chronology",
            "/etc/chronology",
            "/etc/ssl/chronology",
            "/etc/nginx/conf.d",
            "/etc/systemd/system",
        ):
            text = text.replace(there, f"{self.home}{there}")
        text = text.replace("runuser -u postgres -- psql", f"psql -h {self.home} -p {self.ports['5432']} -U postgres")
        text = text.replace("-o chronology -g chronology", f"-o {USER}").replace(
            "127.0.0.1:5432", f"127.0.0.1:{self.ports['5432']}"
        )
        return text.replace("runuser -u chronology", f"runuser -u {USER}")

    def do(self, name: str, commands: str) -> None:
        if self.environment:
            commands = re.sub(r"python3 -m venv .venv\n.*pip install.*", f"cp -a {self.environment} .venv", commands)
        lines = [line for line in commands.splitlines() if not line.strip().startswith(SKIPPED)]
        script = self.translated("set -eu\n" + "\n".join(lines))
        self.run(name, script)

    def run(self, name: str, script: str) -> None:
        began = time.monotonic()
        # One shell for all blocks, as a person would have: variables and folder are kept in a file.
        kept = self.home / "shell"
        before = f". {kept}\n" if kept.exists() else ""
        after = f"\nset +x; {{ set | grep -E '^(owner|desk|public)='; echo \"cd '$PWD'\"; }} > {kept}.new; mv {kept}.new {kept}"
        done = subprocess.run(["bash", "-c", before + script + after], cwd=self.home, env={**os.environ, "PATH": PATH}, check=False)  # fmt: skip
        self.seconds[name] = round(time.monotonic() - began, 1)
        print(f"{name}: {self.seconds[name]} s", flush=True)  # noqa: T201
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{script}")

    def start(self, *command: str, **options: Any) -> "subprocess.Popen[bytes]":
        self.started.append(subprocess.Popen(command, start_new_session=True, **options))
        return self.started[-1]

    def stop(self) -> None:
        for process in reversed(self.started):
            process.terminate()
        for process in reversed(self.started):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(45)


def start_postgres(machine: Machine) -> None:
    data = machine.home / "postgres"
    data.mkdir()
    shutil.chown(data, "postgres")
    shutil.chown(machine.home, "postgres")
    as_postgres = ["runuser", "-u", "postgres", "--"]
    initdb = [
        *as_postgres,
        str(machine.postgres / "initdb"),
        "-D",
        str(data),
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL)
    machine.start(*as_postgres, str(machine.postgres / "postgres"), "-D", str(data), "-k", str(machine.home),
                  "-p", str(machine.ports["5432"]), "-c", "listen_addresses=127.0.0.1")  # fmt: skip
    wait_for_port(machine.ports["5432"])


def wait_for_port(port: int, seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"Nothing listens on {port}.")


def settings_of(machine: Machine) -> dict[str, str]:
    lines = (machine.home / "etc/chronology/environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))


def start_service(machine: Machine, unit: str, port: str = "") -> "subprocess.Popen[bytes]":
    """As systemd would: the unit's command, with the settings of its environment file and nothing else; waits for READY."""
    text = (ROOT / "deploy" / unit).read_text()
    command = re.findall(r"^ExecStart=(.*)", text, re.MULTILINE)[0].replace("%i", str(machine.ports.get(port, port)))
    told = machine.home / f"notify-{unit}-{port}"
    told.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(told))
        told.chmod(0o777)
        process = machine.start(
            "setpriv", "--reuid", USER, "--clear-groups", *machine.translated(command).split(),
            cwd=machine.home / "srv/chronology/current", env={**settings_of(machine), "PATH": os.defpath, "NOTIFY_SOCKET": str(told)},
            stdout=(machine.home / f"{unit}.log").open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        if "Type=notify" in text:
            listening.settimeout(120)
            assert listening.recv(100) == b"READY=1"
    return process


def start_nginx(machine: Machine) -> None:
    conf = (machine.home / "etc/nginx/conf.d/chronology.conf").read_text()
    conf = machine.translated(re.sub(r"^ +listen \[::\].*\n", "", conf, flags=re.MULTILINE))
    for port in ("8000", "8001"):
        conf = conf.replace(f"127.0.0.1:{port}", f"127.0.0.1:{machine.ports[port]}")
    conf = conf.replace("listen 443", f"listen 127.0.0.1:{machine.ports['443']}").replace(
        "listen 80;", f"listen 127.0.0.1:{machine.ports['80']};"
    )
    whole = machine.home / "nginx.conf"
    folders = "".join(
        f"{name}_temp_path {machine.home}/nginx-{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(f"pid {machine.home}/nginx.pid; error_log {machine.home}/nginx.log; user {USER} nogroup; daemon off;\n"
                     f"events {{}}\nhttp {{\n{folders}{conf}}}\n")  # fmt: skip
    subprocess.run(["nginx", "-t", "-q", "-c", whole], check=True)
    machine.start("nginx", "-c", str(whole))
    wait_for_port(machine.ports["443"])


class Browser:
    """A client with cookies that trusts this one certificate and finds the host on this machine."""

    def __init__(self, machine: Machine) -> None:
        context = ssl.create_default_context(cafile=machine.home / "etc/ssl/chronology/fullchain.pem")
        context.check_hostname = False
        self.jar = http.cookiejar.CookieJar()
        self.base = f"https://127.0.0.1:{machine.ports['443']}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def ask(self, path: str, data: dict[str, str] | bytes | None = None, **headers: str) -> tuple[int, str, str]:
        if isinstance(data, dict):
            token = next((cookie.value or "" for cookie in self.jar if "csrf" in cookie.name), "")
            data = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(  # noqa: S310
            self.base + path, data, {"Host": HOST, "Referer": f"https://{HOST}/", **headers}
        )
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(errors="replace"), answer.url
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode(errors="replace"), refusal.url


class Load:
    """Twenty requests a second; counts what they were answered."""

    def __init__(self, browser: Browser, paths: list[str], rate: float = 20) -> None:
        self.browser, self.paths, self.rate = browser, paths, rate
        self.statuses: Counter[str] = Counter()
        self.longest = 0.0

    def one(self, path: str) -> None:
        began = time.monotonic()
        try:
            status = str(self.browser.ask(path)[0])
        except OSError as fault:
            status = type(fault).__name__
        self.longest = max(self.longest, time.monotonic() - began)
        self.statuses[status] += 1

    @contextlib.contextmanager
    def on(self, at_least: int) -> Iterator[None]:
        """Ask for as long as the block takes, and until there were so many."""
        threads: list[threading.Thread] = []
        ended = threading.Event()

        def begin() -> None:
            while not ended.is_set() or len(threads) < at_least:
                threads.append(threading.Thread(target=self.one, args=(self.paths[len(threads) % len(self.paths)],)))
                threads[-1].start()
                time.sleep(1 / self.rate)

        beginning = threading.Thread(target=begin)
        beginning.start()
        try:
            yield
        finally:
            ended.set()
            beginning.join()
            for thread in threads:
                thread.join()


def code_of(secret: str) -> str:
    """What an authenticator app shows."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time() // 30)), "sha1")
    place = digest[-1] & 15
    return str((struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6).zfill(6)


def sign_in(browser: Browser) -> None:
    browser.ask("/account/sign-in/")
    status, text, _ = browser.ask("/account/sign-in/", {"login": "operator", "password": PASSWORD})
    assert (status, "second factor" in text.lower()) == (200, True), (status, text[:500])
    status, text, _ = browser.ask("/account/second-factor/totp/activate/")
    if status == 200 and 'name="password"' in text:
        browser.ask("/account/confirm/?next=/account/second-factor/totp/activate/", {"password": PASSWORD})
        status, text, _ = browser.ask("/account/second-factor/totp/activate/")
    secret = re.findall(r"secret=([A-Z2-7]+)|value=\"([A-Z2-7]{16,})\"", text)
    found = next(one for pair in secret for one in pair if one)
    browser.ask("/account/second-factor/totp/activate/", {"code": code_of(found)})
    status, text, url = browser.ask("/admin/")
    if "authenticate" in url:
        time.sleep(31)  # each code counts once
        status, text, url = browser.ask(urllib.parse.urlsplit(url).path + "?next=/admin/", {"code": code_of(found)})
    assert (status, "Everything on the desk" in text) == (200, True), (status, url)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--environment", default="", help="copied instead of installing one")
    page = (ROOT / "docs" / "install.md").read_text()
    blocks = re.findall(r"^## (\d\. [^\n]+)\n|^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    home = Path(tempfile.mkdtemp(prefix="deployment-"))
    home.chmod(0o755)
    machine, told = Machine(home, arguments.parse_args().environment), {}
    try:
        start_postgres(machine)
        place = home / "srv/chronology/releases/1"
        for folder in ("etc/nginx/conf.d", "etc/systemd/system", "etc/ssl", "srv/chronology/releases"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        unwanted = shutil.ignore_patterns(".git", ".venv*", "var", ".*_cache", "__pycache__", ".hypothesis", "tests")
        shutil.copytree(ROOT, place, ignore=unwanted)
        for name in ("manage", "environment"):
            path = place / "deploy" / name
            path.write_text(machine.translated(path.read_text()))
        began, title, number = time.monotonic(), "", 0
        for heading, commands in blocks:
            if heading:
                title, number = heading, 0
                if title.startswith("5."):
                    break
            elif "SECRET_KEY=…" not in commands:  # an extract of the file, shown
                number += 1
                commands = commands.replace(
                    "createsuperuser", "createsuperuser --noinput --username operator --email o@example.org"
                )
                os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
                machine.do(f"{title} ({number})", commands)
        last = page[page.index("## 5.") :]
        for number, commands in enumerate(re.findall(r"^```sh\n(.*?)^```", last, re.MULTILINE | re.DOTALL)[:2], 1):
            machine.do(f"5. Serve ({number})", commands)
        services = {port: start_service(machine, "chronology@.service", port) for port in ("8000", "8001")}
        start_service(machine, "chronology-worker.service")
        start_nginx(machine)
        browser = Browser(machine)
        sign_in(browser)
        told["seconds from nothing to the desk with a second factor"] = round(time.monotonic() - began)

        told["plain http"] = plain(machine)
        told["2 MB elsewhere"] = browser.ask("/api/v1/proposals/", b"x" * 2 * 2**20)[0]
        told["2 MB at the desk"] = browser.ask("/admin/editorial/importrun/upload/", b"x" * 2 * 2**20)[0]
        told["metrics from outside"] = browser.ask("/metrics")[0]
        css = re.findall(r'href="(/static/[^"]+\.css)"', browser.ask("/")[1])
        told["static files"] = sorted({browser.ask(path)[0] for path in css})

        # Restart both processes in turn under load.
        load = Load(Browser(machine), ["/", "/actors/", "/places/", "/api/v1/"])
        with load.on(300):
            for port in ("8000", "8001"):
                time.sleep(1)
                services[port].send_signal(signal.SIGTERM)
                services[port].wait(60)
                services[port] = start_service(machine, "chronology@.service", port)
        told["requests during a restart"] = dict(load.statuses)
        told["longest of them, seconds"] = round(load.longest, 2)
    finally:
        machine.stop()
        shutil.rmtree(home, ignore_errors=True)
    told["steps, seconds"] = machine.seconds
    (ROOT / "var" / "deployment.json").write_text(json.dumps(told, indent=2))
    print(json.dumps(told, indent=2))  # noqa: T201
    assert set(told["requests during a restart"]) == {"200"}


def plain(machine: Machine) -> str:
    with socket.create_connection(("127.0.0.1", machine.ports["80"]), timeout=10) as line:
        line.sendall(f"GET /x HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        said = line.recv(2000).decode()
    return f"{said.split()[1]} {re.findall(r'Location: (.*)', said)[0].strip()}"


if __name__ == "__main__":
    main()
