package dev.apikeys.cli;

import dev.apikeys.cli.TestServers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A line to a database over which what a poll asks takes a while, as to another continent. Thread-safe. */
final class SlowLine implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private final long nanos;

    private SlowLine(ServerSocket listener, int target, Duration delay) {
        this.listener = listener;
        this.target = target;
        this.nanos = delay.toNanos();
        daemon(this::accept);
    }

    static SlowLine before(TestDatabase database, Duration delay) throws IOException {
        int port = URI.create(database.url().substring("jdbc:".length())).getPort();
        return new SlowLine(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port, delay);
    }

    /** The same database over this line. */
    String over(String url) {
        return url.replace(":" + target + "/", ":" + listener.getLocalPort() + "/");
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "slow line");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(near, far));
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                daemon(() -> carry(near, far));
                daemon(() -> carry(far, near));
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] block = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(block); length >= 0; length = in.read(block)) {
                if (new String(block, 0, length, StandardCharsets.ISO_8859_1).contains("FROM api_key_epoch")) {
                    LockSupport.parkNanos(nanos);
                }
                out.write(block, 0, length);
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts it, for good. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
