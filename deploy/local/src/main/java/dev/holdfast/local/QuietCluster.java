package dev.holdfast.local;

import dev.holdfast.local.ClusterConfig.ServiceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Database and broker of a cluster without its services, for a command that must have the data for itself. While it lasts nobody
 * else can start the cluster.
 */
public final class QuietCluster implements AutoCloseable {

    private final RunLock lock;
    private final ClusterConfig config;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final Queue<Runnable> services = new ConcurrentLinkedQueue<>();
    private final Thread onExit = new Thread(this::stop, "stop-quiet-cluster");

    private QuietCluster(RunLock lock, ClusterConfig config, PostgresServer postgres, KafkaServer kafka) {
        this.lock = lock;
        this.config = config;
        this.postgres = postgres;
        this.kafka = kafka;
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /**
     * Returns when both answer, with all schemas and topics.
     *
     * @param root of a checkout, or of a directory that has its data as a checkout would
     * @param environment has the ports, as {@code POSTGRES_PORT}
     * @throws CannotStartException when the cluster runs, or a port is busy
     */
    public static QuietCluster start(Path root, Map<String, String> environment, Consumer<String> report)
            throws IOException {
        ClusterConfig config =
                ClusterConfig.read(root.toAbsolutePath(), environment).withoutServices();
        Layout layout = config.layout();
        RunLock lock = RunLock.acquire(layout)
                .orElseThrow(() -> new CannotStartException(
                        "The cluster runs, and this needs its data alone. `make stop` stops it."));
        try {
            lock.sign(layout);
            LeftOvers.stop(layout, report);
            config.refuseBusyPorts();
            return start(lock, config);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static QuietCluster start(RunLock lock, ClusterConfig config) throws IOException {
        Layout layout = config.layout();
        PostgresServer postgres = PostgresServer.start(new PostgresServer.Options(
                layout.postgresData(),
                config.postgres().port(),
                true,
                layout.log("postgres").path(),
                Map.of()));
        try {
            KafkaServer kafka = KafkaServer.start(new KafkaServer.Options(
                    layout.kafkaData(),
                    config.kafka().port(),
                    layout.log("kafka").path(),
                    Map.of()));
            try {
                Topics.create(kafka.bootstrapServers());
                return new QuietCluster(lock, config, postgres, kafka);
            } catch (RuntimeException e) {
                kafka.stop();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            postgres.stop();
            throw e;
        }
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    /**
     * Starts one service all the same.
     *
     * @param jar that is packaged
     */
    public Process startService(String name, int port, Path jar) throws IOException {
        var service = new ServiceConfig(name, new PortSetting(name, port), jar.toAbsolutePath());
        Part.Running running = new ServicePart(config, service).start();
        services.add(running.stop());
        return running.process();
    }

    private void stop() {
        services.forEach(Runnable::run);
        kafka.stop();
        postgres.stop();
    }

    /** In order, within a bounded time. A signal to this process does so as well. */
    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(onExit);
        stop();
        lock.close();
    }
}
