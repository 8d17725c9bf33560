package dev.lethe.worker.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.Secret;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.Template;
import dev.lethe.worker.store.redis.RedisStoreConfig.Tls;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often a store waits for the server. The client writes to the network when a channel is flushed, and only then; so there are
 * no more round trips than flushes.
 */
class RedisRoundTripsIT {
    private static final int SUBJECTS = 500;

    private static Redis redis;

    private final AtomicInteger flushes = new AtomicInteger();
    private final List<Subject> subjects =
            IntStream.range(0, SUBJECTS).mapToObj(n -> subject("user-" + n)).toList();

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

    @Test
    void aBatchOf500SubjectsCostsTwoRoundTripsInFourPlaces() throws Exception {
        plant(subjects);

        try (ErasureStore store = open(List.of(Template.parse("session:{userId}")))) {
            store.count(subjects.subList(0, 1));

            flushes.set(0);
            assertThat(store.count(subjects))
                    .allSatisfy(remaining -> assertThat(remaining.total()).isEqualTo(4));
            assertThat(flushes).hasValue(2);

            flushes.set(0);
            assertThat(store.erase(subjects))
                    .allSatisfy(result -> assertThat(total(result)).isEqualTo(4));
            assertThat(flushes).hasValue(2);
        }
        assertThat(redis.contents()).isEmpty();
    }

    @Test
    void patternsOfABatchShareOnePassOverTheKeys() throws Exception {
        int others = 5_000;
        redis.ask(commands -> {
            for (int n = 0; n < others; n++) {
                commands.set("cart:other-" + n + ":1", "x");
            }
            subjects.forEach(subject -> commands.set("cart:" + subject.userId() + ":1", "x"));
            return commands.configResetstat();
        });

        try (ErasureStore store = open(List.of(Template.parse("cart:{userId}:*")))) {
            store.erase(subjects.subList(0, 1));
            redis.ask(commands -> commands.configResetstat());

            flushes.set(0);
            assertThat(store.erase(subjects).subList(1, SUBJECTS))
                    .allSatisfy(result -> assertThat(total(result)).isEqualTo(1));

            long scans = redis.ask(commands -> commands.info("commandstats"))
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_scan:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("cmdstat_scan:calls=(\\d+).*", "$1")))
                    .sum();
            // SCAN looks at 1,000 or a few more at a time, and keys that were unlinked meanwhile are no longer there.
            assertThat(scans).isBetween(others / 1_000L - 1, (others + SUBJECTS) / 1_000L + 2);
            assertThat(flushes).hasValueLessThanOrEqualTo((int) (2 + 2 * scans));
        }
        assertThat(redis.contents()).hasSize(others);
    }

    private ErasureStore open(List<Template> keys) {
        var members = List.of(Template.parse("{userId}"));
        var config = new RedisStoreConfig(
                List.of(redis.url()),
                false,
                Optional.of("lethe"),
                Optional.of(new Secret("s3cret")),
                Optional.empty(),
                new Tls(Optional.empty(), Optional.empty(), Optional.empty()),
                keys,
                Map.of("users", members),
                Map.of("online", members),
                Map.of("leaderboard", members),
                Map.of(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                10_000,
                1_000);
        return new RedisStore(
                "sessions", config, DefaultClientResources.builder().nettyCustomizer(counting()));
    }

    private NettyCustomizer counting() {
        return new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel channel) {
                channel.pipeline().addFirst(new ChannelDuplexHandler() {
                    @Override
                    public void flush(ChannelHandlerContext context) throws Exception {
                        flushes.incrementAndGet();
                        super.flush(context);
                    }
                });
            }
        };
    }

    private static void plant(List<Subject> subjects) {
        redis.ask(commands -> {
            for (Subject subject : subjects) {
                commands.set("session:" + subject.userId(), "x");
                commands.hset("users", subject.userId(), "x");
                commands.sadd("online", subject.userId());
                commands.zadd("leaderboard", 0, subject.userId());
            }
            return commands.ping();
        });
    }

    private static long total(StoreResult result) {
        return ((StoreResult.Settled) result)
                .targets().stream().mapToLong(TargetOutcome::items).sum();
    }

    private static Subject subject(String userId) {
        var hash = UUID.nameUUIDFromBytes(userId.getBytes(UTF_8));
        return new Subject(new SubjectKey(hash.toString().replace("-", "").substring(0, 22)), userId, null, Map.of());
    }
}
