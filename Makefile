# Conflict Chronology: `make run` to try it, `make test` to check it.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
SIZE ?= 35000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input -qq
# --universal: one lock for every Python and every machine, with markers where they differ.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help run test bench bench-readme lint format lock sbom audit clean clean-data port soak drills

help:
	@echo "make run        install, load the chronology and serve it on http://127.0.0.1:$(PORT)/ (PORT=… to change)"
	@echo "make test       install what tests need and run them all"
	@echo "make bench      measure it beside others, on SIZE=$(SIZE) invented events (350000: the whole, an hour)"
	@echo "make bench-readme  put the last tables of \`make bench\` into README.md"
	@echo "make lint       ruff, mypy and the import contracts"
	@echo "make format     let ruff rewrite what it can"
	@echo "make lock       renew requirements/*.txt from pyproject.toml"
	@echo "make sbom       write what the software is made of to var/sbom.json (CycloneDX)"
	@echo "make audit      ask osv.dev for known faults of what it is made of"
	@echo "make soak       read, import and publish at once for MINUTES=20, with flat memory and without a fault"
	@echo "make drills     kill migrations; measure what a cache, Redis and replicas buy"
	@echo "make clean      remove .venv and caches"
	@echo "make clean-data remove the databases, accounts and files under var/"

# exec: whoever stops `make` stops the server itself, not a shell in between.
run: port .venv/run.stamp
	@exec env TRIAL=1 PORT=$(PORT) $(BIN)/python manage.py launch

test: .venv/test.stamp .venv-clients/stamp
	@exec env CLIENTS=.venv-clients/bin $(BIN)/python -m pytest -n 2

bench: var/bench/venv/stamp
	@exec var/bench/venv/bin/python -m tests.benchmarks --events $(SIZE) $(BENCH)

bench-readme: var/bench/venv/stamp
	@exec var/bench/venv/bin/python -m tests.benchmarks --readme

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/test.stamp
	$(LOCK) --output-file requirements/run.txt pyproject.toml
	$(LOCK) --extra test --constraint requirements/run.txt --output-file requirements/test.txt pyproject.toml
	$(LOCK) --constraint requirements/run.txt --output-file requirements/bench.txt pyproject.toml requirements/bench.in
	$(LOCK) --no-emit-package pyicu --output-file requirements/clients.txt requirements/clients.in
	$(BIN)/python -m tests.drills.locks

sbom: .venv/run.stamp
	@mkdir -p var
	@$(BIN)/python -m conflict.dependencies sbom requirements/run.txt > var/sbom.json
	@echo "var/sbom.json"

audit: .venv/run.stamp
	@$(BIN)/python -m conflict.dependencies audit requirements/run.txt

soak: .venv/test.stamp
	@exec $(BIN)/python -m tests.drills.soak --minutes $(or $(MINUTES),20)

drills: .venv/test.stamp
	$(BIN)/python -m tests.drills.migration
	$(BIN)/python -m tests.drills.steps

# Asked before anything is installed: a taken port should not cost minutes.
port:
	@$(PYTHON) -m conflict.port $(PORT)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Error: Python 3.11 or newer is needed, and %s is %s. Name another: make PYTHON=python3.12 …" % (sys.executable, sys.version.split()[0]))'
	@echo "Making a virtual environment in .venv …"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Error: python3 cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing what the software needs (half a minute or so) …"
	@$(PIP) --require-hashes -r requirements/run.txt
	@touch $@

.venv/test.stamp: requirements/test.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

# Under var/, since it is large, and nothing but `make bench` needs it.
var/bench/venv/stamp: requirements/bench.txt
	@echo "Installing what is compared with and measured by (a minute or so) …"
	@mkdir -p var/bench
	@$(PYTHON) -m venv var/bench/venv
	@var/bench/venv/bin/python -m pip install --disable-pip-version-check --no-input -qq --require-hashes -r requirements/bench.txt
	@touch $@

# Programs of others that tests/clients tries the API with. --no-deps: the lock names all of them, and leaves PyICU out.
.venv-clients/stamp: requirements/clients.txt | .venv/bin/python
	@echo "Installing the programs that try the API …"
	@$(BIN)/python -m venv .venv-clients
	@.venv-clients/bin/python -m pip install --disable-pip-version-check --no-input -qq --no-deps --require-hashes -r requirements/clients.txt
	@touch $@

clean:
	rm -rf .venv .venv-clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Run by root, the databases may lie behind a link (see conflict/postgres/lodging.py).
clean-data:
	@for place in var/postgres var/postgres-test; do \
	  if [ -L "$$place" ]; then rm -rf "$$(readlink "$$place")"; fi; \
	done
	rm -rf var
