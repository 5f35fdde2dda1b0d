package dev.holdfast.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a figure was measured on. */
final class Machine {
    private Machine() {}

    static String describe(Servers servers) throws SQLException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %d GiB, %s %s, JDK %s, PostgreSQL %s, Kafka %s; servers, clients and services share the cores",
                LocalDate.now(ZoneId.systemDefault()),
                system.getAvailableProcessors(),
                Math.round(system.getTotalMemorySize() / Math.pow(1024, 3)),
                system.getName(),
                system.getArch(),
                Runtime.version(),
                servers.postgresVersion(),
                AppInfoParser.getVersion());
    }
}
