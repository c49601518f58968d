# Conflict Chronology: `make run` to try it, `make test` to check it.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
SIZE ?= 35000
BIN := .venv/bin
RELEASE = conflict-chronology-$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
INSTALL := $(PYTHON) -m conflict.ops.installer
# --universal: one lock for every Python and every machine, with markers where they differ.
LOCK := var/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help run start test bench bench-docs lint format lock sbom audit clean clean-data port soak memory drills starts dist \
  for-run for-tests for-bench

help:
	@echo "make run        install, load the chronology and serve it on http://127.0.0.1:$(PORT)/ (PORT=…, CHRONOLOGY=folder)"
	@echo "make start      write the commented chronology.toml of a conflict of your own into FOLDER=…"
	@echo "make test       install what tests need (1.3 GB, two minutes) and run them all (fifteen minutes on two cores)"
	@echo "make bench      measure it beside others, on SIZE=$(SIZE) invented events (350000: the whole, an hour)"
	@echo "make bench-docs  put the last tables of \`make bench\` into docs/performance.md"
	@echo "make lint       ruff, mypy and the import contracts"
	@echo "make format     let ruff rewrite what it can"
	@echo "make lock       renew requirements/*.txt from pyproject.toml"
	@echo "make sbom       write what the software is made of to var/sbom.json (CycloneDX)"
	@echo "make audit      ask osv.dev for known faults of what it is made of"
	@echo "make soak       read, import and publish at once for MINUTES=20, with flat memory and without a fault"
	@echo "make memory     site, worker and database together within 300 MB, at rest and read for MINUTES=10"
	@echo "make drills     kill migrations, follow the install page, restart, roll back, take databases away; what a cache buys"
	@echo "make starts     start and stop it TIMES=100, in every way, and look for what is left"
	@echo "make dist       make a release of the software in var/dist: archive, SBOM, checksums"
	@echo "make clean      remove .venv and caches"
	@echo "make clean-data remove the databases, accounts and files under var/"

# exec: whoever stops `make` stops the server itself, not a shell in between.
run: port for-run
	@exec env TRIAL=1 PORT=$(PORT) CHRONOLOGY="$(CHRONOLOGY)" $(BIN)/python manage.py run_demo

start: for-run
	@exec env TRIAL=1 CHRONOLOGY= $(BIN)/python manage.py start_chronology "$(FOLDER)"

test: for-tests
	@$(BIN)/python -m conflict.ops.installer clients .venv-clients
	@echo "All tests: about fifteen minutes on two cores. With chromium and redis-server installed, theirs are run too."
	@exec env CLIENTS=.venv-clients/bin $(BIN)/python -m pytest -n 3 --dist worksteal

bench: for-bench
	@exec var/bench/venv/bin/python -m tests.benchmarks --events $(SIZE) $(BENCH)

bench-docs: for-bench
	@exec var/bench/venv/bin/python -m tests.benchmarks --docs

lint: for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: for-tests
	@$(INSTALL) lock var/lock
	$(LOCK) --output-file requirements/lock.txt requirements/lock.in
	$(LOCK) --output-file requirements/run.txt pyproject.toml
	$(LOCK) --extra test --constraint requirements/run.txt --output-file requirements/test.txt pyproject.toml
	$(LOCK) --constraint requirements/run.txt --output-file requirements/bench.txt pyproject.toml requirements/bench.in
	$(LOCK) --no-emit-package pyicu --output-file requirements/clients.txt requirements/clients.in
	$(BIN)/python -m tests.drills.locks

sbom: for-run
	@mkdir -p var
	@$(BIN)/python -m conflict.ops.sbom sbom requirements/run.txt > var/sbom.json
	@echo "var/sbom.json"

audit: for-run
	@$(BIN)/python -m conflict.ops.sbom audit requirements/run.txt

soak: for-tests
	@exec $(BIN)/python -m tests.drills.soak --minutes $(or $(MINUTES),20)

memory: for-tests
	@exec $(BIN)/python -m tests.drills.memory --minutes $(or $(MINUTES),10)

drills: for-tests
	$(BIN)/python -m tests.drills.migration
	$(BIN)/python -m tests.drills.steps
	$(BIN)/python -m tests.drills.deployment
	$(BIN)/python -m tests.drills.servers
	$(BIN)/python -m tests.drills.outages
	$(BIN)/python -m tests.drills.rollback
	$(BIN)/python -m tests.drills.alone
	$(BIN)/python -m pytest -q tests/editorial/admin/access_checks.py

starts: for-tests
	@exec $(BIN)/python -m tests.drills.starts --times $(or $(TIMES),100)

# Of a commit, so that it can be made again: the archive is the same to the byte.
dist: for-run
	@test -z "$$(git status --porcelain)" || { echo "Commit first: a release is made of a commit."; exit 1; }
	@mkdir -p var/dist
	@git archive --format=tar --prefix=$(RELEASE)/ HEAD | gzip --no-name > var/dist/$(RELEASE).tar.gz
	@$(BIN)/python -m conflict.ops.sbom sbom requirements/run.txt > var/dist/$(RELEASE).cdx.json
	@cd var/dist && sha256sum $(RELEASE).* > SHA256SUMS && cat SHA256SUMS

# Asked before anything is installed: a taken port should not cost minutes.
port:
	@$(PYTHON) -m conflict.ops.port_check "$(PORT)"

for-run:
	@$(INSTALL) run

for-tests:
	@$(INSTALL) test

# Under var/, since it is large, and nothing but `make bench` needs it.
for-bench:
	@mkdir -p var/bench
	@$(INSTALL) bench var/bench/venv

clean:
	rm -rf .venv .venv-clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Run by root, the databases may lie behind a link (see conflict/postgres/data_directory.py).
clean-data:
	@for place in var/postgres var/postgres-test var/chronologies/*/postgres; do \
	  if [ -L "$$place" ]; then rm -rf "$$(readlink "$$place")"; fi; \
	done
	rm -rf var
