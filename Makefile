# Two commands for a user: `make demo` and `make test`. Each sets up .venv by itself; nothing else is needed
# than make and Python 3.11 or newer (another interpreter: `make demo PYTHON=python3.12`).

PYTHON ?= python3
UV     ?= uv

.PHONY: help demo test test-spark lint types format docs bench bench-recognition lock wheel clean

help:
	@echo 'make demo    build seeds/ into exports/: Turtle, an interactive page, GraphML, figures, a report'
	@echo 'make test    run the whole test suite (make test-spark: what needs Java and Spark, 400 MB)'
	@echo 'make lint    check style           make format   put the style right'
	@echo 'make types   check types           make docs     refresh the reference pages and outputs shown'
	@echo 'make bench   measure a build stage by stage beside jieba.posseg (BENCH="--sizes 10,100")'
	@echo 'make bench-recognition   measure names found beside other tools (downloads them, a gigabyte)'
	@echo 'make lock    resolve the locked versions anew (needs uv)'
	@echo 'make wheel   build dist/*.whl      make clean    remove .venv, dist and caches'

demo: .venv/run.stamp
	@.venv/bin/kg build seeds -o exports
	@echo
	@echo 'Look at:  exports/graph.html     in a browser, no network needed'
	@echo '          exports/graph.ttl      RDF:  .venv/bin/kg query exports/graph.ttl "SELECT * WHERE { ?s ?p ?o } LIMIT 5"'
	@echo '          exports/graph.graphml  for Gephi, Cytoscape, yEd'
	@echo '          exports/observations.csv  the figures, for Excel; or: .venv/bin/kg stats exports/graph.ttl'
	@echo '          exports/report.json    what was found and how'

test: .venv/dev.stamp
	@.venv/bin/python -m pytest

test-spark: .venv-spark/stamp
	@.venv-spark/bin/python -m pytest tests/test_build_on_spark.py

lint: .venv/dev.stamp
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: .venv/dev.stamp
	@.venv/bin/mypy

format: .venv/dev.stamp
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

docs: .venv/dev.stamp
	@.venv/bin/python docs/refresh.py

bench: .venv/dev.stamp
	@.venv/bin/python bench/build.py $(BENCH)

bench-recognition: .venv-bench/stamp
	@.venv-bench/bin/python bench/recognition.py $(BENCH)

wheel: .venv/run.stamp
	@.venv/bin/python -m pip wheel . --quiet --no-build-isolation --no-deps --wheel-dir dist

# Set-up. A stamp says that .venv holds exactly what the lock files name; a change of those makes it anew.
# The project itself is installed in editable form, so a change of the sources needs no new set-up.
PIP := .venv/bin/python -m pip --disable-pip-version-check install -qq --no-build-isolation

.venv/run.stamp: requirements/build.txt requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo 'This Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv' >&2; exit 2; }
	@echo 'Setting up .venv (once) ...'
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo 'Installing the test tools (once) ...'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Spark keeps to itself: it is large and needs Java.
.venv-spark/stamp: requirements/build.txt requirements/dev.txt requirements/spark.txt pyproject.toml
	@echo 'Installing Spark (once) ...'
	@$(PYTHON) -m venv --clear .venv-spark
	@.venv-spark/bin/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements/build.txt
	@.venv-spark/bin/python -m pip --disable-pip-version-check install -qq --no-build-isolation --require-hashes \
	  -r requirements/dev.txt -r requirements/spark.txt
	@.venv-spark/bin/python -m pip --disable-pip-version-check install -qq --no-build-isolation --no-deps --editable .
	@touch $@

# The tools we are measured beside keep to themselves: they are large and none of the tests may depend on them.
.venv-bench/stamp: requirements/build.txt requirements/run.txt pyproject.toml
	@echo 'Installing the tools to measure beside (once) ...'
	@$(PYTHON) -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip --disable-pip-version-check install -qq 'pip>=25.1'  # the first that knows --group
	@.venv-bench/bin/python -m pip install -qq --require-hashes -r requirements/build.txt
	@.venv-bench/bin/python -m pip install -qq --no-build-isolation --require-hashes -r requirements/run.txt
	@.venv-bench/bin/python -m pip install -qq --group bench
	@touch $@

# One resolution for all supported Pythons and platforms, with hashes.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-annotate --no-header

lock:
	$(LOCK) --group build -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements/run.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra spark --constraint requirements/dev.txt -o requirements/spark.txt

clean:
	rm -rf .venv .venv-bench .venv-spark dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
