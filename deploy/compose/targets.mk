# The same house in containers.

compose := deploy/compose/compose

.PHONY: images
images: ## build the services and their container images
	@$(bin)/build
	@$(compose) build

.PHONY: compose-up
compose-up: ## run everything in containers; with Prometheus and Grafana: COMPOSE_PROFILES=observability
	@$(bin)/build
	@deploy/compose/up

.PHONY: compose-down
compose-down: ## stop and remove the containers; the data stays in volumes
	@COMPOSE_PROFILES=observability $(compose) down
