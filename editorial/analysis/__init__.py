"""Analyses of desk data: comparison, suggestions, coverage, duplicates and integrity."""
