package dev.lethe.ingress;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections on which headers don't come to an end, TLS handshakes included. An idle time-out only sees that bytes come,
 * however few: with one now and then, a caller could keep a connection for ever, and {@code maxConnections} of them keep
 * everybody else out.
 */
final class HeaderTimeout extends AbstractLifeCycle implements Connection.Listener {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final long timeoutNanos;
    private final Scheduler scheduler;
    private final IngressMetrics metrics;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();

    HeaderTimeout(Duration timeout, Scheduler scheduler, IngressMetrics metrics) {
        this.timeoutNanos = timeout.toNanos();
        this.scheduler = scheduler;
        this.metrics = metrics;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    @Override
    public void onOpened(Connection connection) {
        // The one of TLS counts no requests; the one of HTTP is opened with it.
        if (connection.getMessagesIn() >= 0) {
            open.put(connection, Progress.of(connection));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    private void lookLater() {
        scheduler.schedule(this::look, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        open.replaceAll((connection, last) -> last.next(connection));
        open.forEach((connection, progress) -> {
            if (System.nanoTime() - progress.since() > timeoutNanos && open.remove(connection) != null) {
                connection.getEndPoint().close();
                metrics.endedConnection();
            }
        });
        if (isRunning()) {
            lookLater();
        }
    }

    /**
     * How far a connection had come.
     *
     * @param requests whose headers were complete
     * @param responses of these
     * @param bytes that had come
     * @param since when the connection has owed the headers of a request, by {@link System#nanoTime}
     */
    private record Progress(long requests, long responses, long bytes, long since) {
        static Progress of(Connection connection) {
            return new Progress(
                    connection.getMessagesIn(),
                    connection.getMessagesOut(),
                    connection.getBytesIn(),
                    System.nanoTime());
        }

        Progress next(Connection connection) {
            Progress now = of(connection);
            boolean answering = now.requests > now.responses;
            boolean moved = now.requests != requests || now.responses != responses;
            boolean betweenRequests = now.requests > 0 && now.bytes == bytes;
            return answering || moved || betweenRequests ? now : this;
        }
    }
}
