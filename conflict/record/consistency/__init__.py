"""Verification, comparison and rebuild of the record against the publication log."""
