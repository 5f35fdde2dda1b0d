package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {

    @TempDir
    Path root;

    @Test
    void leavesOutServicesThatAreNotBuilt() throws Exception {
        // Given
        build("payments");

        // When
        var config = ClusterConfig.read(root, Map.of());

        // Then
        assertThat(config.services()).singleElement().satisfies(service -> {
            assertThat(service.name()).isEqualTo("payments");
            assertThat(service.url()).isEqualTo("http://localhost:8083");
        });
    }

    @Test
    void takesPortsFromTheEnvironment() throws Exception {
        // Given
        build("product-ingest");

        // When
        var config =
                ClusterConfig.read(root, Map.of("POSTGRES_PORT", "1", "KAFKA_PORT", " 2 ", "PRODUCT_INGEST_PORT", "3"));

        // Then
        assertThat(config.postgres().port()).isEqualTo(1);
        assertThat(config.kafka().port()).isEqualTo(2);
        assertThat(config.services().getFirst().port().port()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "0", "65536", "-1", "99999999999"})
    void refusesWhatIsNoPort(String value) {
        assertThatThrownBy(() -> ClusterConfig.read(root, Map.of("KAFKA_PORT", value)))
                .isInstanceOf(CannotStartException.class)
                .hasMessage(
                        "KAFKA_PORT is '%s'. Give a port between 1 and 65535, for example KAFKA_PORT=19092.", value);
    }

    @Test
    void refusesTheSamePortTwice() {
        assertThatThrownBy(() -> ClusterConfig.read(root, Map.of("KAFKA_PORT", "15432")))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("POSTGRES_PORT and KAFKA_PORT are both 15432. Give one of them another port.");
    }

    @Test
    void namesEveryBusyPortAndTheVariableThatChangesIt() throws Exception {
        // Given
        build("todo");
        try (var postgres = listener();
                var todo = listener()) {
            var config = ClusterConfig.read(
                    root,
                    Map.of(
                            "POSTGRES_PORT", Integer.toString(postgres.getLocalPort()),
                            "KAFKA_PORT", Integer.toString(Ports.free()),
                            "TODO_PORT", Integer.toString(todo.getLocalPort())));

            // When
            assertThatThrownBy(config::refuseBusyPorts)

                    // Then
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("port %d is busy", postgres.getLocalPort())
                    .hasMessageContaining("POSTGRES_PORT=<port>")
                    .hasMessageContaining("port %d is busy", todo.getLocalPort())
                    .hasMessageContaining("TODO_PORT=<port>")
                    .hasMessageNotContaining("KAFKA_PORT");
        }
    }

    private void build(String service) throws IOException {
        Path jar = root.resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
