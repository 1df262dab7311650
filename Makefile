# From a fresh clone: `make demo` shows the site, `make test` proves it. Both need Python 3.12+.

PORT ?= 8000
# How many tests run at once.
JOBS ?= 2
# Where the annotated articles are, which are not part of the repository.
EVAL ?= ../shared/eval/quotes
# Where the texts with labelled stances are, which are not either.
STANCE ?= ../shared/eval/stance
# How many synthetic articles are read to time it.
ARTICLES ?= 500
# How many made-up quotes pages are timed with.
QUOTES ?= 1000000
bin := .venv/bin
python := $(bin)/python

export PORT

.PHONY: help demo test lint fmt eval eval-stance train train-attitudes bench bench-load bench-scale
.PHONY: stop clean
.PHONY: hashes licences sbom environment environment-dev environment-train

help:
	@echo "make demo   serve the site with the sample articles on 127.0.0.1:$(PORT)"
	@echo "make test   check the code and run every test"
	@echo "make lint   only check the code"
	@echo "make fmt    format the code and the templates"
	@echo "make eval   score extraction on the annotated articles in EVAL ($(EVAL))"
	@echo "make train  fit the weights of extraction on the articles in EVAL"
	@echo "make eval-stance      score suggestions on the labelled texts in STANCE ($(STANCE))"
	@echo "make train-attitudes  fit the model of attitudes on them, in an environment of its own"
	@echo "make bench         time pages and searches on QUOTES ($(QUOTES)) made-up quotes"
	@echo "make bench-load    let many people at the site at once, while its database comes and goes"
	@echo "make hashes   write down the hashes of models, after training or a new version of them"
	@echo "make licences, make sbom   list what is installed to run it, with licences or hashes"
	@echo "make bench-scale   time extraction and loading on ARTICLES ($(ARTICLES)) synthetic articles"
	@echo "make stop   stop the local database"
	@echo "make clean  remove what can be made again; var/, the data, stays"

environment:
	@scripts/environment.sh run

environment-dev:
	@scripts/environment.sh dev

# PyTorch is large and only this needs it.
environment-train:
	@scripts/environment.sh train

# As a visitor would get it: error pages instead of tracebacks, compressed files, but no TLS.
demo: export NEWSROOM_DEBUG ?= 0
demo: export NEWSROOM_HTTPS ?= 0
demo: environment
	@if [ -n "$$DATABASE_URL" ] && [ -z "$$NEWSROOM_SECRET_KEY" ]; then \
	  NEWSROOM_SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(50))'); \
	  export NEWSROOM_SECRET_KEY; \
	fi; \
	exec $(python) manage.py demo

# What the tests find is the same with the local database and with one that DATABASE_URL names.
test lint: export NEWSROOM_DEBUG = 1
test: lint
	@scripts/test.sh -n $(JOBS)

lint: environment-dev
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/djade --check $$(find templates -name '*.html')
	$(bin)/djlint --lint --quiet templates
	$(python) manage.py makemigrations --check --dry-run
	$(python) manage.py check --fail-level WARNING

fmt: environment-dev
	$(bin)/ruff check --fix --exit-zero .
	$(bin)/ruff format .
	$(bin)/djade $$(find templates -name '*.html')

eval: environment
	@$(python) -m bench.extraction $(EVAL)

train: environment-dev
	@$(python) -m training.quotations $(EVAL)

# By one thread, as the site does it.
eval-stance: export OPENBLAS_NUM_THREADS = 1
eval-stance: environment-dev
	@$(python) -m bench.stance $(STANCE)

train-attitudes: environment-train
	@.venv-train/bin/python -m training.attitudes $(STANCE)

bench: environment-dev
	@$(python) -m bench.browsing --quotes $(QUOTES) --check 100 --export --admin

# Ten minutes of fifty people; `python -m bench.load --help` has other numbers.
bench-load: environment-dev
	@$(python) -m bench.load

# Models are loaded only when they are what this writes down.
hashes: environment-dev
	@$(python) -m training.hashes

# What the environment has of the packages that are shipped, the tools of development left out.
shipped = $$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' requirements.txt)

licences: environment-dev
	@mkdir -p var
	@sed '/^| Name/,$$d' docs/licences.md > var/licences.md
	@$(bin)/pip-licenses --format=markdown --with-system --packages $(shipped) >> var/licences.md
	@mv var/licences.md docs/licences.md

# The hashes of every package are in it, and what a scanner asks for.
sbom: environment-dev
	@mkdir -p var
	@$(bin)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
	  --output-reproducible --of JSON --output-file var/sbom.json
	@echo "var/sbom.json: CycloneDX, $$(grep -c '^[a-z].*==' requirements.txt) packages."

bench-scale: environment-dev
	@$(python) -m bench.scale --articles $(ARTICLES)

stop: environment
	@$(python) manage.py localdb stop

clean:
	@if [ -x $(python) ] && [ -d var ]; then $(python) manage.py localdb stop || true; fi
	rm -rf .venv .venv-train var/staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
