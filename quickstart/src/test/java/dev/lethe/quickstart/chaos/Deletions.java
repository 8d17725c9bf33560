package dev.lethe.quickstart.chaos;

import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Deletes people at a steady rate, as FusionAuth and whoever calls it do: a webhook that is not answered 200 within 2 s rolls
 * the deletion back, and the caller deletes again, which is another event.
 */
final class Deletions implements AutoCloseable {
    /** FusionAuth's {@code readTimeout}. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int CALLERS = 48;
    private static final long AGAIN_AFTER_MILLIS = 500;

    private final URI webhook;
    private final String key;
    private final HttpClient http;
    private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(CALLERS);
    private final Map<UUID, Accepted> accepted = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final CountDownLatch open;

    /** @param at when the ingress had answered 200 */
    record Accepted(Person person, Instant at) {}

    private Deletions(Installation installation, int number) {
        webhook = URI.create(installation.webhookUrl());
        key = installation.ingressKey();
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        open = new CountDownLatch(number);
    }

    /** Begins to delete these people, evenly spread over a time. */
    static Deletions begin(Installation installation, List<Person> people, Duration over) {
        var deletions = new Deletions(installation, people.size());
        for (int i = 0; i < people.size(); i++) {
            Person person = people.get(i);
            deletions.callers.schedule(
                    () -> deletions.delete(person), over.toNanos() * i / people.size(), TimeUnit.NANOSECONDS);
        }
        return deletions;
    }

    /** Whether everybody's deletion is answered 200 within this time. */
    boolean await(Duration most) throws InterruptedException {
        return open.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** By the id of the event. */
    Map<UUID, Accepted> accepted() {
        return accepted;
    }

    /** What became of the events, in words: those that were not accepted were repeated as others. */
    String summary() {
        return "%d deletions accepted, %d open; %d events refused, %d unanswered or lost"
                .formatted(accepted.size(), open.getCount(), refused.get(), unanswered.get());
    }

    /** Answers other than 200 and 503. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    private void delete(Person person) {
        UUID event = UUID.randomUUID();
        try {
            int status =
                    http.send(request(event, person), BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                accepted.put(event, new Accepted(person, Instant.now()));
                open.countDown();
                return;
            }
            refused.incrementAndGet();
            if (status != 503) {
                surprises.add("answer " + status);
            }
        } catch (IOException e) {
            // Nobody there, or no answer in time: whether it is committed, nobody knows.
            unanswered.incrementAndGet();
        } catch (InterruptedException e) {
            return;
        }
        callers.schedule(() -> delete(person), AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private HttpRequest request(UUID event, Person person) {
        String body = """
                {"event":{"id":"%s","type":"user.delete","tenantId":"%s","createInstant":%d,
                 "user":{"id":"%s","email":"%s","username":"%s"}}}
                """.formatted(
                event, Installation.TENANT, System.currentTimeMillis(), person.id(), person.email(), person.username());
        return HttpRequest.newBuilder(webhook)
                .timeout(PATIENCE)
                .header("Authorization", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public void close() {
        callers.shutdownNow();
        http.shutdownNow();
        http.close();
    }
}
