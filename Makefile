# Needs make and Python 3.11 or newer; everything else is put into .venv, once, and again when a requirements file
# changes. Another interpreter: `make clean`, then `make run PYTHON=python3.13`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench screenshot clean

# HOST and PORT, from the environment or as `make run PORT=9000`, say where.
run: $(VENV)/run.stamp
	$(BIN)/python -m dataviewer.cli serve

test: $(VENV)/test.stamp $(VENV)/browser.stamp
	$(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check

bench: $(VENV)/test.stamp $(VENV)/browser.stamp
	$(BIN)/python -m benchmarks

screenshot: $(VENV)/test.stamp $(VENV)/browser.stamp
	$(BIN)/python -m scripts.screenshot

clean:
	rm -rf $(VENV)

# A stamp is written only after its step is done, so that a step which was interrupted is done again.
$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(PYTHON) is Python %d.%d; dataviewer needs 3.11 or newer: make run PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements.txt $(VENV)/venv.stamp
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt
	@touch $@

$(VENV)/test.stamp: tests/requirements.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --disable-pip-version-check -q -r tests/requirements.txt
	@touch $@

# The browser that tests/conftest.py looks for first; Playwright's own where there is none.
$(VENV)/browser.stamp: $(VENV)/test.stamp
	command -v chromium || command -v google-chrome || command -v chromium-browser || $(BIN)/python -m playwright install chromium
	@touch $@
