# Two commands do all the set-up: `make report` (the main job) and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip's version check asks the network for nothing we need.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report test browser lint clean

report: $(VENV)/.installed
	@$(BIN)/outlook build --offline

# A file's tests share what they make, so that one worker runs them, in the order of the folders.
test: $(VENV)/.tested browser
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
		--durations=12

# A virtual environment with the pinned packages; made again when a pin changes.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned packages into $(VENV) ..."
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-test.lock
	@$(PIP) install -r requirements-test.lock
	@touch $@

# The browser tests need Chromium; on Debian as root it is installed when missing.
browser:
	@sh tests/install-browser

lint: $(VENV)/.tested
	@$(BIN)/ruff check pipelines tests benchmarks
	@$(BIN)/ruff format --check pipelines tests benchmarks
	@$(BIN)/mypy pipelines
	@$(BIN)/lint-imports

clean:
	rm -rf $(VENV) data/processed data/raw/downloads
