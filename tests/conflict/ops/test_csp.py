"""Content security policy: built once, and again where a response or the settings differ."""

import pytest
from csp.constants import HEADER
from csp.decorators import csp_update
from django.http import HttpResponse
from django.test import RequestFactory

from conflict.ops.csp import ContentSecurityPolicy


def answered(middleware, request=None):
    return middleware(request or RequestFactory().get("/"))[HEADER]


@pytest.fixture
def policy():
    return ContentSecurityPolicy(lambda request: HttpResponse("text"))


class TestThePolicy:
    def test_is_the_same_the_first_and_every_other_time(self, policy):
        first = answered(policy)

        assert "default-src" in first
        assert [answered(policy) for _ in range(3)] == [first] * 3

    def test_of_an_answer_that_adds_to_it_is_its_own_and_nobody_elses(self, policy):
        usual = answered(policy)
        adding = ContentSecurityPolicy(
            csp_update({"img-src": ["https://tiles.example"]})(lambda request: HttpResponse("map"))
        )
        adding.text = policy.text

        assert "https://tiles.example" in answered(adding)
        assert answered(policy) == usual

    def test_that_an_answer_brings_is_left(self):
        assert (
            answered(ContentSecurityPolicy(lambda request: HttpResponse("", headers={HEADER: "sandbox"}))) == "sandbox"
        )

    def test_follows_the_settings(self, policy, settings):
        answered(policy)
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'none'"]}}

        assert answered(policy) == "default-src 'none'"
