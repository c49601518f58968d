"""Typed access to environment variables; collects problems instead of guessing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from conflict.signed_notes import VerifierKey

T = TypeVar("T")
HOST = re.compile(r"(\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:]+\])(:[0-9]+)?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # a BCP 47 tag
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


@dataclass
class Environment:
    """The variables, with one sentence in `problems` for each invalid value."""

    variables: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        return self._cast(name, default, _flag, "1 or 0")

    def number(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        def cast(value: str) -> int:
            if not at_least <= int(value) <= at_most:
                raise ValueError
            return int(value)

        return self._cast(name, default, cast, f"a whole number from {at_least} to {at_most}")

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        def cast(value: str) -> str:
            return choices[[choice.lower() for choice in choices].index(value.lower())]

        return self._cast(name, default, cast, "one of " + ", ".join(choices))

    def names(self, name: str, default: list[str]) -> list[str]:
        """Comma-separated list."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()] or default

    def hosts(self, name: str, default: list[str]) -> list[str]:
        expected = "host names such as chronology.example, each once and without https://, separated by commas"
        return self._matching(name, default, HOST, expected)

    def languages(self, name: str, default: list[str]) -> list[str]:
        return self._matching(name, default, LANGUAGE, "language tags such as fr, each once, separated by commas")

    def folder(self, name: str, default: Path) -> Path:
        """Folder as an absolute path; `~` is the home of the user."""
        return Path(self.text(name) or default).expanduser().resolve()

    def file(self, name: str) -> str:
        """Path of a file, which is there; empty if unset."""
        value = self.text(name)
        try:
            if value and not Path(value).is_file():
                self.problems.append(f"{name} names {value}, where there is no file.")
        except PermissionError:  # it may be for another user's eyes only, such as a key
            pass
        return value

    def origins(self, name: str) -> list[str]:
        def cast(value: str) -> list[str]:
            found = [part.strip() for part in value.split(",") if part.strip()]
            if any(urlsplit(origin).scheme not in {"http", "https"} for origin in found):
                raise ValueError
            return found

        return self._cast(name, [], cast, "origins with their scheme, such as https://example.org, separated by commas")

    def address(self, name: str, *schemes: str) -> str:
        """URL with one of these schemes: `https:…`; empty if unset."""

        def cast(value: str) -> str:
            parts = urlsplit(value)
            if parts.scheme not in schemes or not (parts.netloc or parts.path) or len(value.split()) != 1:
                raise ValueError
            return value

        return self._cast(name, "", cast, "an address that begins with " + " or ".join(f"{one}:" for one in schemes))

    def authorities(self, name: str) -> list[str]:
        """URLs of timestamp authorities, each of another host; plain HTTP will do, as the responses are signed."""

        def cast(value: str) -> list[str]:
            found = [part.strip() for part in value.split(",") if part.strip()]
            hosts = [urlsplit(url).hostname for url in found if urlsplit(url).scheme in {"http", "https"}]
            if len(set(hosts)) != len(found) or None in hosts:
                raise ValueError
            return found

        expected = (
            "addresses of authorities, each on a host of its own, such as https://tsa.example.org/, separated by commas"
        )
        return self._cast(name, [], cast, expected)

    def verifier_keys(self, name: str) -> list[VerifierKey]:
        """Keys of witnesses, separated by commas."""
        expected = "keys of witnesses as `manage.py replicate --sign` prints them, separated by commas"
        return self._cast(
            name, [], lambda value: [VerifierKey.parse(one.strip()) for one in value.split(",")], expected
        )

    def tiles(self, name: str) -> str:
        """URL templates of map tiles, with {z}, {x} and {y}; empty if unset."""

        def cast(value: str) -> str:
            parts = urlsplit(value)
            # The host becomes part of a header, in which a semicolon or a space would start another directive.
            host = re.fullmatch(r"[a-z0-9.-]+(:[0-9]+)?", parts.netloc)
            if parts.scheme != "https" or not host or not all(part in value for part in ("{z}", "{x}", "{y}")):
                raise ValueError
            return value

        return self._cast(name, "", cast, "addresses of tiles such as https://tiles.example.org/{z}/{x}/{y}.png")

    def database(self, name: str) -> dict[str, Any] | None:
        """Django's settings for the PostgreSQL database that a URL names; None if the variable is unset."""
        return next(iter(self._databases(name, [self.text(name)])), None)

    def databases(self, name: str) -> list[dict[str, Any]]:
        """Several servers of one database as comma-separated URLs; all with the same login."""
        found = self._databases(name, self.names(name, []))
        if len({(server["USER"], server["NAME"]) for server in found}) > 1:
            self.problems.append(f"{name} names several servers; all of them must have the same user and database.")
        return found

    def _databases(self, name: str, urls: list[str]) -> list[dict[str, Any]]:
        # Do not repeat the value in the message: it contains a password.
        try:
            return [_database(url) for url in urls if url]
        except ValueError as wrong:
            self.problems.append(
                f"{name} cannot be used: {wrong}. It looks like postgres://user:password@host:5432/name."
            )
            return []

    def cache(self, name: str) -> str:
        """URL of a Redis server; empty if the variable is unset."""
        # Do not repeat the value in the message: it may contain a password.
        value = self.text(name)
        try:
            parts = urlsplit(value)
            is_redis = parts.scheme in {"redis", "rediss"} and parts.hostname and (parts.port is None or parts.port > 0)
        except ValueError:  # of its port
            is_redis = False
        if value and not is_redis:
            self.problems.append(f"{name} cannot be used. It looks like redis://user:password@host:6379/0.")
        return value

    def sender(self, name: str, default: str) -> str:
        """An e-mail address, or one with a name: `Desk <desk@chronology.example>`."""

        def cast(value: str) -> str:
            if not re.fullmatch(r"[^@\s]+@[^@\s]+|[^<>@]*<[^@\s]+@[^@\s]+>", value):
                raise ValueError
            return value

        return self._cast(name, default, cast, "an e-mail address such as desk@chronology.example")

    def mail_server(self, name: str) -> dict[str, Any]:
        """Settings of the server that takes e-mail, from `smtps://user:password@host:465`; empty if unset."""

        def cast(value: str) -> dict[str, Any]:
            parts = urlsplit(value)
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
                raise ValueError
            return {
                "EMAIL_HOST": parts.hostname,
                "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
                "EMAIL_HOST_USER": unquote(parts.username or ""),
                "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
                "EMAIL_USE_SSL": parts.scheme == "smtps",
                "EMAIL_USE_TLS": parts.scheme == "smtp",
            }

        expected = "a mail server such as smtps://user:password@mail.example.org:465 (smtp: with STARTTLS)"
        return self._cast(name, {"EMAIL_HOST": ""}, cast, expected)

    def refuse_problems(self) -> None:
        if self.problems:
            raise ImproperlyConfigured("\n".join(self.problems))

    def _matching(self, name: str, default: list[str], pattern: re.Pattern[str], expected: str) -> list[str]:
        def cast(value: str) -> list[str]:
            found = self.names(name, [])
            if not all(pattern.fullmatch(one) for one in found) or len({one.lower() for one in found}) < len(found):
                raise ValueError
            return found or default

        return self._cast(name, default, cast, expected)

    def _cast(self, name: str, default: T, cast: Callable[[str], T], expected: str) -> T:
        value = self.text(name)
        if not value:
            return default
        try:
            return cast(value)
        except ValueError:
            self.problems.append(f"{name} is {value!r}, but must be {expected}.")
            return default


def _flag(value: str) -> bool:
    if value.lower() not in YES | NO:
        raise ValueError
    return value.lower() in YES


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("only PostgreSQL is supported")
    if parts.fragment:
        raise ValueError("it has a #, which a password writes as %23")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("its port is not a number below 65536") from None
    if not parts.path.strip("/"):
        raise ValueError("it names no database")
    found: dict[str, Any] = environ.Env.db_url_config(url, "conflict.postgres")
    found["HOST"] = unquote(found["HOST"])  # a socket folder is given as %2Frun%2Fpostgresql
    return found
