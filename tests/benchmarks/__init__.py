"""Benchmarks: how fast this is beside what one would use instead, and beside what the machine can do (`make bench`)."""
