package dev.holdfast.local;

import dev.holdfast.local.ClusterConfig.ServiceConfig;
import java.util.List;
import java.util.stream.Collectors;

/** What a person sees when everything is ready: where things are, and what to try first. */
final class Banner {

    private static final String ROW = "  %-15s %-23s %-36s %s";

    private Banner() {}

    static String of(ClusterConfig config) {
        return """

                %s

                  PostgreSQL      psql postgresql://product_app:product_app@localhost:%d/holdfast
                  Kafka           localhost:%d
                  Logs            .local/logs (make logs)
                %s""".formatted(
                        services(config.services()),
                        config.postgres().port(),
                        config.kafka().port(),
                        firstSteps(config));
    }

    private static String services(List<ServiceConfig> services) {
        if (services.isEmpty()) {
            return "  No service is built yet.";
        }
        return services.stream()
                .map(service -> ROW.formatted(
                        service.name(), service.url(), service.url() + "/q/swagger-ui", service.url() + "/q/health"))
                .collect(Collectors.joining(
                        System.lineSeparator(),
                        ROW.formatted("service", "URL", "Swagger UI", "health") + System.lineSeparator(),
                        ""));
    }

    private static String firstSteps(ClusterConfig config) {
        return config.services().stream()
                .filter(service -> service.name().equals("product-ingest"))
                .map(service -> """

                          Try:
                            make demo
                            curl -H "Authorization: Bearer $(make -s token SUBJECT=me ROLES=operator)" '%1$s/products?vendor=acme'
                            curl -H "Authorization: Bearer $(make -s token SUBJECT=me ROLES=operator)" -H 'Content-Type: application/json' -d '{"vendor":"acme","sku":"kettle-1","version":1,"op":"upsert","name":"Kettle","price":{"amountMinor":2999,"currency":"EUR"},"attributes":{"colour":"red"}}' %1$s/products
                        """.formatted(service.url()))
                .collect(Collectors.joining());
    }
}
