# Qawl: two commands set everything up on a fresh machine (Python >= 3.11, git, make).
#   make demo   reads the samples that ship with the project, and opens them in a browser (PORT=8765)
#   make test   runs the test suite
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

PORT   ?= 8765

.PHONY: demo test lint format clean

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Qawl needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,parquet,spacy,record,postgresql,crawl,web]'
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/qawl read samples/
	@echo
	@rm -f $(VENV)/demo.db*
	@echo "The samples kept in a record (qawl add samples/): "
	@$(BIN)/qawl add --db $(VENV)/demo.db samples/
	@echo
	@echo "Who said something of a strike, in any form of the word (qawl search إضراب):"
	@echo
	@$(BIN)/qawl search --db $(VENV)/demo.db -n 3 إضراب
	@docs/examples/demo.sh $(BIN)/qawl $(VENV)/demo.db $(PORT)
	@echo "Done: that is who said what in the samples. Now try: $(BIN)/qawl read YOUR-ARTICLE.html"

test: $(STAMP)
	@tests/packages.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile
	@echo "All tests passed."

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@echo "Lint is clean."

format: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist
