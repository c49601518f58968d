"""Wagtail peer: the events as pages, read through its API v2."""
