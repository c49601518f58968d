"""Compatibility: our events in formats that existing scripts read.

Not endorsed by the authors of these formats, and not their data.
"""
