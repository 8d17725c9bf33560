package dev.lethe.ingress;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** Reads a body within bounds of size, time and memory. */
final class BodyReader {
    /**
     * FusionAuth sends its events at once; whoever takes longer than this holds up only himself. Jetty can notice silence up
     * to as much later again, and by 1.9 s everybody has to have an answer.
     */
    private static final Duration WITHIN = Duration.ofMillis(800);

    private static final int CHUNK_BYTES = 8192;

    private final int maxBytes;

    BodyReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether the whole body has come with its headers, as FusionAuth's do, so that reading it does not wait. */
    static boolean isHere(Context ctx) throws IOException {
        long declared = ctx.req().getContentLengthLong();
        return declared >= 0 && ctx.req().getInputStream().available() >= declared;
    }

    /** The body, whose bytes count in the share while they come. */
    byte[] read(Context ctx, Capacity.Share share) throws RefusedException {
        var body = new ByteArrayOutputStream(Math.clamp(ctx.req().getContentLengthLong(), 0, CHUNK_BYTES));
        transfer(ctx, (chunk, bytes) -> {
            share.grow(bytes);
            body.write(chunk, 0, bytes);
        });
        return body.toByteArray();
    }

    /** Reads a body that nobody wants, so that its sender gets to read the answer. Within the same bounds, but keeps nothing. */
    void drop(Context ctx) throws RefusedException {
        transfer(ctx, (chunk, bytes) -> {});
    }

    /** Takes what comes. */
    private interface Sink {
        void take(byte[] chunk, int bytes) throws RefusedException;
    }

    private void transfer(Context ctx, Sink sink) throws RefusedException {
        if (ctx.req().getContentLengthLong() > maxBytes) {
            throw RefusedException.tooLarge(maxBytes);
        }
        EndPoint connection = ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        long idleTimeout = connection.getIdleTimeout();
        try {
            transfer(ctx.req().getInputStream(), sink, connection);
        } catch (IOException e) {
            throw e.getCause() instanceof TimeoutException
                    ? RefusedException.tooSlow()
                    : RefusedException.invalidHttp();
        } finally {
            connection.setIdleTimeout(idleTimeout);
        }
    }

    private void transfer(InputStream stream, Sink sink, EndPoint connection) throws RefusedException, IOException {
        long start = System.nanoTime();
        long size = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        while (true) {
            // The connection ends a read for which nothing comes in what is left of the time.
            long left = WITHIN.minusNanos(System.nanoTime() - start).toMillis();
            if (left <= 0) {
                throw RefusedException.tooSlow();
            }
            connection.setIdleTimeout(left);
            int read = stream.read(chunk);
            if (read < 0) {
                return;
            }
            size += read;
            if (size > maxBytes) {
                throw RefusedException.tooLarge(maxBytes);
            }
            sink.take(chunk, read);
        }
    }
}
