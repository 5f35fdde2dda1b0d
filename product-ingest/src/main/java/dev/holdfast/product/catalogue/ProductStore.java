package dev.holdfast.product.catalogue;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every read of the catalogue. What everyone may see comes from {@code live_product}; the other statements are for those
 * who asked for other states and were allowed to.
 */
final class ProductStore {
    private static final String COLUMNS = """
            SELECT vendor_id, sku, src_version, gtin, name, price_minor, currency, attributes::text, updated_at,
            """;
    private static final String LIVE = COLUMNS + """
             'live' AS state, NULL::timestamptz AS deleted_at FROM live_product WHERE TRUE
            """;
    static final String OF_STATE = COLUMNS + " state, deleted_at FROM product WHERE state = '%s' ";
    private static final String OF_ANY_STATE = COLUMNS + " state, deleted_at FROM product WHERE TRUE ";
    private static final String BY_ID = " AND vendor_id = $1 AND sku = $2";
    private static final String OF_VENDOR = " AND vendor_id = $1 AND sku > $2 ORDER BY sku LIMIT $3";
    static final String OF_ALL = " AND (vendor_id, sku) > ($1, $2) ORDER BY vendor_id, sku LIMIT $3";

    static final String LIVE_BY_ID = LIVE + BY_ID;
    static final String LIVE_OF_VENDOR = LIVE + OF_VENDOR;
    static final String LIVE_OF_ALL = LIVE + OF_ALL;

    static final String OFFERS = """
            SELECT p.vendor_id, p.sku, p.row_version, p.name, p.price_minor, p.currency
              FROM unnest($1::text[], $2::text[]) AS asked (vendor_id, sku)
              JOIN live_product p ON p.vendor_id = asked.vendor_id AND p.sku = asked.sku
            """;

    private ProductStore() {}

    static Uni<Optional<Product>> find(SqlClient client, StateFilter state, ProductId id) {
        return client.preparedQuery(in(state) + BY_ID)
                .execute(Tuple.of(id.vendor(), id.sku()))
                .map(rows -> rows.stream().map(ProductStore::toProduct).findFirst());
    }

    /** @param afterSku empty for the first page */
    static Uni<List<Product>> ofVendor(SqlClient client, StateFilter state, String vendor, String afterSku, int limit) {
        return list(client, in(state) + OF_VENDOR, Tuple.of(vendor, afterSku, limit));
    }

    /** @param after empty parts for the first page */
    static Uni<List<Product>> ofAll(SqlClient client, StateFilter state, ProductId after, int limit) {
        return list(client, in(state) + OF_ALL, Tuple.of(after.vendor(), after.sku(), limit));
    }

    /** A state is part of the statement, since that is what lets the planner take the index of that state. */
    private static String in(StateFilter state) {
        return switch (state) {
            case LIVE -> LIVE;
            case DELETED, ARCHIVED -> OF_STATE.formatted(state.label());
            case ALL -> OF_ANY_STATE;
        };
    }

    /** Those of the products that are live, in no order. */
    static Uni<List<Offer>> offers(SqlClient client, Collection<ProductId> ids) {
        Tuple parameters = Tuple.of(
                ids.stream().map(ProductId::vendor).toArray(String[]::new),
                ids.stream().map(ProductId::sku).toArray(String[]::new));
        return client.preparedQuery(OFFERS)
                .execute(parameters)
                .map(rows -> rows.stream().map(ProductStore::toOffer).collect(Collectors.toList()));
    }

    private static Uni<List<Product>> list(SqlClient client, String sql, Tuple parameters) {
        return client.preparedQuery(sql)
                .execute(parameters)
                .map(rows -> rows.stream().map(ProductStore::toProduct).collect(Collectors.toList()));
    }

    private static Offer toOffer(Row row) {
        return new Offer(
                new ProductId(row.getString("vendor_id"), row.getString("sku")),
                row.getLong("row_version"),
                row.getString("name"),
                row.getLong("price_minor"),
                row.getString("currency"));
    }

    private static Product toProduct(Row row) {
        return new Product(
                row.getString("vendor_id"),
                row.getString("sku"),
                row.getLong("src_version"),
                row.getString("state"),
                row.getString("gtin"),
                row.getString("name"),
                row.getLong("price_minor"),
                row.getString("currency"),
                row.getString("attributes"),
                row.getOffsetDateTime("updated_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("deleted_at"))
                        .map(OffsetDateTime::toInstant)
                        .orElse(null));
    }
}
