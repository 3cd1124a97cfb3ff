# The same commands without make, for Windows and macOS: see README.md.
PYTHON ?= python3
BIN := .venv/bin
COMPILED := $(wildcard auditor/detect/*.py auditor/detect/words/*.py auditor/roster/*.py) auditor/masking.py auditor/vicinity.py

.PHONY: demo test lint setup setup-test compiled lock bench clean

demo: setup
	$(BIN)/auditor demo

test: setup-test
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/installed compiled
	@$(BIN)/auditor doctor --get-browser

setup-test: .venv/installed-test compiled
	@$(BIN)/auditor doctor --get-browser

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("auditor needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name a newer one: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@echo "setup: made a virtual environment in .venv"

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@echo "setup: installed what auditor needs, every file checked against its hash"
	@echo "setup: compiles what reads every word of a page; that takes a minute or two"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/compiled $@
	@echo "setup: installed auditor"

.venv/installed-test: tests/requirements.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@
	@echo "setup: installed what the tests need"

# pip compiles what it installs, but not what it only links to: without this, whoever may not write here, or has
# PYTHONDONTWRITEBYTECODE set, would have every process of an audit compile the program anew.
compiled: .venv/compiled
	@$(BIN)/python -m compileall -q auditor reports spiders
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'from reports.page import compile_templates as c; c()'

# What setup.py compiles is compiled again where its source has changed.
.venv/compiled: setup.py $(COMPILED) | .venv/installed
	@test -e $@ && test -z "$$(find $^ -newer $@)" || { \
		echo "setup: compiles what has changed; that takes a minute or two"; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
		touch $@; }

lock:
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --extra postgresql --extra build pyproject.toml -o requirements.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --extra postgresql --extra build --extra cluster -c requirements.txt pyproject.toml -o deploy/requirements.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --extra postgresql --extra build --extra cluster --extra test -c deploy/requirements.txt pyproject.toml -o tests/requirements.txt

bench: setup-test
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build auditor__mypyc*.so
	find auditor -name "*.so" -delete
