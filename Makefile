# The only commands to learn. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10
