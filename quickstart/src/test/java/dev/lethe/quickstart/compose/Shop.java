package dev.lethe.quickstart.compose;

import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The people of a composed installation: FusionAuth's users, and whoever is in the stores. */
final class Shop implements AutoCloseable {
    private final Compose compose;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService callers = Executors.newFixedThreadPool(8);
    private final AtomicInteger refused = new AtomicInteger();

    Shop(Compose compose) {
        this.compose = compose;
    }

    /** 200 if FusionAuth has the user, 404 if not. */
    int find(Person person) throws IOException, InterruptedException {
        return call("GET", "/api/user/" + person.id());
    }

    /** 200, or 504 if its webhook did not agree and the user is still there. */
    int delete(Person person) throws IOException, InterruptedException {
        return call("DELETE", "/api/user/" + person.id() + "?hardDelete=true");
    }

    private int call(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:9011" + path))
                .header("Authorization", compose.secret("FUSIONAUTH_API_KEY"))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.noBody());
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    /** Begins to delete these people, each of them again and again until FusionAuth says that it is done. */
    CompletableFuture<Void> deleteAll(List<Person> people) {
        return CompletableFuture.allOf(people.stream()
                .map(person -> CompletableFuture.runAsync(() -> deleteAsCallersDo(person), callers))
                .toArray(CompletableFuture[]::new));
    }

    private void deleteAsCallersDo(Person person) {
        await("FusionAuth agrees")
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    int status = delete(person);
                    if (status != 200) {
                        refused.incrementAndGet();
                    }
                    return status == 200;
                });
    }

    /** How many deletions were rolled back. */
    int refused() {
        return refused.get();
    }

    Set<UUID> customers() {
        return database("shop", "SELECT id FROM customers");
    }

    /** Whoever is in each of the stores, the customers first. */
    List<Set<UUID>> everybody() {
        return List.of(
                customers(),
                database("support", "SELECT DISTINCT requester_id FROM tickets"),
                redis("redis-cli --scan --pattern 'session:*' | cut -d: -f2"),
                redis("redis-cli --scan --pattern 'cart:*' | cut -d: -f2 | sort -u"),
                redis("redis-cli hkeys last-seen"),
                redis("redis-cli smembers online"));
    }

    private Set<UUID> database(String name, String query) {
        return ids(compose.exec(
                "postgres", "psql", "--username", "postgres", "--dbname", name, "-tA", "--command", query));
    }

    private Set<UUID> redis(String command) {
        return ids(compose.exec("redis", "sh", "-c", command));
    }

    private static Set<UUID> ids(List<String> lines) {
        return lines.stream().map(UUID::fromString).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        callers.shutdownNow();
        http.close();
    }
}
