package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and a server on this machine and spoils the line: delays it, swallows what is sent, or cuts
 * it. Point the client at {@link #port()}.
 */
public final class TcpProxy implements AutoCloseable {
    private enum Line {
        OPEN,
        /** Connections stay up and nothing arrives, as behind a firewall that drops. What is held arrives on opening. */
        BLACK_HOLE,
        /** Connections are reset, new ones too. */
        CUT
    }

    private final ServerSocket listener;
    private final String targetHost;
    private final int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Line line = Line.OPEN;
    private volatile Duration delay = Duration.ZERO;

    public TcpProxy(String targetHost, int targetPort) throws IOException {
        this.targetHost = targetHost;
        this.targetPort = targetPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tcp-proxy").start(this::acceptAll);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Holds each chunk of bytes back for this long, in both directions. */
    public void delay(Duration newDelay) {
        delay = newDelay;
    }

    public void blackHole() {
        change(Line.BLACK_HOLE);
    }

    /** Resets every connection, and each new one, until {@link #open}. */
    public void cut() {
        change(Line.CUT);
        sockets.forEach(TcpProxy::reset);
    }

    public void open() {
        change(Line.OPEN);
    }

    private void change(Line newLine) {
        lock.lock();
        try {
            line = newLine;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (line == Line.CUT) {
                    reset(client);
                    continue;
                }
                Socket server = new Socket(targetHost, targetPort);
                sockets.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            } catch (IOException targetIsDown) {
                sockets.removeIf(Socket::isClosed);
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[16 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                Thread.sleep(delay);
                awaitNoBlackHole();
                out.write(chunk, 0, length);
                out.flush();
            }
        } catch (IOException ended) {
            // one side went away; closing both tells the other
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitNoBlackHole() throws InterruptedException {
        lock.lock();
        try {
            while (line == Line.BLACK_HOLE) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // closed already
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
