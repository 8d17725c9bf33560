package dev.lethe.quickstart.ingress;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Callers who call one ingress at a fixed pace, each on a connection of his own, and what became of it. A caller whose
 * connection breaks takes a new one.
 */
final class Load implements AutoCloseable {
    private final int port;
    private final ScheduledExecutorService threads;
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Unanswered> unanswered = new ConcurrentLinkedQueue<>();
    private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    private final Set<UUID> unknown = ConcurrentHashMap.newKeySet();

    /** @param kind what was wrong with the call, or {@code valid} */
    record Answered(String kind, Reply reply) {}

    /**
     * @param eventId of a valid call; any other's is in no log
     * @param sentAt in nanoseconds, as {@link System#nanoTime} counts them
     */
    record Unanswered(String kind, UUID eventId, long sentAt, IOException why) {}

    /** One way of calling: gets an answer on this connection. */
    interface Caller {
        Reply call(Connection connection) throws IOException;
    }

    Load(int port, int callers) {
        this.port = port;
        this.threads = Executors.newScheduledThreadPool(
                callers, Thread.ofPlatform().daemon().name("caller-", 0).factory());
    }

    /** Callers of events that are ours, each with an id of its own. */
    Load valid(int callers, Duration pause, String more) {
        for (int i = 0; i < callers; i++) {
            repeat(pause, new Keeping() {
                @Override
                void call() throws IOException {
                    UUID id = UUID.randomUUID();
                    String event = Call.event(id, UUID.randomUUID()).replace("\"user\":{", "\"user\":{" + more);
                    long start = System.nanoTime();
                    try {
                        Reply reply = connection().call(Call.of(event).bytes());
                        answers.add(new Answered("valid", reply));
                        if (reply.isAccepted()) {
                            accepted.add(id);
                        } else if (reply.isOutcomeUnknown()) {
                            unknown.add(id);
                        }
                        if (reply.headers().getOrDefault("connection", "").equals("close")) {
                            hangUp();
                        }
                    } catch (IOException e) {
                        unanswered.add(new Unanswered("valid", id, start, e));
                        throw e;
                    }
                }
            });
        }
        return this;
    }

    /** Callers with something wrong, each call on a new connection. */
    Load wrong(String kind, int callers, Duration pause, Caller caller) {
        for (int i = 0; i < callers; i++) {
            repeat(pause, new Keeping() {
                @Override
                void call() throws IOException {
                    hangUp();
                    long start = System.nanoTime();
                    try {
                        answers.add(new Answered(kind, caller.call(connection())));
                    } catch (IOException e) {
                        unanswered.add(new Unanswered(kind, UUID.randomUUID(), start, e));
                        throw e;
                    }
                }
            });
        }
        return this;
    }

    private void repeat(Duration pause, Keeping caller) {
        threads.scheduleWithFixedDelay(caller, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets every caller have his last answer. */
    void stop() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new AssertionError("callers still wait for an answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<Answered> answers() {
        return List.copyOf(answers);
    }

    List<Unanswered> unanswered() {
        return List.copyOf(unanswered);
    }

    Set<UUID> accepted() {
        return Set.copyOf(accepted);
    }

    /** Answered 503 with the outcome unknown. */
    Set<UUID> unknown() {
        return Set.copyOf(unknown);
    }

    /** How often which answer was given to whom, and how long the longest took. */
    String summary() {
        Map<String, List<Duration>> byAnswer = answers.stream()
                .collect(Collectors.groupingBy(
                        answered -> answered.kind() + " → " + answered.reply().status() + " "
                                + answered.reply().says(),
                        TreeMap::new,
                        Collectors.mapping(answered -> answered.reply().took(), Collectors.toList())));
        var lines = new ArrayList<String>();
        byAnswer.forEach((answer, took) -> {
            took.sort(Comparator.naturalOrder());
            lines.add("%-45s %7d   p50 %5d ms   p99 %5d ms   max %5d ms"
                    .formatted(
                            answer,
                            took.size(),
                            took.get(took.size() / 2).toMillis(),
                            took.get((int) (took.size() * 0.99)).toMillis(),
                            took.getLast().toMillis()));
        });
        lines.add("without an answer: " + unanswered.size());
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Somebody who keeps his connection. */
    private abstract class Keeping implements Runnable {
        private Connection connection;

        abstract void call() throws IOException;

        Connection connection() throws IOException {
            if (connection == null) {
                connection = new Connection(port);
            }
            return connection;
        }

        void hangUp() throws IOException {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }

        @Override
        public void run() {
            try {
                call();
            } catch (IOException e) {
                brokenBy(e);
            }
        }

        private void brokenBy(IOException e) {
            try {
                hangUp();
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
        }
    }
}
