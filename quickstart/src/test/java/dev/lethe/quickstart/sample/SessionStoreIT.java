package dev.lethe.quickstart.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.server.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStoreIT {

    private static final List<Person> PEOPLE = People.generate(300, 7);

    @TempDir
    static Path directory;

    private static RedisServer redis;
    private static SessionStore sessions;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(directory, 0);
        sessions = new SessionStore(redis.url());
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            sessions.close();
            client.shutdown();
            redis.close();
        }
    }

    @BeforeEach
    void fill() {
        commands.flushall();
        sessions.fill(PEOPLE);
    }

    @Test
    void hasASessionAndCartsOfEverybodyAndEveryOtherPersonOnline() {
        assertThat(sessions.itemsOf(PEOPLE.get(3).id()))
                .isEqualTo(Map.of("session:{userId}", 1L, "cart:{userId}:*", 2L, "last-seen", 1L, "online", 1L));
        assertThat(sessions.itemsOf(PEOPLE.get(4).id()))
                .containsEntry("cart:{userId}:*", 1L)
                .containsEntry("online", 0L);
        assertThat(sessions.itemsOf(UUID.randomUUID()).values()).containsOnly(0L);
        assertThat(sessions.digestWithout(List.of()).get("session:{userId}").items())
                .isEqualTo(300);
    }

    @Test
    void addsWhatIsMissingWhenFilledAgainAndNothingElse() {
        Map<String, Digest> before = sessions.digestWithout(List.of());
        UUID person = PEOPLE.get(7).id();
        commands.del("session:" + person, "cart:" + person + ":1", "cart:" + person + ":2");
        commands.hdel("last-seen", person.toString());
        commands.srem("online", person.toString());
        assertThat(sessions.itemsOf(person).values()).containsOnly(0L);

        sessions.fill(PEOPLE);

        assertThat(sessions.digestWithout(List.of())).isEqualTo(before);
    }

    @Test
    void noticesAChangeToANeighbourButNotToThePersonLeftOut() {
        List<UUID> person = List.of(PEOPLE.get(11).id());
        Map<String, Digest> before = sessions.digestWithout(person);

        commands.del("session:" + person.getFirst());
        commands.hset("cart:" + person.getFirst() + ":1", "another article", "1");
        commands.srem("online", person.getFirst().toString());
        assertThat(sessions.digestWithout(person)).isEqualTo(before);

        UUID neighbour = PEOPLE.get(13).id();
        String cart = "cart:" + neighbour + ":1";
        commands.hset(cart, "another article", "1");
        assertThat(sessions.digestWithout(person).get("cart:{userId}:*")).isNotEqualTo(before.get("cart:{userId}:*"));
        commands.hdel(cart, "another article");
        commands.srem("online", neighbour.toString());
        assertThat(sessions.digestWithout(person).get("online")).isNotEqualTo(before.get("online"));
    }
}
