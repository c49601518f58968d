"""Alternatives over the same rows, and the limit: the bare query and its response."""
