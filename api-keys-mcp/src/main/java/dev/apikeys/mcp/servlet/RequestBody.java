package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.JsonType;
import dev.apikeys.servlet.internal.LimitedBody;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;

/** The body of a POST: JSON by its content type, not compressed, within the limit, UTF-8 without errors. */
final class RequestBody {
    private static final int FIRST_BUFFER = 8 * 1024;
    /** How a mark begins that JSON must not have (RFC 8259 section 8.1), and that is the start of no other JSON. */
    private static final byte BYTE_ORDER_MARK = (byte) 0xEF;

    private RequestBody() {}

    /** Reads no more than one byte over the limit, whatever length is announced, or none. */
    static byte[] read(HttpServletRequest request, int maxLength) throws InvalidMessageException {
        if (!JsonType.is(request) || isEncoded(request)) {
            throw InvalidMessageException.unread(415, "the body is application/json, in UTF-8 and not compressed");
        }
        long announced = request.getContentLengthLong();
        if (announced > maxLength) {
            throw tooLarge(maxLength);
        }
        byte[] body;
        try {
            body = announced >= 0 ? exactly(request, (int) announced) : upTo(request, maxLength + 1);
        } catch (IOException brokenOff) {
            LimitedBody.keepOffErrorPages(request);
            throw InvalidMessageException.parse("the body ends too early");
        }
        if (body.length > maxLength) {
            throw tooLarge(maxLength);
        }
        if (!isUtf8(body)) {
            throw InvalidMessageException.parse("the body is not UTF-8");
        }
        return body;
    }

    private static boolean isEncoded(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Content-Encoding")).stream()
                .anyMatch(encoding -> !encoding.equalsIgnoreCase("identity"));
    }

    private static byte[] exactly(HttpServletRequest request, int length) throws IOException {
        byte[] body = new byte[length];
        ServletInputStream in = request.getInputStream();
        int read = in.readNBytes(body, 0, length);
        if (read < length) {
            return Arrays.copyOf(body, read);
        }
        // Only by this do some containers see the end of the body.
        if (in.read() >= 0) {
            throw new IOException("the body is longer than announced");
        }
        return body;
    }

    // Not readNBytes(int): it ends with a read of zero bytes, and Tomcat waits for that too.
    private static byte[] upTo(HttpServletRequest request, int most) throws IOException {
        byte[] body = new byte[Math.min(FIRST_BUFFER, most)];
        int length = 0;
        while (true) {
            int read = request.getInputStream().readNBytes(body, length, body.length - length);
            length += read;
            if (length < body.length || length == most) {
                return Arrays.copyOf(body, length);
            }
            body = Arrays.copyOf(body, (int) Math.min(2L * body.length, most));
        }
    }

    private static InvalidMessageException tooLarge(int maxLength) {
        return InvalidMessageException.unread(413, "the body is longer than " + maxLength + " bytes");
    }

    private static boolean isUtf8(byte[] body) {
        boolean ascii = true;
        for (byte b : body) {
            if (b == 0) {
                // Never in JSON, but a reader that guesses would take the body for UTF-16 or UTF-32.
                return false;
            }
            ascii &= b > 0;
        }
        if (ascii) {
            return true;
        }
        if (body[0] == BYTE_ORDER_MARK) {
            return false;
        }
        // Decodes here, because Jackson's own decoder accepts overlong forms and encoded surrogates.
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }
}
