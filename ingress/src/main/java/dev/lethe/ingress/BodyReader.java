package dev.lethe.ingress;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** Reads a body within bounds of size, time and memory. */
final class BodyReader {
    /** FusionAuth sends its events at once; whoever takes longer than this holds up only himself. */
    private static final Duration WITHIN = Duration.ofSeconds(1);

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
        // Ends a read that waits for a caller who sends nothing; the loop ends one who sends a little now and then.
        connection.setIdleTimeout(WITHIN.toMillis());
        try {
            return read(ctx.req().getInputStream(), declared, share);
        } catch (IOException e) {
            throw RefusedException.tooSlow();
        } finally {
            connection.setIdleTimeout(idleTimeout);
        }
    }

    private byte[] read(InputStream stream, long declared, Capacity.Share share) throws RefusedException, IOException {
        long start = System.nanoTime();
        var body = new ByteArrayOutputStream(Math.clamp(declared, 0, CHUNK_BYTES));
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
            share.grow(read);
            body.write(chunk, 0, read);
            if (body.size() > maxBytes) {
                throw RefusedException.tooLarge(maxBytes);
            }
            if (System.nanoTime() - start > WITHIN.toNanos()) {
                throw RefusedException.tooSlow();
            }
        }
        return body.toByteArray();
    }
}
