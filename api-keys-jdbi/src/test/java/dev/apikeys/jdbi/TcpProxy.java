package dev.apikeys.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between a node and its database that can be cut, politely or not. Thread-safe. */
final class TcpProxy implements AutoCloseable {
    private enum Line {
        /** Everything goes through. */
        WHOLE,
        /** Nothing goes through and nobody is told, as behind a firewall that drops packets. */
        SWALLOWING,
        /** Connections are closed at once. */
        REFUSING
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

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (line == Line.REFUSING) {
                    drop(client);
                } else if (line == Line.WHOLE) {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    sockets.add(server);
                    daemon(() -> pump(client, server));
                    daemon(() -> pump(server, client));
                }
            } catch (IOException closed) {
                // Either the listener was closed, which ends the loop, or one connection failed.
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
                if (line == Line.WHOLE) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (IOException closed) {
            // The other direction notices by itself.
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
