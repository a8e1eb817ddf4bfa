.POSIX:

# The interpreter that makes .venv; the first of these that is Python 3.11 or newer is taken.
# `make PYTHON=/path/to/python3.13 test` puts another one first.
PYTHON = python3
PYTHONS = $(PYTHON) python3.14 python3.13 python3.12 python3.11

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# More options for pytest: make test PYTEST_ARGS="-k defer -x"
PYTEST_ARGS =

help:
	@echo 'make run        the example of the README: compare relief for a loan of 50,000'
	@echo 'make test       the tests, without those marked slow'
	@echo 'make test-slow  the tests marked slow'
	@echo 'make lint       ruff, mypy and the import contracts'
	@echo 'make bench      speed beside two other libraries and a bare Typer app'
	@echo 'make clean      remove .venv, caches and builds'

run: $(VENV)/.run
	@$(BIN)/restructure compare --principal 50000 --term 12

test: $(VENV)/.test
	$(BIN)/python -m pytest -m 'not slow' $(PYTEST_ARGS)

test-slow: $(VENV)/.slow
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench
	$(BIN)/python benchmarks

dev: $(VENV)/.dev

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The project is installed editable: changed sources need no new installation.
$(VENV)/.run: $(VENV)/.python pyproject.toml
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python pyproject.toml
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.slow: $(VENV)/.python pyproject.toml
	$(PIP) --editable '.[slow]'
	@touch $@ $(VENV)/.test $(VENV)/.run

$(VENV)/.dev: $(VENV)/.python pyproject.toml
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.slow $(VENV)/.test $(VENV)/.run

$(VENV)/.bench: $(VENV)/.python pyproject.toml
	$(PIP) --editable '.[bench]'
	@touch $@ $(VENV)/.run

$(VENV)/.python:
	@for python in $(PYTHONS); do \
		version=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue; \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			echo "making $(VENV) with $$python ($$version)" >&2; \
			rm -rf $(VENV) && "$$python" -m venv $(VENV) && touch $@; \
			exit; \
		fi; \
		echo "$$python is Python $$version, too old: restructure needs 3.11 or newer" >&2; \
	done; \
	echo 'no Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python3.12 ...' >&2; \
	exit 1

.PHONY: help run test test-slow lint bench dev clean
