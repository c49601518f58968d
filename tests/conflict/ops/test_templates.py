"""A server reads its templates once, when it starts: newer ones beside it are none of its business."""

import jinja2
import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.template.loaders.filesystem import Loader

from conflict.ops.templates import load_templates


class TestTheTemplates:
    @pytest.fixture(autouse=True)
    def read_anew(self):
        for loader in engines["django"].engine.template_loaders:
            loader.reset()
        engines["jinja2"].env.cache.clear()

    def test_are_all_read_before_the_first_request(self, monkeypatch):
        files = {path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file()}
        loaded = load_templates()
        monkeypatch.setattr(Loader, "get_contents", lambda self, origin: pytest.fail(f"{origin} is read from the disk"))
        monkeypatch.setattr(jinja2.FileSystemLoader, "get_source", lambda self, _, name: pytest.fail(f"{name} is read"))

        assert len(loaded) == len(files) > 100
        assert all(get_template(name) for name in loaded)
