"""Benchmarks against the usual alternatives and the limits of the machine (`make bench`)."""

import os

# The vocabulary asks the settings for the families of actors; programs that are measured have settings of their own.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
