package dev.apikeys.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection on which requests follow each other, also in parts, as {@link RawHttp} can't send them. */
public final class KeptConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;

    private KeptConnection(Socket socket) {
        this.socket = socket;
    }

    public static KeptConnection to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new KeptConnection(socket);
    }

    /**
     * Sends the text, each character as one byte, and reads one answer, which is as long as it says.
     *
     * @throws IOException when the connection ends before the answer does
     */
    public String exchange(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        String head = readTo("\r\n\r\n");
        String fields = head.toLowerCase(Locale.ROOT);
        if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return head + readTo("0\r\n\r\n");
        }
        int length = fields.indexOf("\r\ncontent-length: ");
        int valueAt = length + "\r\ncontent-length: ".length();
        return length < 0
                ? head
                : head + read(Integer.parseInt(fields.substring(valueAt, fields.indexOf('\r', valueAt))));
    }

    private String readTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            text.append(read(1));
        }
        return text.toString();
    }

    private String read(int length) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the connection ended before the answer did");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
