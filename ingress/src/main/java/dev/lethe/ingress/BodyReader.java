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

    byte[] read(Context ctx, Capacity.Share share) throws RefusedException {
        long declared = ctx.req().getContentLengthLong();
        if (declared > maxBytes) {
            throw RefusedException.tooLarge(maxBytes);
        }
        EndPoint connection = ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        long idleTimeout = connection.getIdleTimeout();
        try {
            return read(ctx.req().getInputStream(), declared, share, connection);
        } catch (IOException e) {
            throw e.getCause() instanceof TimeoutException
                    ? RefusedException.tooSlow()
                    : RefusedException.invalidHttp();
        } finally {
            connection.setIdleTimeout(idleTimeout);
        }
    }

    private byte[] read(InputStream stream, long declared, Capacity.Share share, EndPoint connection)
            throws RefusedException, IOException {
        long start = System.nanoTime();
        var body = new ByteArrayOutputStream(Math.clamp(declared, 0, CHUNK_BYTES));
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
                return body.toByteArray();
            }
            share.grow(read);
            body.write(chunk, 0, read);
            if (body.size() > maxBytes) {
                throw RefusedException.tooLarge(maxBytes);
            }
        }
    }
}
