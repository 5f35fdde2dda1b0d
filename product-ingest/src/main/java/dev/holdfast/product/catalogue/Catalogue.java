package dev.holdfast.product.catalogue;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The catalogue as other features see it: what is on offer now. */
@Singleton
public class Catalogue {
    private final Pool pool;

    Catalogue(Pool pool) {
        this.pool = pool;
    }

    /** Those of the products that are live, at their current prices. A product that is not live is missing. */
    public Uni<Map<ProductId, Offer>> offers(Collection<ProductId> ids) {
        return ProductStore.offers(pool, ids)
                .map(offers -> offers.stream().collect(Collectors.toMap(Offer::id, Function.identity())));
    }
}
