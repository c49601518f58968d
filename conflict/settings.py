"""Settings: the only module that reads the environment; it rejects invalid values.

All problems are collected and reported together, one sentence each, before anything starts. docs/settings.md lists the
variables; a test keeps that list complete.
"""

import hashlib
import hmac
import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.db.models.enums import ChoicesType
from whitenoise.compress import Compressor

from conflict import chronology_file, introduction_file, vocabulary
from conflict.environment import Environment
from conflict.postgres import pools
from conflict.postgres.names import DATABASE, DESK, OWNER, PUBLIC

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment(environ.Env.ENVIRON)
# The conflict that this installation documents: a folder with its chronology.toml and, if it has any, its fixtures.
OWN_CHRONOLOGY = min((BASE_DIR / "fixtures").glob("*/chronology.toml")).parent  # the one that the software comes with
CHRONOLOGY = chronology_file.read(env.folder("CHRONOLOGY", OWN_CHRONOLOGY), env.problems)
vocabulary.divisions.update(CHRONOLOGY.divisions)

# Files created at run time; on a server outside of the checkout, so that the next version finds them. Each chronology that
# is tried in a checkout has its own database.
VAR_DIR: Path = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).absolute()
STATIC_ROOT = VAR_DIR / "static"  # the same for every chronology
if CHRONOLOGY.folder != OWN_CHRONOLOGY and not env.text("VAR_DIR"):
    VAR_DIR = VAR_DIR / "chronologies" / (CHRONOLOGY.key or "unnamed")

# DEBUG is for developing the software, TRIAL for trying it out: both run on the loopback without any other variable,
# TRIAL with everything else as in production. A public site sets neither.
DEBUG = env.flag("DEBUG", default=False)
TRIAL = env.flag("TRIAL", default=False)
LOOPBACK = DEBUG or TRIAL
PORT = env.number("PORT", 8000, at_least=1, at_most=65535)


