package com.example.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client of HTTP/2 that begins with it, without TLS (RFC 9113 section 3.3), for one request on a connection. The client of
 * the JDK asks for an upgrade instead, which a gateway does not pass on.
 */
final class PriorKnowledge {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_OF_STREAM_AND_HEADERS = 5;
    private static final int TIMEOUT_MILLIS = 20_000;
    /** The statuses with an index of their own (RFC 7541 appendix A), from index 8 on. */
    private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

    private static final int INDEXED = 0x80;
    private static final int FIRST_STATUS = 8;

    private PriorKnowledge() {}

    /**
     * Sends a request without a body, and gives the status of its answer.
     *
     * @param fields further names and values of headers, the names in lower case
     */
    static int send(int port, String method, String path, String... fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(ascii(PREFACE));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            frame(out, HEADERS, END_OF_STREAM_AND_HEADERS, 1, head(method, path, fields));
            out.flush();
            return status(new DataInputStream(socket.getInputStream()));
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    private static byte[] head(String method, String path, String... fields) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        String[] pseudo = {":method", method, ":scheme", "http", ":authority", "localhost", ":path", path};
        for (String[] list : new String[][] {pseudo, fields}) {
            for (int i = 0; i < list.length; i += 2) {
                // A literal field without indexing (RFC 7541 section 6.2.2).
                block.write(0);
                text(block, list[i]);
                text(block, list[i + 1]);
            }
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) throws IOException {
        if (text.length() > 126) {
            throw new IllegalArgumentException("too long for one byte of length: " + text);
        }
        block.write(text.length());
        block.write(ascii(text));
    }

    /** Of the first frame with headers; the status comes first, by its index or as a text under the index of its name. */
    private static int status(DataInputStream in) throws IOException {
        while (true) {
            byte[] payload = new byte[(in.readUnsignedByte() << 16) | in.readUnsignedShort()];
            int type = in.readUnsignedByte();
            in.skipNBytes(5);
            in.readFully(payload);
            if (type == HEADERS) {
                int first = payload[0] & 0xFF;
                return first >= INDEXED
                        ? STATUSES[first - INDEXED - FIRST_STATUS]
                        : Integer.parseInt(new String(payload, 2, 3, StandardCharsets.US_ASCII));
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
