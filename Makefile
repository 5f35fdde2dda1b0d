# Every command of this repository; `make help` lists them. What is longer than a line lives in deploy/local/bin.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

bin := deploy/local/bin
run := $(bin)/run dev.holdfast.local

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: ## build what is missing, run the cluster until Ctrl-C (ports: POSTGRES_PORT, KAFKA_PORT, PRODUCT_INGEST_PORT, ...)
	@$(bin)/up

.PHONY: start
start: ## the same in the background; returns when everything is ready
	@$(bin)/start

.PHONY: stop
stop: ## stop the cluster; the data stays
	@$(run).Launcher stop

.PHONY: status
status: ## show what runs, and whether it is ready
	@$(run).Launcher status

.PHONY: logs
logs: ## follow all logs, or one: SERVICE=product-ingest
	@SERVICE="$(SERVICE)" $(bin)/logs

.PHONY: reset
reset: ## stop the cluster and delete its data (asks, unless YES=1)
	@YES="$(YES)" $(bin)/reset

.PHONY: demo
demo: ## send a realistic feed through the running cluster, and prove that nothing of it disappeared
	@$(run).demo.Demo

.PHONY: media-backup
media-backup: ## copy all images of the running cluster, only what is new: [TO=folder] [MINUTES=60]
	@TO="$(TO)" MINUTES="$(MINUTES)" $(run).media.Backup

.PHONY: media-restore
media-restore: ## put a backup of the images in their place; the cluster is stopped: [FROM=folder] [YES=1] [MISS_EVENTS=1]
	@FROM="$(FROM)" YES="$(YES)" MISS_EVENTS="$(MISS_EVENTS)" $(run).media.Restore

.PHONY: media-drill
media-drill: ## lose all images of a cluster of its own under load, and get them back from a backup
	@$(bin)/build
	@$(run).media.Drill

.PHONY: token
token: ## print a bearer token for the local cluster: SUBJECT=me ROLES=operator[,auditor]
	@SUBJECT="$(SUBJECT)" ROLES="$(ROLES)" $(run).tool.Token

.PHONY: publish
publish: ## send lines of key<TAB>JSON to a topic: TOPIC=vendor.products FILE=feed.tsv
	@TOPIC="$(TOPIC)" FILE="$(FILE)" $(run).tool.Publish

.PHONY: verify
verify: ## check an exported log of user-audit with nothing but a public key: BUNDLE=file KEY=name=base64 [CHECKPOINT=file]
	@BUNDLE="$(BUNDLE)" KEY="$(KEY)" CHECKPOINT="$(CHECKPOINT)" $(bin)/verify

.PHONY: test
test: ## run all tests; needs neither Docker nor a running cluster
	@$(bin)/maven -B -ntp verify

.PHONY: check
check: test ## what CI runs: format, warnings as errors, static analysis, tests (all of it is in `verify`)

.PHONY: format
format: ## format the code
	@$(bin)/maven -B -ntp -q spotless:apply

.PHONY: mapping
mapping: ## write docs/mapping anew, after the vendor master or its naming rules have changed
	@$(bin)/maven -B -ntp -q -Dspotless.check.skip=true compile -pl product-ingest -am
	@cp product-ingest/target/generated-sources/vendor-master/mapping.md docs/mapping/vendor-master.md

.PHONY: bench
bench: ## measure, beside the peers; one only: ONLY=<name>
	@ONLY="$(ONLY)" bench/run

.PHONY: chaos
chaos: ## kill, pause and cut parts of running clusters, for long; one part only: ONLY=media
	@ONLY="$(ONLY)" chaos/run

.PHONY: clean
clean: ## delete what was built; the cluster's data stays
	@$(bin)/maven -B -ntp -q clean

include deploy/compose/targets.mk
