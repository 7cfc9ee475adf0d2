# Chợ 4.0: the commands of the house. `make help` lists them.
# Settings come from the environment (docs/settings.md): `make run PORT=9000`, `make test DATABASE_URL=postgres://...`.
# ARGS goes to pytest: `make test ARGS="tests/payments -x"`.

PYTEST = .venv/bin/python -m pytest
# Tests that storm a database or drive a browser share one worker, so they never storm each other.
SPREAD = --numprocesses=auto --maxprocesses=4 --dist=loadgroup

.DEFAULT_GOAL := help
.PHONY: help run test check faults bench-notices bench-api screenshots coverage covered lock messages mutants clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run:  ## Serve the demo market at http://127.0.0.1:8000 (HOST, PORT; MARKET_DEMO=0 for an empty market)
	@tools/prepare run
	@export MARKET_DEMO="$${MARKET_DEMO-1}"; exec .venv/bin/market serve

test:  ## Run the tests: all that this machine has the tools for
	@tools/prepare dev
	@$(PYTEST) $(SPREAD) $(ARGS)

check:  ## Lint, types, layers, migrations complete, Django's own checks
	@tools/prepare dev
	@tools/check

faults:  ## The kill and storm tests at full scale; what they measured is kept in results/
	@tools/prepare dev
	@FAULT_SCALE="$${FAULT_SCALE:-1}" $(PYTEST) -m faults --keep-results=results $(ARGS)

bench-notices:  ## How many bank notices a second are confirmed, at what cost (ARGS="--database sqlite --runs 3")
	@tools/prepare dev
	@.venv/bin/python -m tools.bench.notices $(ARGS)

bench-api:  ## GraphQL requests a second and what each costs (ARGS="--database sqlite"; SALES=1: whole checkouts to orders)
	@tools/prepare dev
	@.venv/bin/python -m tools.bench.$(if $(SALES),api_sales,api) $(ARGS)

screenshots:  ## Photograph every page and state, light and dark, into results/screenshots/ (ARGS="--only home --small")
	@tools/prepare dev
	@.venv/bin/python -m tests.browser.screenshots $(ARGS)

coverage:  ## The tests, and how much of the money and order code they run (99.5 of 100 branches of payments/ at least)
	@tools/prepare dev
	@$(PYTEST) $(SPREAD) --cov --cov-report= $(ARGS)
	@$(MAKE) --no-print-directory covered

covered:
	@.venv/bin/python tools/branches.py 99.5 payments
	@.venv/bin/python tools/branches.py 95 marketplace/orders

mutants:  ## Alter the pure modules a line at a time and count what no test notices (docs/mutation.md)
	@tools/prepare dev
	@.venv/bin/mutmut run
	@.venv/bin/mutmut results

lock:  ## Write the lock files anew from pyproject.toml (UPGRADE=1 takes the newest of everything)
	@tools/prepare dev
	@tools/lock

messages:  ## Collect the texts to translate into the .po files and compile them
	@tools/prepare dev
	@.venv/bin/python tools/messages.py

clean:  ## Remove what the tools left behind; the market's data in var/ stays
	rm -rf .venv tests/node/node_modules build dist htmlcov mutants .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
