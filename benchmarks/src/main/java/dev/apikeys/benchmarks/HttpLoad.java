package dev.apikeys.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Asks a server on the loopback again and again over kept connections, one request under way on each, from one thread.
 * A connection is a client that has one credential and sends the same request each time: Jetty keeps the header fields of
 * a connection and finds them again, so that other credentials on it would make every request dearer, filter or not.
 * Looks only at whether an answer is a 200 and where it ends: all answers are as long as the first.
 *
 * <p>Not thread-safe.
 */
final class HttpLoad implements AutoCloseable {
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private static final String LENGTH = "Content-Length: ";
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final Selector selector = Selector.open();
    private final long answerLength;

    /** A connection and what has come in on it. */
    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        private long received;
        private final ByteBuffer out;

        Connection(SocketChannel channel, byte[] request) {
            this.channel = channel;
            this.out = ByteBuffer.allocateDirect(request.length).put(request);
        }

        void send() throws IOException {
            out.rewind();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        /** Reads what is there, and tells how much of the answer has come. */
        long receive() throws IOException {
            in.clear();
            int read = channel.read(in);
            if (read < 0) {
                throw new EOFException("the server closed a connection");
            }
            if (received == 0) {
                checkStatus(read);
            }
            received += read;
            return received;
        }

        void checkStatus(int length) {
            for (int i = 0; i < Math.min(OK.length, length); i++) {
                if (in.get(i) != OK[i]) {
                    throw new IllegalStateException("the server did not answer 200");
                }
            }
        }
    }

    /**
     * Connects, and asks once to see how long an answer is.
     *
     * @param requests dealt to the connections in turn
     */
    HttpLoad(int port, int connections, byte[][] requests) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.answerLength = lengthOfAnswer(address, requests[0]);
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel, requests[i % requests.length]));
        }
    }

    /** A request with a header. */
    static byte[] request(String path, String authorization) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A JSON-RPC message to an MCP server. */
    static byte[] message(String path, String token, String json) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
                        + LENGTH + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Keeps all connections busy for a while.
     *
     * @return how many answers came
     */
    long run(long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        for (SelectionKey key : selector.keys()) {
            ((Connection) key.attachment()).send();
        }
        long answers = 0;
        int underWay = selector.keys().size();
        while (underWay > 0) {
            if (selector.select(5_000) == 0) {
                throw new IOException("the server is silent");
            }
            boolean goOn = System.nanoTime() < end;
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (connection.receive() >= answerLength) {
                    connection.received = 0;
                    answers++;
                    if (goOn) {
                        connection.send();
                    } else {
                        underWay--;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return answers;
    }

    /** By its length, or where it comes in chunks, by the last of them. */
    private static long lengthOfAnswer(InetSocketAddress address, byte[] request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            Connection once = new Connection(channel, request);
            once.send();
            StringBuilder text = new StringBuilder();
            while (true) {
                long received = once.receive();
                text.append(StandardCharsets.ISO_8859_1.decode(once.in.flip()));
                int body = text.indexOf("\r\n\r\n") + 4;
                int length = text.indexOf(LENGTH);
                if (body > 3 && length > 0 && length < body) {
                    int end = text.indexOf("\r\n", length);
                    long total = body + Long.parseLong(text.substring(length + LENGTH.length(), end));
                    if (received >= total) {
                        return total;
                    }
                } else if (body > 3 && text.lastIndexOf(LAST_CHUNK) == text.length() - LAST_CHUNK.length()) {
                    return received;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
