"""Caches of public answers, each valid as long as the log's head stands."""
