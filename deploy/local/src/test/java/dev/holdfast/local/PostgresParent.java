package dev.holdfast.local;

import java.nio.file.Path;

/** A process that starts PostgreSQL, writes a row and then waits to be killed. */
final class PostgresParent {

    private static final int READY = 'R';

    private PostgresParent() {}

    static Process start(Path dataDirectory) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                PostgresParent.class.getName(),
                dataDirectory.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != READY) {
            throw new IllegalStateException("PostgreSQL's parent did not start");
        }
        return process;
    }

    public static void main(String[] args) throws Exception {
        var server = PostgresServer.start(PostgresServer.Options.in(Path.of(args[0])));
        PostgresServerTest.execute(server, "CREATE TABLE product.kept AS SELECT 42 AS answer");
        System.out.write(READY);
        System.out.flush();
        server.onExit().join();
    }
}
