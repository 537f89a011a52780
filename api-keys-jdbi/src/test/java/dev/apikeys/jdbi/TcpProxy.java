package dev.apikeys.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A line between a node and its database that can be cut, politely or not. Thread-safe. */
final class TcpProxy implements AutoCloseable {
    private enum Line {
        /** Everything goes through. */
        WHOLE,
        /** Nothing goes through and nobody is told, as behind a firewall that drops packets. */
        SWALLOWING,
        /** Connections are closed at once. */
        REFUSING,
        /** The first connection over which a COMMIT is sent is closed right behind it; from then on all is whole. */
        CUTTING_AFTER_COMMIT,
        /** The same, but from then on connections are refused. */
        CUTTING_AFTER_COMMIT_FOR_GOOD
    }

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Line line = Line.WHOLE;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** A proxy before the server of this database. */
    static TcpProxy before(TestDatabase database) throws IOException {
        return new TcpProxy(port(database));
    }

    /** The same database through the proxy, with a driver that doesn't wait long for a connection. */
    TestDatabase over(TestDatabase database) {
        String url = database.url().replace(":" + port(database) + "/", ":" + listener.getLocalPort() + "/");
        String patience = url.startsWith("jdbc:mariadb") ? "connectTimeout=500" : "loginTimeout=1&connectTimeout=1";
        return database.as(url + (url.contains("?") ? "&" : "?") + patience, database.user(), "");
    }

    private static int port(TestDatabase database) {
        return URI.create(database.url().substring("jdbc:".length())).getPort();
    }

    void forward() {
        line = Line.WHOLE;
        // What was swallowed meanwhile never arrives: such a connection is of no use to anybody.
        closeAll();
    }

    void swallow() {
        line = Line.SWALLOWING;
    }

    void refuse() {
        line = Line.REFUSING;
        closeAll();
    }

    /** The next COMMIT gets through, and its answer doesn't. Works for the first COMMIT of a connection. */
    void cutAfterCommit() {
        line = Line.CUTTING_AFTER_COMMIT;
    }

    /** As {@link #cutAfterCommit()}, and nobody gets a new connection afterwards. */
    void cutAfterCommitForGood() {
        line = Line.CUTTING_AFTER_COMMIT_FOR_GOOD;
    }

    private boolean isOpen() {
        return line == Line.WHOLE || line == Line.CUTTING_AFTER_COMMIT || line == Line.CUTTING_AFTER_COMMIT_FOR_GOOD;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (line == Line.REFUSING) {
                    drop(client);
                } else if (isOpen()) {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    sockets.add(server);
                    daemon(() -> pump(client, server, true));
                    daemon(() -> pump(server, client, false));
                }
            } catch (IOException closed) {
                // Either the listener was closed, which ends the loop, or one connection failed.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!isOpen()) {
                    continue;
                }
                boolean cut = toServer && line != Line.WHOLE && hasCommit(buffer, n);
                if (cut) {
                    line = line == Line.CUTTING_AFTER_COMMIT ? Line.WHOLE : Line.REFUSING;
                    drop(from);
                }
                out.write(buffer, 0, n);
                out.flush();
                if (cut) {
                    awaitAnswer(to);
                    return;
                }
            }
            // That the other side hung up is swallowed too.
            while (line == Line.SWALLOWING && !listener.isClosed()) {
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException closed) {
            // The other direction notices by itself.
        }
    }

    /** The other direction closes the server's side when it can't hand on the answer. */
    private static void awaitAnswer(Socket server) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!server.isClosed() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static boolean hasCommit(byte[] bytes, int length) {
        // READ COMMITTED is none.
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
                .replace("COMMITTED", "")
                .contains("COMMIT");
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
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeAll();
    }
}
