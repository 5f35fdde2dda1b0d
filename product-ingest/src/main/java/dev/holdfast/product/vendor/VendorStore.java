package dev.holdfast.product.vendor;

import static dev.holdfast.product.vendor.master.Tables.ACTIVE_VENDOR;
import static dev.holdfast.product.vendor.master.Tables.VENDOR;

import dev.holdfast.product.vendor.master.VersionKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.ParamType;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.exception.DataTypeException;
import org.jooq.impl.DSL;

/** Reads the vendor master: jOOQ writes the SQL from the generated models, the reactive client runs it. */
final class VendorStore {
    private static final Logger LOG = Logger.getLogger(VendorStore.class);

    private static final Field<?>[] COLUMNS = {
        VENDOR.ID, VENDOR.NAME, VENDOR.VERSION_KIND, ACTIVE_VENDOR.VENDOR_ID, ACTIVE_VENDOR.DAILY_QUOTA
    };

    private final String sql;

    /** @param schema where the vendor master is */
    VendorStore(String schema) {
        var settings = new Settings()
                .withRenderMapping(new RenderMapping()
                        .withSchemata(new MappedSchema()
                                .withInput(VENDOR.getSchema().getName())
                                .withOutput(schema)));
        this.sql = DSL.using(SQLDialect.POSTGRES, settings)
                .select(COLUMNS)
                .from(VENDOR)
                .leftJoin(ACTIVE_VENDOR)
                .on(ACTIVE_VENDOR.VENDOR_ID.eq(VENDOR.ID))
                .getSQL(ParamType.INLINED);
    }

    /**
     * All vendors. One that the models cannot understand, such as one with a code that is newer than they are, is left
     * out and logged: it must not keep the changes of the others away.
     */
    Uni<List<Vendor>> all(SqlClient client) {
        return client.query(sql).execute().map(rows -> {
            var vendors = new ArrayList<Vendor>(rows.size());
            for (Row row : rows) {
                try {
                    vendors.add(toVendor(typed(row)));
                } catch (IllegalArgumentException | DataTypeException unknown) {
                    LOG.warnf("Vendor '%s' is left out: %s", row.getValue(0), unknown.getMessage());
                }
            }
            return List.copyOf(vendors);
        });
    }

    private static Vendor toVendor(Record row) {
        Long quota = row.get(ACTIVE_VENDOR.DAILY_QUOTA);
        return new Vendor(
                row.get(VENDOR.ID),
                row.get(VENDOR.NAME),
                row.get(ACTIVE_VENDOR.VENDOR_ID) != null,
                quota == null ? OptionalLong.empty() : OptionalLong.of(quota),
                row.get(VENDOR.VERSION_KIND) == VersionKind.CLOCK);
    }

    /** The models' types instead of the driver's. */
    private static Record typed(Row row) {
        Record typed = DSL.using(SQLDialect.POSTGRES).newRecord(COLUMNS);
        typed.fromArray(IntStream.range(0, row.size()).mapToObj(row::getValue).toArray());
        return typed;
    }
}
