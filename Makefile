# The only commands to learn; `make help` lists them. Everything else is a playbook.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
# Which estate to build in the lab: a folder of inventories/.
ESTATE ?= thuathienhue
up down clean: export ANSIBLE_INVENTORY := $(CURDIR)/inventories/$(ESTATE),$(CURDIR)/inventories/lab
# One Python process per machine instead of one per task: the lab converges six times as fast.
export ANSIBLE_STRATEGY ?= mitogen_linear

# What draws PDF (a serif, a sans and a fixed-width font with all Vietnamese letters: Liberation on Debian 12 lacks some) and reads it.
PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore poppler-utils

SCENARIOS := default backup provinces faults
FAILURES := .state/failures

.PHONY: help up down test lint unit molecule $(SCENARIOS:%=molecule-%) pictures bench pin clean browser

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

up: .venv/ready ## Build an estate in the lab (ESTATE=thuathienhue), reconcile its registry, prove that mail flows
	@ansible-playbook playbooks/up.yml

down: .venv/ready ## Remove the lab: machines, network, image, secrets
	@ansible-playbook playbooks/down.yml

test: lint unit molecule ## Lint, unit tests, and every Molecule scenario from bare machines

lint: .venv/ready ## Check style and types
	@echo "lint: ruff, mypy, yamllint, ansible-lint, pipeline templates"
	@ruff check --quiet . && ruff format --quiet --check .
	@mypy
	@yamllint --strict .
	@ansible-lint -q
	@check-jsonschema --quiet --builtin-schema vendor.gitlab-ci pipelines/gitlab/gitlab-ci.yml
	@check-jsonschema --quiet --builtin-schema vendor.github-workflows pipelines/forgejo/registry.yml

unit: .venv/ready browser ## Run the unit tests with coverage
	@pytest --quiet --numprocesses auto --cov --cov-report=term:skip-covered

# The longest beside the others, one after the other: each waits for its machines most of the time.
molecule: .venv/ready browser ## Converge bare machines and test them from outside
	@rm -rf $(FAILURES)
	@$(MAKE) --jobs 2 --keep-going $(SCENARIOS:%=molecule-%) || { echo; echo "What failed, in short:"; cat $(FAILURES)/*.txt; exit 1; }

# Tests note what fails in a file for the end; of whatever else fails it is the lines that say so.
$(SCENARIOS:%=molecule-%): molecule-%:
	@mkdir -p $(FAILURES)
	@molecule test --scenario-name $* 2>&1 | tee $(FAILURES)/$*.log | sed --unbuffered 's/^/$*: /' || { \
	  [ -s $(FAILURES)/$*.txt ] || sed 's/\x1b\[[0-9;]*m//g; s/^/$*: /' $(FAILURES)/$*.log | grep -aE 'fatal:|ERROR' >$(FAILURES)/$*.txt; exit 1; }

pictures: .venv/ready browser ## Take the pictures of the guides anew, in the lab that `make up` has built
	@pytest --quiet molecule/pictures.py

bench: .venv/ready ## Measure the engine, side by side with its peers
	@python -m tests.bench

pin: .venv/ready ## Write requirements.txt anew from requirements.in
	@pip install --quiet pip-tools
	@pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in

clean: down ## Remove the lab and the tools
	@rm -rf .venv .state

# In which people's pages are tried.
browser:
	@command -v chromium >/dev/null || { echo "setup: installing a browser from Debian"; \
	  apt-get update -qq && apt-get install -qq --no-install-recommends chromium >/dev/null; }

# The tools of the control node, in a virtual environment of the checkout.
.venv/ready: requirements.txt
	@if ! python3 -c 'import ensurepip' 2>/dev/null; then \
	  echo "setup: installing Python from Debian"; \
	  apt-get update -qq && apt-get install -qq --no-install-recommends python3 python3-venv >/dev/null; fi
	@if [ "$$(dpkg-query --show --showformat='$${db:Status-Status}\n' $(PACKAGES) 2>/dev/null | grep -cx installed)" -ne $(words $(PACKAGES)) ]; then \
	  echo "setup: installing fonts, what draws documents and what reads them from Debian"; \
	  apt-get update -qq && apt-get install -qq --no-install-recommends $(PACKAGES) >/dev/null; fi
	@if [ -L .venv ]; then \
	  echo "setup: .venv is a link to $$(readlink .venv); run make there, or remove the link: its tools are another's" >&2; exit 1; fi
	@echo "setup: installing the pinned tools into .venv (one to two minutes, once)"
	@python3 -m venv --clear .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@ln -s "$$(cd .venv && echo lib/python3*/site-packages/ansible_mitogen/plugins)" .venv/mitogen
	@touch $@
