package dev.holdfast.local;

import java.io.IOException;
import java.util.Map;

/** Kafka with the topics of the cluster. */
record BrokerPart(Layout layout, int port) implements Part {

    @Override
    public String name() {
        return "kafka";
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
        KafkaServer server =
                KafkaServer.start(new KafkaServer.Options(layout.kafkaData(), port, log().path(), Map.of()));
        try {
            layout.pidFile(name()).write(server.process().toHandle());
            Topics.create(server.bootstrapServers());
        } catch (IOException | RuntimeException e) {
            server.stop();
            throw e;
        }
        return new Running(server.process(), server::stop);
    }
}
