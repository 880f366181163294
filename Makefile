# Each target sets up .venv itself (setup_env.py; a blink when nothing has changed).
.PHONY: color krita gimp test lint bench lock texts pictures venv

# The first of these that is Python 3.11 or newer sets up; `make PYTHON=…` names another one.
PYTHON ?= $(shell for p in python3 python python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
IN = .venv/bin/

# Colour every drawing of examples/ and lay them out as out/contact-sheet.png.
color: venv
	$(IN)python examples/color.py

# The plug-in for Krita, as its *Import Python Plugin from File* takes it.
krita: venv
	$(IN)python -m linewash_daemon.editors.krita.package dist

# The plug-in for GIMP 3, to unpack into its folder plug-ins.
gimp: venv
	$(IN)python -m linewash_daemon.editors.gimp.package dist

# Everything CI checks.
test: lint
	$(IN)python -m pytest -n 2 --dist loadfile

lint: venv
	$(IN)ruff check .
	$(IN)ruff format --check .
	$(IN)mypy
	$(IN)mypy --python-version 3.10 -p linewash -p linewash_krita -p linewash_gimp

bench: venv
	$(IN)python -m bench

# Pin anew, for every system, what pyproject.toml asks for; PyTorch is left to setup_env.py.
lock:
	$(IN)python lock_env.py

# Collect what the plug-ins say, for translators; says what a language still lacks.
texts: venv
	$(IN)python collect_texts.py

# Take the pictures of docs/krita.md and docs/gimp.md anew, in the real editors.
pictures: venv
	$(IN)python -m tests.editors.krita.pictures docs/images
	$(IN)python -m tests.editors.gimp.pictures docs/images

venv:
	@test -n "$(PYTHON)" || { echo "Linewash needs Python 3.11 or newer, and none was found on the PATH." >&2; exit 1; }
	@$(PYTHON) setup_env.py
