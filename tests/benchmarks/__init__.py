"""Benchmarks against the usual alternatives and the limits of the machine (`make bench`)."""
