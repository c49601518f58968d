"""The same events as pages of Wagtail, read through its API v2."""