def stored_secret_key() -> str:
    """Secret key of a checkout without a configured one: generated once, readable only by its user."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and LOOPBACK:
    SECRET_KEY = stored_secret_key()
elif not SECRET_KEY:
    env.problems.append("SECRET_KEY is not set. Set it to a long random text, or TRIAL=1 to try the software.")

# Earlier keys, newest first: sessions, links and second factors made under them still hold.
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOOPBACK else [])
HOSTS_WITH_PORT = {host for host in ALLOWED_HOSTS if host.rpartition(":")[2].isdecimal()}
ALLOWED_HOSTS = [host.rpartition(":")[0] if host in HOSTS_WITH_PORT else host for host in ALLOWED_HOSTS]
if not ALLOWED_HOSTS and not env.text("ALLOWED_HOSTS"):
    env.problems.append("ALLOWED_HOSTS is not set. Name the hosts this site answers to, separated by commas.")
# The one host at which the desk answers; empty for all of them.
DESK_HOST = next(iter(env.hosts("DESK_HOST", [])), "").lower()
if DESK_HOST:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, DESK_HOST]
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")


# Databases: one server, three logins (see docs/install.md)

SERVER: dict[str, Any] = {"folder": VAR_DIR / "postgres", "durable": True}  # read by conflict.postgres only


def embedded(role: str) -> dict[str, Any]:
    return {"ENGINE": "conflict.postgres", "NAME": DATABASE, "USER": role, "SERVER": SERVER}


def databases() -> dict[str, dict[str, Any]]:
    desk = env.database("DATABASE_URL")
    owner = env.database("OWNER_DATABASE_URL")
    servers = env.databases("PUBLIC_DATABASE_URL")
    public = servers[0] if servers else None
    if public and len(servers) > 1:
        public = {**public, "ENGINE": "conflict.postgres.replicas", "SERVERS": servers}
    if desk is not None:
        return {"default": desk, "owner": owner or {**desk}, "public": public or {**desk}}
    if not env.text("DATABASE_URL") and not LOOPBACK:
        env.problems.append(
            "DATABASE_URL is not set. Name a PostgreSQL database (15 or newer), "
            "or set DEBUG=1 or TRIAL=1 to try the software on a server of its own."
        )
    if (owner or public) and not env.text("DATABASE_URL"):
        env.problems.append("OWNER_DATABASE_URL and PUBLIC_DATABASE_URL mean something only beside DATABASE_URL.")
    return {"default": embedded(DESK), "owner": embedded(OWNER), "public": embedded(PUBLIC)}


DATABASES: dict[str, dict[str, Any]] = databases()
PGBOUNCER = env.flag("PGBOUNCER", default=False)  # in front of desk and public: a session lasts for one transaction
DATABASE_POOL = env.number("DATABASE_POOL", 0, at_least=0, at_most=100)
PUBLIC_STATEMENT_TIMEOUT = env.number("PUBLIC_STATEMENT_TIMEOUT", 10, at_least=1, at_most=3600)  # seconds
# A server that vanishes without a word is noticed within half a minute (seconds; the last one in milliseconds).
PATIENT = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}  # fmt: skip
# So is a name server: glibc waits ten seconds for one that hangs, unless it is told otherwise.
os.environ.setdefault("RES_OPTIONS", "timeout:1 attempts:2")
for alias, database in DATABASES.items():
    options = database["OPTIONS"] = {**PATIENT, **database.get("OPTIONS", {})}
    if PGBOUNCER and alias != "owner":
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
    elif alias == "public":
        # Belt and braces: the role is read-only, and the connection is set to read-only too, even if it uses the desk's
        # role. Behind a pgbouncer, which takes no options, `create_roles` has set both on the role itself.
        options["options"] = " ".join(
            [
                options.get("options", ""),
                "-c default_transaction_read_only=on",
                f"-c statement_timeout={PUBLIC_STATEMENT_TIMEOUT}s",
            ]
        ).strip()
    if "SERVERS" in database:
        options |= {"connect_timeout": 2, "tcp_user_timeout": 3000}  # seconds, milliseconds: other servers can be tried
    if alias == "owner":
        continue  # migrations and grants: one short-lived connection
    database["CONN_HEALTH_CHECKS"] = True
    if DATABASE_POOL:
        # A pool waits longer and longer after each failure, unless it gives up: then the next request tries again.
        options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": pools.PATIENCE, "reconnect_timeout": 2}
    else:
        database["CONN_MAX_AGE"] = 60

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Applications and middleware

INSTALLED_APPS = [
    "conflict",
    "conflict.record",
    "editorial",
    "editorial.apps.DeskAdminConfig",  # django.contrib.admin, with the desk as its site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",  # before staticfiles, so that runserver serves files as production does
    "django.contrib.staticfiles",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "csp",
    "django_linear_migrations",
    "js_lib_leaflet",  # the files of Leaflet, and nothing else
]
FIRST_PARTY_APPS = ["conflict", "conflict.record", "editorial"]  # for django_linear_migrations

MIDDLEWARE = [
    "conflict.ops.request_ids.RequestId",  # first, to cover everything that is logged
    "conflict.ops.host_port.HostPort",  # before anything reads the host
    "conflict.ops.request_log.RequestLog",  # around all that can answer
    "conflict.ops.desk_share.DeskShare",  # before anything that waits for a database
    "conflict.ops.desk_host.DeskHost",
    "conflict.postgres.replicas.middleware.SeenHead",  # before anything is read
    "conflict.public.trackers.DropTrackers",  # before the query string is read
    "editorial.view_counts.CountViews",  # around the pages that are kept
    "conflict.public.cache.responses.ResponseCache",  # before all expensive work
    "conflict.public.cache.headers.CacheHeaders",  # after all that sets headers
    "django.middleware.security.SecurityMiddleware",
    "conflict.ops.csp.ContentSecurityPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # after these three, which also set headers for its files
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",  # after authentication, because it records the user
]

ROOT_URLCONF = "conflict.urls"
WSGI_APPLICATION = "conflict.wsgi.application"
AUTH_USER_MODEL = "editorial.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # Django's, with rate limits
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 3600  # a working day, or until the browser is closed
# Whether a password alone admits to the desk. The demo accounts of `make run` have nothing else.
SECOND_FACTOR = env.flag("SECOND_FACTOR", default=not LOOPBACK)
KEEP_UNSAVED_INPUT = env.flag("KEEP_UNSAVED_INPUT", default=True)  # in the editor's browser
ACCOUNT_ADAPTER = "editorial.accounts.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the person
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "editorial.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "editorial.accounts.forms.SecondFactorForm",
    "reauthenticate": "editorial.accounts.forms.SecondFactorAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Conflict Chronology"
MFA_TOTP_TOLERANCE = 1  # tolerates clocks that are off by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOOPBACK

TEMPLATES = [
    {  # for readers: compiled to Python
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"environment": "conflict.public.template_environment.environment"},
    },
    {  # for the desk
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Counters of the throttles: per process, or shared if a Redis server is configured.
CACHE_URL = env.cache("CACHE_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "conflict.ops.cache_backend.SharedCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
    # Failed logins are counted in the database: for all processes together, with or without a Redis server.
    "desk": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "editorial_cacherow",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that guesses at many accounts do not evict the counts of one
    },
}


# How long a proxy or CDN may serve a page or API response without revalidation (conflict/public/cache/headers.py)
SHARED_CACHE_SECONDS = env.number("SHARED_CACHE_SECONDS", 60, at_least=0, at_most=31536000)


# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
ORIGINAL_LANGUAGE = CHRONOLOGY.original_language  # language of the entries' texts
INTRODUCTION_FILE = CHRONOLOGY.folder / introduction_file.NAME  # the front page's own text
ENTRY_LANGUAGES = env.languages("ENTRY_LANGUAGES", list(CHRONOLOGY.translations))  # of translations
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # the language that an editor chose; readers' pages have it in their address
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["conflict.formats"]
LOCALE_PATHS = [BASE_DIR / "conflict" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True


# Files

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # The manifest needs collectstatic, which nobody runs during development.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "conflict.ops.static_files.VersionedStorage"
    },
}
# Source maps are large, and only used for debugging the libraries they belong to.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_HANDLERS = ["editorial.import_export.uploads.LimitedUpload"]  # to disk, with the size limit of an import


# A form of the desk has some fifteen fields per claim, and a submission may propose thousands of entries.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
CSRF_FAILURE_VIEW = "editorial.accounts.expired_forms.csrf_failure"


# E-mail: only to editors who ask for it, from the desk's inbox

MAIL_SERVER = env.mail_server("MAIL_SERVER")
globals().update(MAIL_SERVER)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.sender("MAIL_FROM", f"desk@{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "desk@localhost")


# Maps: drawn from bundled outlines, on top of map tiles if configured

MAP_TILES = env.tiles("MAP_TILES")
MAP_TILES_ATTRIBUTION = env.text("MAP_TILES_ATTRIBUTION")
if MAP_TILES and not MAP_TILES_ATTRIBUTION:
    env.problems.append("MAP_TILES is set, but MAP_TILES_ATTRIBUTION does not say whose map it is.")


# Security

SECURITY_CONTACT = env.address("SECURITY_CONTACT", "mailto", "https", "tel")  # for security.txt
HTTPS = env.flag("HTTPS", default=not LOOPBACK)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # requested internally, bypassing the proxy
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31536000 if HTTPS else 0, at_least=0, at_most=63072000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=False)
if HTTPS:
    # Browsers restrict a cookie of this name to this host and to HTTPS; no subdomain can set it.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
# Both affect the whole domain: HSTS_SUBDOMAINS sets the first, only the domain's owner can decide on the second.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env.flag("BEHIND_PROXY", default=False):
    # Enable only behind a proxy that always sets this header itself: it is trusted, whoever sets it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([f"https://{urlsplit(MAP_TILES).netloc}"] if MAP_TILES else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Triggers refuse to change or delete history rows.
PGHISTORY_APPEND_ONLY = True
# Reading changes nothing. Identifying readers would cost every public page the session's query, a `Vary: Cookie`, and
# its independence of the desk's database.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Triggers are installed after every `migrate`, from their declarations in the models, and are not part of migrations:
# rendering the state for each of 150 of them made every new database, even each test worker's, take most of a minute.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
# If unset, both admit every member of staff.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True


# Client address for throttles: behind a proxy, the one seen by the nearest proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY", default=False) else 0


# API

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "conflict.api.schema.Described",
    "EXCEPTION_HANDLER": "conflict.api.errors.handler",
    "DEFAULT_AUTHENTICATION_CLASSES": ["editorial.partners.authentication.KeyAuthentication"],  # not needed for reading
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
    # Client address for the throttle: behind a proxy, the one seen by the nearest proxy.
    "NUM_PROXIES": 1 if env.flag("BEHIND_PROXY", default=False) else 0,
}
RELEASES_DIR = VAR_DIR / "releases"  # written by `manage.py release`, listed by the API
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT")  # an age public key, or the file of a certificate
if not BACKUP_RECIPIENT.startswith("age1"):
    BACKUP_RECIPIENT = env.file("BACKUP_RECIPIENT")
RELEASE_SIGNING_KEY = env.file("RELEASE_SIGNING_KEY")  # file with the key that `manage.py release` signs with
# Proof of the log by others: who timestamps its head, whose certificates are trusted, whose signatures are shown
TIMESTAMP_AUTHORITIES = env.authorities("TIMESTAMP_AUTHORITIES")
TIMESTAMP_ROOTS = env.file("TIMESTAMP_ROOTS")  # PEM file; the system's certificates if unset
WITNESSES = env.verifier_keys("WITNESSES")
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600, at_least=1, at_most=1000000)  # per address
API_REQUESTS_PER_MINUTE_WITH_KEY = env.number("API_REQUESTS_PER_MINUTE_WITH_KEY", 6000, at_least=1, at_most=1000000)
# What the desk asks of other sites about sources: bibliographic data, copies in an archive, whether addresses answer
LOOK_UP_SOURCES = env.flag("LOOK_UP_SOURCES", default=True)
SAVE_PAGE_NOW = env.address("SAVE_PAGE_NOW", "https", "http") or "https://web.archive.org/save/"
CHECK_ADDRESSES_PER_DAY = env.number("CHECK_ADDRESSES_PER_DAY", 0, at_least=0, at_most=5000)
API_PROPOSALS_PER_HOUR = env.number("API_PROPOSALS_PER_HOUR", 120, at_least=1, at_most=100000)  # per key


def pepper_from(secret_key: str) -> str:
    return hmac.new(secret_key.encode(), b"partner keys", hashlib.sha256).hexdigest()


# Without this secret, a copy of the database is not enough to guess keys. Changing it means reissuing all keys.
KEY_PEPPER = env.text("KEY_PEPPER") or pepper_from(SECRET_KEY)
KEY_PEPPER_FALLBACKS = env.names("KEY_PEPPER_FALLBACKS", [])
if not env.text("KEY_PEPPER"):
    KEY_PEPPER_FALLBACKS += map(pepper_from, SECRET_KEY_FALLBACKS)
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Conflict Chronology",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,  # a name in other languages is there only where there is one
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "conflict.api.openapi.complete",
        "editorial.webhooks.openapi.add_webhooks",
    ],
    "ENUM_NAME_OVERRIDES": {  # vocabulary terms keep their names, so that generated clients keep theirs
        name: f"conflict.vocabulary.{name}"
        for name, terms in vars(vocabulary).items()
        if isinstance(terms, ChoicesType) and terms.__module__ == vocabulary.__name__ and terms.__name__ == name
    }
    | {"ErrorCode": "conflict.public.json_responses.CODES", "ActorFamily": "conflict.families.ActorFamily"}
    | {name: f"editorial.models.partner.{name}" for name in ("ProposalKind", "ProposalStatus")},
}


# Logging: to the console, without addresses, accounts or request bodies

LOG_LEVEL = env.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
# Lines for people, at a terminal or in a trial; one JSON object per line for log collectors.
FOR_PEOPLE = LOOPBACK or sys.stderr.isatty()
LOG_FORMAT = env.one_of("LOG_FORMAT", "lines" if FOR_PEOPLE else "json", ("lines", "json"))
ACCESS_LOG = env.flag("ACCESS_LOG", default=not LOOPBACK)
COUNT_VIEWS = env.flag("COUNT_VIEWS", default=True)  # per entry, for the order in which the desk reads
LOG_ADDRESSES = env.flag("LOG_ADDRESSES", default=False)  # of failed sign-ins
SLOW_QUERY_SECONDS = env.number("SLOW_QUERY_SECONDS", 2, at_least=1, at_most=3600)
METRICS_TOKEN = env.text("METRICS_TOKEN")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "conflict.ops.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # Scanners ask for any host; the access log has the 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Query parameters contain drafts and accounts; never log them, at any level.
        "django.db.backends": {"level": "WARNING"},
        "pgtrigger": {"level": "WARNING"},  # reports every trigger in every migration
        "procrastinate": {"level": "WARNING"},  # reports every task, every minute
    },
}

SENTRY_DSN = env.address("SENTRY_DSN", "https", "http")
if SENTRY_DSN and find_spec("sentry_sdk") is None:
    env.problems.append(
        "SENTRY_DSN is set, but sentry-sdk is not installed: pip install 'conflict-chronology[sentry]'."
    )

env.refuse_problems()
