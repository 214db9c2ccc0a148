# Everything that a person needs: `make up` and `make test`. The rest is for those who change Greenroom.

PYTHON ?= python3
RUN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup up down test check judges unit portal-test benchmarks clean

help:
	@echo "make up          set up, start the platform on this machine, print where it is"
	@echo "make down        stop it; what you created stays"
	@echo "make test        set up, and run every check and every test"
	@echo "make check       types, lint and import contracts, of Python and TypeScript"
	@echo "make judges      install what judges generated files in the tests"
	@echo "make unit        the quick Python tests"
	@echo "make benchmarks  measure speed and memory against named baselines"
	@echo "make clean       remove the platform's state and everything that was installed"

setup:
	@$(PYTHON) greenroom/bootstrap.py

up: setup
	@$(RUN)/greenroom local up

down:
	@test ! -x $(RUN)/greenroom || $(RUN)/greenroom local down

test: setup judges
	@$(RUN)/greenroom local install
	@$(MAKE) --no-print-directory check
	@$(RUN)/greenroom local yarn test
	@$(RUN)/pytest

check: setup
	@$(RUN)/greenroom local install
	@$(RUN)/ruff format --check --quiet .
	@$(RUN)/ruff check --quiet .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/greenroom local yarn check

judges: setup
	@$(RUN)/python -m tests.judges

unit: setup judges
	@$(RUN)/pytest -m "not contract and not browser"

benchmarks: setup
	@for each in benchmarks/*.py; do echo "== $$each"; $(RUN)/python -m benchmarks.$$(basename $$each .py) || exit 1; done

clean: down
	@rm -rf .venv .tools .greenroom backstage-app/node_modules backstage-app/packages/app/dist
