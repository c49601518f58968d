"""Verbs that move entries from draft to published."""
