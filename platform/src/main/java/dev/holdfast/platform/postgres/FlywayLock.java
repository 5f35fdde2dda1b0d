package dev.holdfast.platform.postgres;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Lets a migration say {@code CREATE INDEX CONCURRENTLY}. Flyway's own lock is a transaction left open while scripts
 * run; a concurrent index build waits for every open transaction, that one too, and so for ever. A session lock keeps
 * two migrating instances apart just as well.
 */
@Singleton
class FlywayLock implements FlywayConfigurationCustomizer {
    @Override
    public void customize(FluentConfiguration configuration) {
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
    }
}
