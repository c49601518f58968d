"""The published cast that the pages are tested with."""

from tests.conflict.pages.conftest import fresh_pages, read, record  # noqa: F401  # fixtures
