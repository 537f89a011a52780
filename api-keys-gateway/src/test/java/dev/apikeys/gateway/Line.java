package dev.apikeys.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between a node and a relay that can be cut, politely or not, or led to another relay. Thread-safe. */
final class Line implements AutoCloseable {
    private enum State {
        WHOLE,
        /** Nothing goes through and nobody is told, as behind a firewall that drops packets. */
        SWALLOWING,
        /** Connections are closed at once. */
        REFUSING
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile State state = State.WHOLE;
    private volatile Set<Socket> dead = Set.of();

    private Line(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    static Line to(int port) throws IOException {
        return new Line(port);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
    }

    void swallow() {
        state = State.SWALLOWING;
    }

    /** The connections of now carry nothing any more, and nobody is told. New ones do. */
    void killConnections() {
        dead = Set.copyOf(sockets);
    }

    void refuse() {
        state = State.REFUSING;
        closeAll();
    }

    /** Whole again; what was swallowed never arrives. */
    void forward(int port) {
        target = port;
        state = State.WHOLE;
        closeAll();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (state == State.REFUSING) {
                    drop(client);
                } else {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(server);
                    daemon(() -> pump(client, server));
                    daemon(() -> pump(server, client));
                }
            } catch (IOException closed) {
                // The next one may come through.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (state == State.WHOLE && !dead.contains(from)) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (IOException closed) {
            // The other direction notices by itself.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void closeAll() {
        sockets.forEach(this::drop);
    }

    private void drop(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is all it was to be.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeAll();
    }
}
