# One word per task; each prepares what it needs. CI runs the same words.
.DEFAULT_GOAL := help
PY := .venv/bin/python
# a data folder of its own: no check touches an installation
DJANGO := DJANGO_SETTINGS_MODULE=trellis.config.settings TRELLIS_DATA=build/check $(PY) -W error -m django

.PHONY: help env assets demo test test-long check fix messages bench docs

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: .venv/.dev  ## everything a developer needs, in .venv

.venv/.dev: requirements-dev.lock pyproject.toml
	tools/install.sh .venv requirements-dev.lock
	tools/programs.sh
	@touch .venv/.dev .venv/.base

.venv/.base: requirements.lock pyproject.toml
	tools/install.sh .venv requirements.lock
	@touch $@

assets: .assets.ready  ## front-end files, checked and copied

.assets.ready: package-lock.json tools/assets.sh tools/assets.sha256
	tools/assets.sh
	@touch $@

demo: .venv/.base assets  ## make the synthetic network and serve it (ARGS="--sites 1")
	.venv/bin/trellis demo $(ARGS)

test: env assets  ## the suite; ARGS goes to pytest: make test ARGS="-k roster"
	HYPOTHESIS_PROFILE=test tools/test.sh $(ARGS)

test-long: env assets  ## everything: full crawls, high counts, faults
	HYPOTHESIS_PROFILE=long tools/test.sh --long $(ARGS)

check: env  ## every static check; changes nothing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint src --check --lint --quiet
	.venv/bin/mypy src
	.venv/bin/lint-imports
	.venv/bin/deptry .
	.venv/bin/codespell
	$(PY) tools/language_lint.py
	@mkdir -p build/check
	$(DJANGO) makemigrations --check --dry-run
	$(DJANGO) check --deploy --fail-level WARNING

fix: env  ## apply every automatic correction
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint src --reformat --quiet

messages: env  ## bring the Spanish catalogue up to date; needs gettext's programs
	@mkdir -p build/check
	cd src/trellis && DJANGO_SETTINGS_MODULE=trellis.config.settings \
	  TRELLIS_DATA=$(CURDIR)/build/check sh -c '$(CURDIR)/$(PY) -m django makemessages \
	  --locale es --no-obsolete --no-location --ignore "static/*" && \
	  sed -i "/^\"POT-Creation-Date/d" web/locale/es/LC_MESSAGES/django.po && \
	  $(CURDIR)/$(PY) -m django compilemessages --locale es'

bench: env assets  ## time the benchmarks; writes benchmarks/results/
	$(PY) -m benchmarks $(ARGS)

docs: env  ## render docs/clinical/ from tests/spec and the register of docs/privacy.md
	$(PY) tools/clinical_docs.py
	TRELLIS_DATA=build/check $(PY) tools/privacy_register.py
