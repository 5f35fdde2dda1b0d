package db.migration;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.migration.EmailMove;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** Moves plain addresses into the encrypted history, by the batch; see {@link EmailMove}. Can be run again. */
public class V6_1__Move_emails extends BaseJavaMigration {
    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    @Override
    public void migrate(Context context) throws Exception {
        if (EmailMove.isNeeded(context.getConnection())) {
            AuditConfig.Keys keys = ConfigProvider.getConfig()
                    .unwrap(SmallRyeConfig.class)
                    .getConfigMapping(AuditConfig.class)
                    .keys();
            new EmailMove(KeyRing.of(keys), BlindIndex.of(keys)).run(context.getConnection());
        }
    }
}
