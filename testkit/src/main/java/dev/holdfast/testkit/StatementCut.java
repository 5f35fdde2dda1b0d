package dev.holdfast.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and PostgreSQL and cuts the connection at a statement's boundary, once for each time it is
 * armed: before the server has heard of the statement, or after it has carried it out and before the client knows.
 * {@code BEGIN} and {@code COMMIT} are statements.
 */
public final class StatementCut implements AutoCloseable {
    /** On which side of a statement the connection is cut. */
    public enum Side {
        /** The request is lost. */
        BEFORE,
        /** The reply is lost. */
        AFTER
    }

    /** As in the protocol: a simple query, and the end of an extended one. */
    private static final String ENDS_OF_REQUESTS = "QS";

    private static final int READY_FOR_QUERY = 'Z';

    private record Plan(AtomicInteger statementsToGo, Side side) {}

    private final ServerSocket listener;
    private final int targetPort;
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

    public StatementCut(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("statement-cut").start(this::acceptAll);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** @param statement 1 is the next one of any connection */
    public void arm(int statement, Side side) {
        plan.set(new Plan(new AtomicInteger(statement), side));
    }

    /** @return whether there was still something to come */
    public boolean disarm() {
        return plan.getAndSet(null) != null;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                new Line(client, server).open();
            } catch (IOException closed) {
                // the listener was closed, or the server is down, which the client finds out
            }
        }
    }

    private final class Line {
        private final Socket client;
        private final Socket server;
        private volatile boolean replyIsLost;

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void open() {
            Thread.ofVirtual().start(this::pumpRequests);
            Thread.ofVirtual().start(this::pumpReplies);
        }

        private void pumpRequests() {
            try (client;
                    server;
                    var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                    var out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()))) {
                forward(in, out, in.readInt()); // the first message has no type
                while (true) {
                    int type = in.readUnsignedByte();
                    if (ENDS_OF_REQUESTS.indexOf(type) >= 0 && isCutHere()) {
                        return;
                    }
                    out.writeByte(type);
                    forward(in, out, in.readInt());
                }
            } catch (IOException ended) {
                // one side went away; closing both tells the other
            }
        }

        private boolean isCutHere() {
            Plan current = plan.get();
            if (current == null || current.statementsToGo().decrementAndGet() != 0) {
                return false;
            }
            plan.compareAndSet(current, null);
            replyIsLost = current.side() == Side.AFTER;
            return current.side() == Side.BEFORE;
        }

        private void pumpReplies() {
            try (client;
                    server;
                    var in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
                    var out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()))) {
                while (true) {
                    int type = in.readUnsignedByte();
                    int length = in.readInt();
                    if (replyIsLost) {
                        in.skipNBytes(length - Integer.BYTES);
                        if (type == READY_FOR_QUERY) {
                            return;
                        }
                    } else {
                        out.writeByte(type);
                        forward(in, out, length);
                    }
                }
            } catch (IOException ended) {
                // likewise
            }
        }

        private static void forward(DataInputStream in, DataOutputStream out, int length) throws IOException {
            out.writeInt(length);
            out.write(in.readNBytes(length - Integer.BYTES));
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
