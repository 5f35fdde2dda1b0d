package dev.holdfast.local;

import java.io.IOException;
import java.util.Map;

/** PostgreSQL. Its own {@code postmaster.pid} tells who it is after a crash. */
record DatabasePart(Layout layout, int port) implements Part {

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public String address() {
        return "localhost:" + port;
    }

    @Override
    public LogFile log() {
        return layout.log(name());
    }

    @Override
    public Running start() throws IOException {
        PostgresServer server = PostgresServer.start(
                new PostgresServer.Options(layout.postgresData(), port, true, log().path(), Map.of()));
        return new Running(server.process(), server::stop);
    }
}
