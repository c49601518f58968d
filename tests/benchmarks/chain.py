"""Verify the chain of the log and say how many seconds it took: `python -m tests.benchmarks.chain`."""

import sys
import time

import django

django.setup()

from conflict.record.consistency.verification import faults_in_the_log  # noqa: E402

if __name__ == "__main__":
    begun = time.perf_counter()
    if faults := list(faults_in_the_log()):
        raise SystemExit(faults[0])
    sys.stdout.write(f"{time.perf_counter() - begun:.3f}\n")
