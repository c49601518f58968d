"""Settings of the ordinary peer: ours without what costs time, which is in its favour."""

from conflict.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.peers.ordinary"
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth refuses to start without
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
