package dev.lethe.worker.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.Secret;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.StoreContract;
import dev.lethe.worker.store.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisStoreIT extends StoreContract {
    private static Redis redis;

    @BeforeAll
    static void start(@TempDir Path directory) {
        redis = new Redis(directory, "user lethe on >s3cret ~* +@all");
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.ask(commands -> commands.flushall());
    }

    @Override
    protected ErasureStore open() {
        return new RedisStore("sessions", config(redis.url(), "s3cret", "users", "online"));
    }

    static RedisStoreConfig config(String url, String password, String hash, String set) {
        return new RedisStoreConfig(
                List.of(url),
                false,
                Optional.of("lethe"),
                Optional.of(new Secret(password)),
                Optional.empty(),
                new RedisStoreConfig.Tls(Optional.empty(), Optional.empty(), Optional.empty()),
                List.of(Template.parse("session:{userId}"), Template.parse("cart:{userId}:*")),
                Map.of(hash, List.of(Template.parse("{userId}"), Template.parse("by-mail:{email}"))),
                Map.of(set, List.of(Template.parse("{userId}"))),
                Map.of("leaderboard", List.of(Template.parse("{userId}"))),
                Map.of("events", Map.of("from", Template.parse("{userId}"), "to", Template.parse("{userId}"))),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                10_000,
                1_000);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return new RedisStore("sessions", config(redis.url(), "wrong", "users", "online"));
    }

    /** In Redis, what is empty does not exist; missing is what is something else. */
    @Override
    protected ErasureStore openWithMissingTarget() {
        return new RedisStore("sessions", config(redis.url(), "s3cret", "online", "users"));
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        String id = subject.userId();
        redis.ask(commands -> {
            commands.set("session:" + id, "x");
            commands.set("cart:" + id + ":1", "x");
            commands.hset("cart:" + id + ":2", "article", "3");
            commands.hset("users", id, "x");
            commands.hset("users", "by-mail:" + subject.values("email").getFirst(), "x");
            commands.sadd("online", id);
            commands.zadd("leaderboard", 1.5, id);
            commands.xadd("events", "from", id);
            return commands.xadd("events", "to", id, "from", id);
        });
        var items = new LinkedHashMap<String, Long>();
        items.put("session:{userId}", 1L);
        items.put("cart:{userId}:*", 2L);
        items.put("users", 2L);
        items.put("online", 1L);
        items.put("leaderboard", 1L);
        items.put("events", 2L);
        return items;
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        redis.ask(commands -> commands.xadd("events", "from", one.userId(), "to", other.userId()));
        return Map.of("events", 1L);
    }

    @Override
    protected List<String> contents() {
        return redis.contents();
    }

    @Override
    protected void cutOff() {
        redis.kill();
    }

    @Override
    protected void bringBack() {
        redis.restart();
    }

    @Test
    void everybodyWhoHoldsSomethingIsListed() throws Exception {
        List<Subject> people = subjects(0, 300);
        people.forEach(this::plant);
        var listed = new TreeSet<String>();
        int pages = 0;

        try (var store = (RedisStore) open()) {
            Optional<String> after = Optional.empty();
            do {
                HolderListing.Page page = store.holders(after, 50);
                listed.addAll(page.userIds());
                after = page.next();
                pages++;
            } while (after.isPresent());
        }

        assertThat(listed).containsAll(people.stream().map(Subject::userId).toList());
        assertThat(pages).as("more than one step").isGreaterThan(5);
    }
}
