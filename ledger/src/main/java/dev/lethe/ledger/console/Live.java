package dev.lethe.ledger.console;

import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages that something has changed, by server-sent events: not what, so that a page shows what its reader may see.
 * One look at the ledger serves all of them.
 */
public final class Live implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(400);
    private static final int LOOKS_PER_HEARTBEAT = 25;
    private static final int MOST_CLIENTS = 500;
    private static final String CHANGE = "change";
    /** Browsers drop an event without data. */
    private static final String LEDGER = "ledger";

    private static final Logger log = LoggerFactory.getLogger(Live.class);

    /** A page, and whether whoever looks at it still may. */
    private record Client(SseClient connection, BooleanSupplier mayStay) {}

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final LongSupplier position;
    private final AtomicLong changes = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private long lastPosition = -1;
    private long lastChanges;

    /** @param position how far the ledger has read; asked while somebody listens */
    public Live(LongSupplier position) {
        this.position = position;
        Thread.ofPlatform().daemon().name("live").start(this::run);
    }

    /** Something has changed that the position does not tell. */
    public void changed() {
        changes.incrementAndGet();
    }

    /** Adds a page. */
    public void join(SseClient connection, BooleanSupplier mayStay) {
        if (clients.size() >= MOST_CLIENTS) {
            connection.close();
            return;
        }
        var client = new Client(connection, mayStay);
        connection.keepAlive();
        connection.onClose(() -> clients.remove(client));
        clients.add(client);
        // What has changed since the page was made: nobody else remembers.
        connection.sendEvent(CHANGE, LEDGER);
    }

    private void run() {
        try {
            for (long look = 1; !closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS); look++) {
                if (!clients.isEmpty()) {
                    tell(hasChanged(), look % LOOKS_PER_HEARTBEAT == 0);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasChanged() {
        try {
            long now = position.getAsLong();
            long others = changes.get();
            boolean changed = now != lastPosition || others != lastChanges;
            lastPosition = now;
            lastChanges = others;
            return changed;
        } catch (RuntimeException e) {
            // The database is away: there is nothing new to show.
            return false;
        }
    }

    private void tell(boolean changed, boolean heartbeat) {
        clients.removeIf(client -> !isTold(client, changed, heartbeat));
    }

    /** False if the page is gone. */
    private static boolean isTold(Client client, boolean changed, boolean heartbeat) {
        try {
            if (heartbeat && !client.mayStay().getAsBoolean()) {
                client.connection().close();
            } else if (changed) {
                client.connection().sendEvent(CHANGE, LEDGER);
            } else if (heartbeat) {
                client.connection().sendComment("here");
            }
            return true;
        } catch (RuntimeException e) {
            log.debug("A page is gone: {}", e.getClass().getSimpleName());
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        clients.forEach(client -> client.connection().close());
    }
}
