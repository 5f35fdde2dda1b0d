package dev.holdfast.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * HTTP/1.1 over connections that stay open, with nothing between the caller's thread and the socket: client and service share the
 * processors, and it is the service that is measured. Knows answers of a known length only.
 */
public final class LeanHttp implements AutoCloseable {
    private static final String LENGTH = "content-length:";
    private static final int TIMEOUT_MS = 60_000;

    private final int port;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

    /** @param port of this machine */
    public LeanHttp(int port) {
        this.port = port;
    }

    public record Answer(int status, String body) {}

    private record Connection(Socket socket, InputStream in) {}

    private record Head(int status, int length) {}

    private interface Reader<T> {
        T read(Head head, InputStream in) throws IOException;
    }

    /** @param headers each with its line's end */
    public Answer send(String method, String path, String headers, String body) throws IOException {
        return send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** @param headers each with its line's end */
    public Answer send(String method, String path, String headers, byte[] body) throws IOException {
        return exchange(
                method,
                path,
                headers,
                body,
                (head, in) ->
                        new Answer(head.status(), new String(in.readNBytes(head.length()), StandardCharsets.UTF_8)));
    }

    /** @throws IOException unless the answer is 200 */
    public byte[] get(String path) throws IOException {
        return exchange("GET", path, "", new byte[0], (head, in) -> {
            byte[] body = in.readNBytes(head.length());
            if (head.status() != 200) {
                throw new IOException(
                        "%s answered %d: %s".formatted(path, head.status(), new String(body, StandardCharsets.UTF_8)));
            }
            return body;
        });
    }

    private <T> T exchange(String method, String path, String headers, byte[] body, Reader<T> reader)
            throws IOException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = open();
        }
        byte[] head = "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
                .formatted(method, path, headers, body.length)
                .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        connection.socket().getOutputStream().write(request);
        T answer = reader.read(head(connection.in()), connection.in());
        idle.add(connection);
        return answer;
    }

    private Connection open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        return new Connection(socket, new BufferedInputStream(socket.getInputStream()));
    }

    private static Head head(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("An answer %d without its length".formatted(status));
        }
        return new Head(status, length);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("The service has closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            try {
                connection.socket().close();
            } catch (IOException gone) {
                // it is what was wanted
            }
        }
    }
}
