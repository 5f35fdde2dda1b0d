package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0);
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket client = echo.accept();
                    Thread.ofVirtual().start(() -> copy(client));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        proxy = new TcpProxy("localhost", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
        }
    }

    @Test
    void holdsBytesBackForTheDelay() throws IOException {
        try (Socket client = connect()) {
            proxy.delay(Duration.ofMillis(100));
            long startNs = System.nanoTime();
            assertThat(echo(client, 'x')).isEqualTo('x');
            assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isGreaterThan(Duration.ofMillis(190));
        }
    }

    @Test
    void aBlackHoleSwallowsUntilItOpens() throws IOException {
        try (Socket client = connect()) {
            proxy.blackHole();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> echo(client, 'x')).isInstanceOf(SocketTimeoutException.class);
            proxy.open();
            client.setSoTimeout(5_000);
            assertThat(client.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void aCutResetsConnectionsUntilItOpens() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
            proxy.cut();
            assertThatThrownBy(() -> {
                        echo(client, 'y');
                        throw new SocketException("reached the end");
                    })
                    .isInstanceOf(SocketException.class);
        }
        proxy.open();
        try (Socket client = connect()) {
            assertThat(echo(client, 'z')).isEqualTo('z');
        }
    }

    private Socket connect() throws IOException {
        var client = new Socket("localhost", proxy.port());
        client.setSoTimeout(5_000);
        return client;
    }

    private static int echo(Socket client, int character) throws IOException {
        client.getOutputStream().write(character);
        return client.getInputStream().read();
    }

    private static void copy(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException cut) {
            // as the tests wish
        }
    }
}
