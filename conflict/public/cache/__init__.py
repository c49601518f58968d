"""Caches of public responses, valid until the log's head changes."""
