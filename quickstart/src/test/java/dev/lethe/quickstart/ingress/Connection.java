package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One TCP connection on which anything at all can be written, HTTP or not, at any pace. For one thread. */
final class Connection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private long started;

    /** @throws IOException if nobody accepts it */
    Connection(int port) throws IOException {
        started = System.nanoTime();
        socket.connect(new InetSocketAddress("127.0.0.1", port), (int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends a whole request and waits for its answer; what is not wanted any more need not be taken. */
    Reply call(byte[] request) throws IOException {
        started = System.nanoTime();
        return sendAsFarAsWanted(request).reply();
    }

    Connection send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    Connection send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    /** From now on is measured how long the answer takes. */
    Connection startClock() {
        started = System.nanoTime();
        return this;
    }

    /** Sends, but an answer may come before the end, and then nobody reads the rest. */
    Connection sendAsFarAsWanted(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            // The answer tells why.
        }
        return this;
    }

    /** Whether the other side says something, or hangs up, within this time. */
    boolean hearsSomethingWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.mark(1);
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }
    }

    /** Whether the other side hangs up within this time, orderly or not, without having said anything. */
    boolean endsWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            int said = in.read();
            if (said >= 0) {
                throw new IOException("said something instead: " + (char) said);
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
            }
        }
    }

    /** The next answer. @throws IOException if there is none, or no whole one */
    Reply reply() throws IOException {
        String statusLine = line();
        String[] parts = statusLine.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP: " + statusLine);
        }
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        int status = Integer.parseInt(parts[1]);
        String body = new String(body(status, headers), UTF_8);
        return new Reply(status, headers, body, Duration.ofNanos(System.nanoTime() - started));
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (status < 200 || status == 204) {
            return new byte[0];
        }
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            var body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("hung up in the middle of a body");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("hung up instead of an answer");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
