# Copydesk's commands. Each sets up what it needs the first time and starts at once after that.
#   make run     the bot; without Slack tokens in .env it runs in a playground on this machine
#   make test    the tests               make test ARGS='-k approve' runs some of them
#   make lint    ruff and mypy
#   make faults  days of a desk under faults; make faults SEED=7 RUNS=200 begins with another one
#   make bench   one table of ratios: clicks, lists, the timer, starts, several processes
#                make bench ARGS='-k clicks' measures some of it
#   make soak    whether it stays as it is for half an hour; make soak MINUTES=60 DOOR=http
#   make audit   asks a public database for known vulnerabilities of the pinned libraries
#   make lock    pins the libraries of pyproject.toml again, after a change there
# Needs make, git and Python 3.11 or newer. Another Python: make run PYTHON=/path/to/python3.

VENV := .venv
PYTHONS := $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3
PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
	--require-hashes --only-binary :all:

.PHONY: help run test lint faults bench soak audit lock
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

run: $(VENV)/ready-to-run
	@exec $(VENV)/bin/python -m bot $(ARGS)

test: $(VENV)/ready-to-develop
	@$(VENV)/bin/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

lint: $(VENV)/ready-to-develop
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .

# One after the other: each is a few processes. Without SEED it begins anywhere.
RUNS ?= 20
faults: $(VENV)/ready-to-develop
	@COPYDESK_SEED=$(SEED) COPYDESK_RUNS=$(RUNS) $(VENV)/bin/python -m pytest tests/faults \
		--quiet --capture=no --tb=no -p no:randomly $(ARGS)

bench: $(VENV)/ready-to-develop
	@$(VENV)/bin/python -m pytest bench --quiet -p no:randomly --timeout=900 $(ARGS)

MINUTES ?= 30
DOOR ?= socket
soak: $(VENV)/ready-to-develop
	@$(VENV)/bin/python -m bench.soak $(MINUTES) $(DOOR)

audit: $(VENV)/ready-to-develop
	@$(VENV)/bin/pip-audit --disable-pip --require-hashes --progress-spinner off \
		-r requirements/run.txt -r requirements/dev.txt $(ARGS)

LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url

lock: $(VENV)/ready-to-develop
	@echo 'Pinning the run-time libraries, then those for development ...'
	@$(LOCK) $(ARGS) pyproject.toml -o requirements/run.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt

# The stamps: a changed lock, or a new Python in the venv, is newer than they are.
$(VENV)/ready-to-run: requirements/run.txt $(VENV)/bin/python
	@echo 'Setting up Copydesk: installing what it runs on (once, about a minute) ...'
	@$(PIP_INSTALL) -r requirements/run.txt || { $(PIP_FAILED); }
	@touch $@

$(VENV)/ready-to-develop: requirements/dev.txt $(VENV)/bin/python
	@echo 'Setting up Copydesk: installing what it is developed with (once, about a minute) ...'
	@$(PIP_INSTALL) -r requirements/dev.txt || { $(PIP_FAILED); }
	@touch $(VENV)/ready-to-run $@

PIP_FAILED = echo; \
	echo 'The libraries could not be installed; pip says why above. Usually the network (or the'; \
	echo 'proxy: pip reads HTTPS_PROXY) is the reason. Nothing is broken: run the same command again.'; \
	exit 1

# Finds a Python that is new enough and can make a venv, or says what to install.
$(VENV)/bin/python:
	@found=; old=; bare=; \
	for python in $(PYTHONS); do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
			|| continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old=$$version; continue; }; \
		"$$python" -c 'import venv, ensurepip' 2>/dev/null || { bare=$${bare:-$$version}; continue; }; \
		found=$$python; break; \
	done; \
	if [ -n "$$found" ]; then \
		echo "Setting up Copydesk: making a home for its libraries in $(VENV) (Python $$version) ..."; \
		"$$found" -m venv --clear $(VENV) && exit 0; \
		echo 'Python could not make it; it says why above.'; \
	elif [ -n "$$bare" ]; then \
		echo "Copydesk needs Python's venv module, and the Python $$bare here comes without it."; \
		echo 'On Debian and Ubuntu, install it and run the same command again:'; \
		echo "    sudo apt-get install python$$bare-venv"; \
	else \
		echo "Copydesk needs Python 3.11 or newer; $${old:+the one here is }$${old:-there is none here}."; \
		echo 'Install it and run the same command again. On Debian and Ubuntu:'; \
		echo '    sudo apt-get install python3 python3-venv'; \
		echo 'Elsewhere: https://www.python.org/downloads/'; \
	fi; \
	exit 1
