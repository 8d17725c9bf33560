package dev.lethe.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears from the database whose last row is gone, once that is committed. */
final class GoneListener implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOK_UP_MILLIS = 100;

    private final Connection connection;
    private final Map<String, Long> gone = new ConcurrentHashMap<>();
    private final Thread listening = Thread.ofPlatform().name("gone").unstarted(this::listen);
    private volatile boolean closed;

    GoneListener(String url) throws SQLException {
        connection = DriverManager.getConnection(url, "postgres", "postgres");
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN gone");
        }
        listening.start();
    }

    private void listen() {
        try {
            PGConnection notified = connection.unwrap(PGConnection.class);
            while (!closed) {
                PGNotification[] news = notified.getNotifications(LOOK_UP_MILLIS);
                long now = System.nanoTime();
                for (PGNotification person : news == null ? new PGNotification[0] : news) {
                    gone.put(person.getParameter(), now);
                }
            }
        } catch (SQLException e) {
            // Nobody is gone from here on, which fails the measurement.
        }
    }

    /** When each of them was gone, by {@link System#nanoTime}; waits until all are. */
    Map<String, Long> await(Collection<String> people) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!gone.keySet().containsAll(people)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not everybody is gone after " + PATIENCE);
            }
            Thread.sleep(20);
        }
        return Map.copyOf(gone);
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        connection.close();
    }
}
