"""Settings of the ordinary peer: ours without the parts that cost time, which favours the peer."""

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
