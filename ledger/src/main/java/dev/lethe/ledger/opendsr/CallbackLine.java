package dev.lethe.ledger.opendsr;

import dev.lethe.cli.JsonText;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.opendsr.Docket.Due;
import dev.lethe.ledger.opendsr.Messages.StatusCallback;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls one address, which holds up no other: one call after the other, again and again until it takes it, for days. */
final class CallbackLine {
    private static final Logger log = LoggerFactory.getLogger(CallbackLine.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final int MOST_DOUBLINGS = 10;
    /** How long after a change its controller is told at the latest. */
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(7);

    private static final int MOST_AT_ONCE = 1000;
    /** Answers that say nothing of the address itself. */
    private static final Pattern OF_ONE_REQUEST = Pattern.compile("HTTP_(?!408|425|429)[34]\\d\\d");

    private final Callback callback;
    private final HttpClient client;
    private final Signer signer;
    private final Docket docket;
    private final JournalWriter journal;
    private final BooleanSupplier isUpToDate;
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    /** Told, and perhaps not in the database yet. */
    private final Set<Told> told = new HashSet<>();
    /** Told, and not in the journal yet. */
    private final Deque<CalledBack> unnoted = new ArrayDeque<>();

    /** What was not taken, and is tried again later. */
    private final Map<Told, Pause> pauses = new HashMap<>();

    private int failures;
    private Instant next = Instant.MIN;
    private volatile @Nullable Failing failing;

    private record Told(UUID requestId, int change) {}

    private record Pause(int failures, Instant until) {
        static final Pause NONE = new Pause(0, Instant.MIN);
    }

    private record Failing(Instant since, String code) {}

    CallbackLine(
            Callback callback,
            HttpClient client,
            Signer signer,
            Docket docket,
            JournalWriter journal,
            BooleanSupplier isUpToDate,
            MeterRegistry registry,
            InstantSource clock) {
        this.callback = callback;
        this.client = client;
        this.signer = signer;
        this.docket = docket;
        this.journal = journal;
        this.isUpToDate = isUpToDate;
        this.registry = registry;
        this.clock = clock;
        this.thread =
                Thread.ofVirtual().name("callbacks-" + callback.controller()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void close() {
        closed.countDown();
        thread.interrupt();
    }

    /** Since when the address does not take it, and why. */
    Optional<String> failing() {
        return Optional.ofNullable(failing)
                .map(it -> "controller " + callback.controller() + " can't be called back since " + it.since() + ": "
                        + it.code());
    }

    private void run() {
        try {
            while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (RuntimeException e) {
                    // The database or Kafka is away: the lanes say so.
                    log.debug("No callbacks: {}", e.getClass().getSimpleName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        if (clock.instant().isBefore(next) || !isUpToDate.getAsBoolean()) {
            return;
        }
        noteAgain();
        List<Due> all = docket.due(callback.fingerprint(), MOST_AT_ONCE);
        Set<Told> known = all.stream().map(CallbackLine::key).collect(Collectors.toSet());
        told.retainAll(known);
        pauses.keySet().retainAll(known);
        for (Due due : all) {
            Pause pause = pauses.getOrDefault(key(due), Pause.NONE);
            if (!told.contains(key(due)) && !clock.instant().isBefore(pause.until()) && !call(due, pause)) {
                return;
            }
        }
        if (pauses.isEmpty()) {
            failing = null;
        }
    }

    private static Told key(Due due) {
        return new Told(due.requestId(), due.change());
    }

    /** Says whether the address answers: what it does not take of one request it may take of the next. */
    private boolean call(Due due, Pause before) throws InterruptedException {
        Optional<String> failure = post(due);
        if (failure.isEmpty()) {
            failures = 0;
            pauses.remove(key(due));
            note(due, true);
            return true;
        }
        count("failed");
        log.warn("Controller {} was not told of request {}: {}", callback.controller(), due.requestId(), failure.get());
        Failing since = failing;
        Instant now = clock.instant();
        failing = new Failing(since == null ? now : since.since(), failure.get());
        if (due.at().plus(GIVEN_UP_AFTER).isBefore(now)) {
            pauses.remove(key(due));
            note(due, false);
        } else {
            pauses.put(key(due), new Pause(before.failures() + 1, now.plus(pause(before.failures()))));
        }
        boolean isOfThisRequest = OF_ONE_REQUEST.matcher(failure.get()).matches();
        if (!isOfThisRequest) {
            next = now.plus(pause(failures++));
        }
        return isOfThisRequest;
    }

    private static Duration pause(int failures) {
        long millis = FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS);
        return Duration.ofMillis(Math.min(LONGEST_PAUSE.toMillis(), millis));
    }

    /** What went wrong; empty if the address took it. */
    private Optional<String> post(Due due) throws InterruptedException {
        byte[] body = JsonText.of(new StatusCallback(
                        callback.controller(),
                        due.dueBy(),
                        callback.url().toString(),
                        due.subjectRequestId(),
                        due.status(),
                        Messages.VERSION))
                .getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(callback.url())
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        signer.headers(body).forEach(request::header);
        try {
            int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? Optional.empty() : Optional.of("HTTP_" + status);
        } catch (HttpTimeoutException e) {
            return Optional.of("TIMEOUT");
        } catch (IOException e) {
            // Its words could repeat the address.
            return Optional.of("UNREACHABLE");
        }
    }

    private void note(Due due, boolean delivered) throws InterruptedException {
        told.add(key(due));
        unnoted.add(new CalledBack(
                due.requestId(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                callback.fingerprint(),
                due.change(),
                delivered));
        count(delivered ? "delivered" : "given-up");
        noteAgain();
    }

    private void noteAgain() throws InterruptedException {
        while (!unnoted.isEmpty()) {
            journal.write(unnoted.getFirst());
            unnoted.removeFirst();
        }
    }

    private void count(String outcome) {
        registry.counter("lethe.ledger.callbacks", "controller", callback.controller(), "outcome", outcome)
                .increment();
    }
}
