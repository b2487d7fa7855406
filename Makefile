# Two commands for a fresh machine: `make demo` makes a film clip, `make test` runs the whole suite.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
APT := libegl1 libgl1-mesa-dri

.PHONY: demo test lint bench clean setup apt browser

demo: $(VENV)/installed
	@mkdir -p out
	$(BIN)/understudy perform examples/monologue.fountain -o out/monologue.mp4
	$(BIN)/understudy verify out/monologue.mp4
	@echo "Installed in $(VENV):" && du -sh $(VENV) | cut -f1

test: $(VENV)/installed-dev | browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q
	$(MAKE) --no-print-directory lint

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-dev
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

setup: $(VENV)/installed

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Understudy needs Python 3.11 or later: apt-get install python3.11 python3.11-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml | apt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# Software OpenGL: needed to draw. Installed when that is allowed, otherwise named.
apt:
	@ldconfig -p | grep -q libEGL.so.1 && ls /usr/lib/*/dri/swrast_dri.so >/dev/null 2>&1 || \
	ls /usr/lib/*/libgallium*.so >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(APT) >/dev/null; \
	  else echo "To draw, Understudy needs: sudo apt-get install $(APT)"; exit 2; fi; }

# A browser, to open the page of an actor as its readers will. Without one those tests say that they were skipped.
browser:
	@command -v chromedriver >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null || true; fi; }

clean:
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache
