# Civic: every command a person needs. Plain sh and GNU make 3.81, as found on Debian and macOS.

PYTHON ?=
BROWSER ?=
ONLY ?=
ADD ?=
UPGRADE ?=

PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
PY := .venv/bin/python
PIP_WHEEL := $(wildcard vendor/pip/pip-*.whl)
PIP := $(PY) $(PIP_WHEEL)/pip --disable-pip-version-check -qq
UV := uv==0.13.9
CODE := $(wildcard bench civic migrations tests wsgi.py)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

# Stamps are named after what they stand for: the folder (a moved checkout needs a new virtual
# environment) and the content of the lock, so that a checkout's file dates do not matter.
key = $(shell { pwd; cat $(1); } | cksum | cut -d ' ' -f 1)
VENV := .venv/stamps/venv-$(call key,/dev/null)
RUN := .venv/stamps/run-$(call key,requirements/run.txt)
TEST := .venv/stamps/test-$(call key,requirements/test.txt)

PYTEST := $(PY) -m pytest
SUITE := tests/unit tests/properties tests/architecture tests/integration tests/migrations tests/faults \
    tests/interop

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup run test lint unit sqlite test-postgresql browser bench assets translations lock

help: ## list these commands
	@echo "make run starts Civic; make test checks everything. All commands:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: $(RUN) $(CATALOGUES) ## start Civic with demonstration data (PORT=8000, CIVIC_DATABASE_URL=…)
	@exec $(PY) -m civic up

setup: $(TEST) $(CATALOGUES) ## make the virtual environment for running and testing (PYTHON=python3.12)
	@:

test: lint sqlite test-postgresql browser ## lint, all tests on SQLite and PostgreSQL, browser (BROWSER=skip)

lint: setup ## style, types and the floors of the house
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(CODE)
	@.venv/bin/lint-imports --no-logo --no-cache

unit: setup ## only the fast tests, without lint
	@$(PYTEST) tests/unit tests/properties

sqlite: setup
	@echo "Tests on SQLite"
	@$(PYTEST) -n 2 $(SUITE)

test-postgresql: setup ## tests that touch a database, on a real PostgreSQL
	@echo "Tests on PostgreSQL"
	@CIVIC_TEST_DATABASE=postgresql $(PYTEST) -n 2 tests/integration tests/migrations tests/faults \
	    tests/properties/housing

browser: setup ## the journeys in a real Chromium at 360 by 740 (BROWSER=skip leaves them out)
ifeq ($(BROWSER),skip)
	@echo "Browser journeys left out, as BROWSER=skip asks."
else
	@$(PY) -m tests.provision.chromium
	@$(PYTEST) tests/browser
endif

bench: setup ## speed and weight, one JSON object a line (ONLY=prefix)
	@$(PY) -m bench $(ONLY)

assets: ## compile style sheets, fonts and icons into static/ (needs Node)
	cd assets && npm ci && npm run build

translations: setup ## collect texts into translations/*/LC_MESSAGES/messages.po (ADD=de starts one)
	@mkdir -p translations
	@$(PY) -m babel.messages.frontend -q extract -F pyproject.toml -o translations/messages.pot \
	    -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 -c Translators: -s \
	    --add-location=file --project=Civic --version=0.1 --copyright-holder='Civic contributors' .
	@$(if $(ADD),$(PY) -m babel.messages.frontend -q init -i translations/messages.pot -d translations -l $(ADD))
	@$(PY) -m babel.messages.frontend -q update -i translations/messages.pot -d translations \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(MAKE) --no-print-directory setup

translations/%/LC_MESSAGES/messages.mo: translations/%/LC_MESSAGES/messages.po | $(RUN)
	@$(PY) -m babel.messages.frontend -q compile -i $< -o $@

lock: .venv/lock/bin/uv ## solve the dependencies anew into requirements/ (UPGRADE=1 takes newer versions)
	@for set in run test; do \
	    more=; if [ $$set = test ]; then more="--group test -c requirements/run.txt"; fi; \
	    .venv/lock/bin/uv --no-config pip compile -q --universal --python-version 3.11 \
	        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	        $(if $(UPGRADE),--upgrade) $$more pyproject.toml -o requirements/$$set.txt || exit 1; \
	done
	@if grep -n -e '://' -e ' @ ' requirements/*.txt; then echo "A lock names an address."; exit 1; fi

.venv/lock/bin/uv: $(VENV)
	@$(PY) -m venv --without-pip .venv/lock
	@.venv/lock/bin/python $(PIP_WHEEL)/pip --disable-pip-version-check -qq install --only-binary :all: $(UV)

# Debian's python3 comes without pip and ensurepip, so the environment is made without pip and
# filled by the wheel in vendor/pip.
$(VENV):
	@found=; for try in $(PYTHONS); do \
	    if $$try -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$try; break; fi; \
	done; \
	first="$(firstword $(PYTHONS))"; \
	if [ "$$found" != "$$first" ]; then \
	    echo "Civic needs Python 3.11 or newer and $$first is $$($$first --version 2>/dev/null || echo missing)." >&2; \
	fi; \
	if [ -z "$$found" ]; then \
	    echo "Install one or name it: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$found --version) ($$found)"; \
	$$found -m venv --without-pip --clear .venv && mkdir -p .venv/stamps
	@touch $@

$(RUN): | $(VENV)
	@echo "Installing what Civic runs on (half a minute the first time)"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/run.txt
	@rm -f .venv/stamps/run-* .venv/stamps/test-*
	@touch $@

$(TEST): | $(RUN)
	@echo "Installing what tests and lint need"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/test.txt
	@rm -f .venv/stamps/test-*
	@touch $@
