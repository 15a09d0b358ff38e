# make run    the app with the sample data, on http://127.0.0.1:8050
# make test   every test, with a browser; those of one room alone: make test ONLY=neighbors
# make check  ruff, mypy and the import floors; tsc and eslint for the browser's code
# make lowest the same tests with the lowest versions that pyproject.toml allows, in an environment of their own
# make clean  remove what these made
#
# All of them make `.venv` from any Python from 3.11 on; set PYTHON to choose one.

SHELL := /bin/sh
# Compiled once: else each of the many processes compiles the package, and pytest every test, from its source.
export PYTHONDONTWRITEBYTECODE :=
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
.PHONY: run test check lowest clean

VENV := .venv
BIN := $(VENV)/bin/python
PORT ?= 8050
PYTHON ?=
ONLY ?=
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile --no-loadscope-reorder
PIP_INSTALL := -m pip --disable-pip-version-check install -qq --root-user-action=ignore
PIP := $(BIN) $(PIP_INSTALL)
LOWEST := .venv-lowest

run: $(VENV)/.installed
	@$(BIN) -m explorer serve --samples --port $(PORT) --no-browser || [ $$? -eq 130 ]  # Ctrl-C is no failure

test: $(VENV)/.tested
ifeq ($(ONLY),)
	@$(BIN) -m tests.browser.chromium
	@$(BIN) -m pytest $(SIDE_BY_SIDE)
else
	@$(BIN) -m pytest tests/$(ONLY)
endif

check: $(VENV)/.checked
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .
	@$(BIN) -m mypy --strict explorer
	@$(BIN) -m tests.browser_units.checks
	@$(BIN) -m pytest --quiet tests/test_floors.py

lowest: $(VENV)/.made
	@echo "Making $(LOWEST): several gigabytes, a few minutes."
	@$(BIN) -m venv --clear $(LOWEST)
	@$(BIN) -m tests.lowest > $(LOWEST)/lowest.txt
	@$(LOWEST)/bin/python $(PIP_INSTALL) --constraint $(LOWEST)/lowest.txt --editable '.[test]'
ifeq ($(ONLY),)
	@$(LOWEST)/bin/python -m tests.browser.chromium
	@$(LOWEST)/bin/python -m pytest $(SIDE_BY_SIDE)
else
	@$(LOWEST)/bin/python -m pytest tests/$(ONLY)
endif

clean:
	rm -rf $(VENV) $(LOWEST) build dist artefacts .pytest_cache .mypy_cache .ruff_cache tests/browser_units/node_modules
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A stamp is younger than what it was made from, or it is made again.
$(VENV)/.made:
	@fits='import sys; sys.exit(sys.version_info < (3, 11))'; found= bare=; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  if command -v "$$python" >/dev/null 2>&1 && "$$python" -c "$$fits" >/dev/null 2>&1; then \
	    found=$$python; \
	    if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then break; fi; \
	    bare=$$python; found=; \
	  fi; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	  echo "$$bare has no venv module; install it (Debian, Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
	  echo "There is no Python from 3.11 on here; install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)."; \
	"$$found" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@echo "Installing the package and its libraries into $(VENV): several gigabytes, a few minutes the first time."
	@$(PIP) --editable .
	@echo "Compiling the loops that draw maps: half a minute that the first map would wait."
	@$(BIN) -c "from explorer import clustering, neighbors, projection; neighbors.warm_up(); projection.warm_up(); clustering.warm_up()"
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what the tests need."
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.checked: $(VENV)/.tested
	@echo "Installing what the checks need."
	@$(PIP) --editable '.[test,dev]'
	@touch $@
