# Each target sets itself up in .venv on a machine that has Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled once even where the environment says not to: tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint check test-wheel test-endpoints golden bench bench-quick clean

demo: .venv/installed
	@set -e; for arguments in \
	    "validate" \
	    "query interventions-replacing -p response=juvenile-court" \
	    "query policies-undone" \
	    "publish out/site"; do \
	  printf '\n$$ cjph %s\n' "$$arguments"; \
	  $(BIN)/cjph $$arguments; \
	done
	@printf '\nOpen the site in a browser: %s/out/site/latest/index.html\n' "$(CURDIR)"

test: lint
	$(BIN)/pytest --numprocesses auto -m "not slow"

lint: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Everything: random shapes, mutants, hostile input and the like too, and then the built wheel.
check: test out/readers/installed
	$(BIN)/pytest --numprocesses auto -m slow
	$(MAKE) test-wheel

# The commands, the home and the examples on the wheel, with no checkout to fall back on.
test-wheel: .venv/developing
	rm -rf out/wheel
	$(BIN)/python -m build --no-isolation --outdir out/wheel/dist > /dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --target out/wheel/site out/wheel/dist/*.whl
	folder=$$(mktemp -d) && cp -R tests pyproject.toml "$$folder/" && cd "$$folder" && \
	  PYTHONPATH="$(CURDIR)/out/wheel/site" "$(CURDIR)/$(BIN)/pytest" --numprocesses auto \
	    -m "not checkout and not slow" tests/cli tests/home tests/data

# Starts real triple stores on this machine, and asks and fills them; installs them if need be.
test-endpoints: .venv/developing out/oxigraph/bin/oxigraph
	@command -v virtuoso-t > /dev/null || { \
	  echo "Virtuoso 7 is not installed: it is fetched by apt-get, which has to be root."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
	    virtuoso-opensource-7-bin > /dev/null; }
	PATH="$(CURDIR)/out/oxigraph/bin:$$PATH" CJPH_SERVERS=needed $(BIN)/pytest tests/remote/test_servers.py

# Oxigraph's own server, in an environment of its own.
out/oxigraph/bin/oxigraph:
	$(PYTHON) -m venv out/oxigraph
	out/oxigraph/bin/python -m pip install --quiet --disable-pip-version-check 'oxigraph>=0.5,<0.6'

# The programs that read what we publish, for the tests marked `readers`: a browser, validators, R.
# Each kind is installed apart from the package; those of Debian by apt-get, which has to be root.
out/readers/installed: $(wildcard tests/readers/*)
	@missing=$$(while read -r program package; do \
	  command -v $$program > /dev/null || echo $$package; done < tests/readers/debian.txt); \
	if [ -n "$$missing" ]; then apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $$missing > /dev/null; fi
	$(PYTHON) -m venv out/readers
	out/readers/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r tests/readers/requirements.txt
	mkdir -p out/readers/node && cp tests/readers/package.json out/readers/node/
	npm install --silent --prefix out/readers/node
	@touch $@

# Writes the expected answers of the saved queries, the expected exports and the picture of the
# folders anew; look at the difference before you commit.
golden: .venv/developing
	CJPH_GOLDEN=write $(BIN)/pytest tests/data/test_answers.py \
	  tests/publish/test_export.py tests/test_layout.py

# Half an hour or more; what was measured stays in out/bench/results.json. More with
# make bench BENCH="--patience 1500 --huge".
bench: .venv/installed out/bench-venv/installed
	out/bench-venv/bin/python benchmarks/run.py $(BENCH)

bench-quick: .venv/installed out/bench-venv/installed
	out/bench-venv/bin/python benchmarks/run.py --sizes 10k --patience 30 --again \
	  --folder out/bench-quick --docs out/bench-quick

# The peers have an environment of their own; without npm there is no jsonld.js.
out/bench-venv/installed: benchmarks/requirements.txt benchmarks/package.json
	$(PYTHON) -m venv out/bench-venv
	out/bench-venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r benchmarks/requirements.txt
	mkdir -p out/bench-venv/node && cp benchmarks/package.json out/bench-venv/node/
	if command -v npm > /dev/null; then npm install --silent --prefix out/bench-venv/node; fi
	@touch $@

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv out
