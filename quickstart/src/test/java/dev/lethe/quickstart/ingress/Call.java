package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A webhook call, to be made wrong in one way or another.
 *
 * @param headers but for those that frame the body
 * @param chunk the size of the chunks; 0 declares the length instead
 */
record Call(String method, String path, Map<String, String> headers, byte[] body, int chunk) {
    static Call of(byte[] body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", "127.0.0.1");
        headers.put("Authorization", Site.API_KEY);
        headers.put("Content-Type", "application/json");
        return new Call("POST", "/webhook-user-delete", headers, body, 0);
    }

    static Call of(String body) {
        return of(body.getBytes(UTF_8));
    }

    /** An event as small as it can be. */
    static Call deletionOf(UUID userId, UUID eventId) {
        return of(event(eventId, userId));
    }

    static String event(UUID eventId, UUID userId) {
        return "{\"event\":{\"id\":\"%s\",\"type\":\"user.delete\",\"user\":{\"id\":\"%s\"}}}"
                .formatted(eventId, userId);
    }

    Call with(String header, String value) {
        var changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new Call(method, path, changed, body, chunk);
    }

    Call without(String header) {
        var changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new Call(method, path, changed, body, chunk);
    }

    Call method(String other) {
        return new Call(other, path, headers, body, chunk);
    }

    Call path(String other) {
        return new Call(method, other, headers, body, chunk);
    }

    Call inChunksOf(int size) {
        return new Call(method, path, headers, body, size);
    }

    /** Request line and headers, with the line break that ends them. */
    String head() {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(chunk == 0 ? "Content-Length: " + body.length : "Transfer-Encoding: chunked");
        return head.append("\r\n\r\n").toString();
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head().getBytes(ISO_8859_1));
        if (chunk == 0) {
            bytes.writeBytes(body);
            return bytes.toByteArray();
        }
        for (int from = 0; from < body.length; from += chunk) {
            int size = Math.min(chunk, body.length - from);
            bytes.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(ISO_8859_1));
            bytes.write(body, from, size);
            bytes.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        bytes.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return bytes.toByteArray();
    }
}
