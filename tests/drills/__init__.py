"""Drills that take minutes, outside the tests: `make drills`, `make soak MINUTES=20`."""
