"""The published cast used in tests of pages."""

from tests.conflict.pages.conftest import fresh_pages, read, record  # noqa: F401  # fixtures
