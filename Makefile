# The tools run in the active environment: `make check PYTHON=.venv/bin/python` picks another.
PYTHON ?= python
WORKERS ?= auto
LINT_IMPORTS = from importlinter.cli import lint_imports_command as run; run()

.PHONY: help check test docs bench

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile

check:  ## style, types, the layer contract, and that reference and table are up to date
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "$(LINT_IMPORTS)" --no-logo
	$(PYTHON) docs/make_reference.py --check
	$(PYTHON) benchmarks/tables.py --check
	$(PYTHON) benchmarks/quality_tables.py --check

test:  ## all tests
	$(PYTHON) -m pytest -n $(WORKERS)

docs:  ## write the generated pages of docs/reference
	$(PYTHON) docs/make_reference.py

bench:  ## all speed benchmarks, peers in the same run; takes long
	@for script in benchmarks/speed/*.py; do \
	  test -e "$$script" || continue; $(PYTHON) "$$script" || exit 1; done
	$(PYTHON) benchmarks/tables.py
	$(PYTHON) benchmarks/quality_tables.py
