package dev.lethe.ingress.authentication;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a JWKS, fetched ahead and kept. An answer replaces all of them, so that a key that was revoked is
 * forgotten; without an answer they stay. Fetches in the background, one at a time: now, every ten minutes, every five
 * seconds while there is no key, and for a call that names an allowed key which is not there yet.
 */
final class JwksKeys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JwksKeys.class);

    private static final Duration BETWEEN_REFRESHES = Duration.ofMinutes(10);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);
    private static final Duration BETWEEN_DEMANDS = Duration.ofMinutes(1);

    /** What a call can spare of the two seconds after which FusionAuth hangs up. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Calls that wait keep a thread of the server's; whoever sends many must not keep them all. */
    private static final int MOST_WAITING = 32;

    private final JwksEndpoint endpoint;
    private final InstantSource clock;
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jwks").factory());

    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private volatile Map<String, VerificationKey> keys = Map.of();
    private volatile String trouble = "not fetched yet";

    /** The last refresh that was demanded, done or not; the first of all counts. Guarded by this, as is the next. */
    private Future<?> demanded;

    private Instant nextDemand;

    /** Starts to fetch, and does not wait for it. */
    JwksKeys(JwksEndpoint endpoint, InstantSource clock) {
        this.endpoint = endpoint;
        this.clock = clock;
        this.nextDemand = clock.instant().plus(BETWEEN_DEMANDS);
        this.demanded = background.submit(this::refreshRegularly);
    }

    /** Waits up to 500 ms if the key is allowed but not there; for the first such call in a minute, it is looked for. */
    Optional<VerificationKey> find(String kid) {
        VerificationKey key = keys.get(kid);
        if (key == null && endpoint.kids().contains(kid)) {
            await(demandRefresh());
            key = keys.get(kid);
        }
        return Optional.ofNullable(key);
    }

    /** Why there is no key at all; empty if there is one. */
    List<String> problems() {
        return keys.isEmpty()
                ? List.of("no key to verify webhook signatures with, from " + endpoint.url() + ": " + trouble)
                : List.of();
    }

    private synchronized Future<?> demandRefresh() {
        Instant now = clock.instant();
        if (!now.isBefore(nextDemand) && !background.isShutdown()) {
            nextDemand = now.plus(BETWEEN_DEMANDS);
            demanded = background.submit(this::refresh);
        }
        return demanded;
    }

    private void await(Future<?> refresh) {
        if (!waiting.tryAcquire()) {
            return;
        }
        try {
            refresh.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Then the key is looked for where it is not, and the call is refused.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.release();
        }
    }

    private void refreshRegularly() {
        refresh();
        Duration pause = keys.isEmpty() ? BETWEEN_TRIES : BETWEEN_REFRESHES;
        // Several ingresses started at once should not ask at once for ever.
        long jittered = (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
        if (!background.isShutdown()) {
            var unused = background.schedule(this::refreshRegularly, jittered, TimeUnit.MILLISECONDS);
        }
    }

    private void refresh() {
        try {
            Map<String, VerificationKey> fetched = endpoint.fetch();
            if (!fetched.keySet().equals(keys.keySet())) {
                log.info("Keys for webhook signatures: {}", fetched.keySet());
            }
            keys = Map.copyOf(fetched);
            report(fetched.isEmpty() ? "none of the allowed kids is listed there, see signature.kids" : "");
        } catch (IOException e) {
            report(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(String found) {
        if (!found.equals(trouble) && !found.isEmpty()) {
            log.warn("JWKS {}: {}; {} keys are known", endpoint.url(), found, keys.size());
        }
        trouble = found;
    }

    @Override
    public void close() {
        background.shutdownNow();
        endpoint.close();
    }
}
