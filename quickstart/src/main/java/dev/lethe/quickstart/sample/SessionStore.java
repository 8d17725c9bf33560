package dev.lethe.quickstart.sample;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A Redis: sessions and shopping carts in keys of their own, a hash of when people were last seen, a set of who is online. */
public final class SessionStore implements SampleStore, AutoCloseable {
    public static final String SESSION = "session:{userId}";
    public static final String CART = "cart:{userId}:*";
    public static final String LAST_SEEN = "last-seen";
    public static final String ONLINE = "online";

    public static final List<String> TARGETS = List.of(SESSION, CART, LAST_SEEN, ONLINE);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    public SessionStore(String url) {
        client = RedisClient.create(url);
        try {
            connection = client.connect();
        } catch (RuntimeException e) {
            client.shutdown();
            throw e;
        }
    }

    /** A session of everybody, one or two carts each, and every other person online. What is there already stays as it is. */
    public void fill(List<Person> people) {
        RedisAsyncCommands<String, String> redis = connection.async();
        var writes = new ArrayList<RedisFuture<?>>();
        connection.setAutoFlushCommands(false);
        for (int i = 0; i < people.size(); i++) {
            Person person = people.get(i);
            String session = "{\"name\":\"%s\",\"from\":\"192.0.2.%d\"}".formatted(person.fullName(), i % 256);
            writes.add(redis.set(session(person.id()), session, SetArgs.Builder.nx()));
            for (int cart = 1; cart <= 1 + i % 2; cart++) {
                writes.add(redis.hsetnx("cart:" + person.id() + ":" + cart, "article " + i % 97, "1"));
            }
            writes.add(redis.hsetnx(LAST_SEEN, person.id().toString(), "2026-11-%02dT08:00:00Z".formatted(1 + i % 28)));
            if (i % 2 == 1) {
                writes.add(redis.sadd(ONLINE, person.id().toString()));
            }
        }
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
        await(writes);
    }

    @Override
    public Map<String, Long> itemsOf(UUID person) {
        RedisAsyncCommands<String, String> redis = connection.async();
        RedisFuture<Long> session = redis.exists(session(person));
        RedisFuture<List<String>> carts = redis.keys("cart:" + person + ":*");
        RedisFuture<Boolean> lastSeen = redis.hexists(LAST_SEEN, person.toString());
        RedisFuture<Boolean> online = redis.sismember(ONLINE, person.toString());
        await(List.of(session, carts, lastSeen, online));
        var items = new LinkedHashMap<String, Long>();
        items.put(SESSION, session.resultNow());
        items.put(CART, (long) carts.resultNow().size());
        items.put(LAST_SEEN, lastSeen.resultNow() ? 1L : 0L);
        items.put(ONLINE, online.resultNow() ? 1L : 0L);
        return items;
    }

    @Override
    public Map<String, Digest> digestWithout(Collection<UUID> people) {
        RedisAsyncCommands<String, String> redis = connection.async();
        RedisFuture<List<String>> keys = redis.keys("*");
        RedisFuture<Map<String, String>> lastSeen = redis.hgetall(LAST_SEEN);
        RedisFuture<Set<String>> online = redis.smembers(ONLINE);
        await(List.of(keys, lastSeen, online));
        var sessions = contents(keys.resultNow(), "session:", redis::get);
        var carts = contents(keys.resultNow(), "cart:", redis::hgetall);
        List<String> ids = people.stream().map(UUID::toString).toList();
        var digests = new LinkedHashMap<String, Digest>();
        digests.put(SESSION, digest(sessions, ids));
        digests.put(CART, digest(carts, ids));
        digests.put(LAST_SEEN, digest(lastSeen.resultNow(), ids));
        digests.put(ONLINE, digest(online.resultNow().stream().collect(Collectors.toMap(id -> id, id -> "")), ids));
        return digests;
    }

    /** What is in the keys that begin so, read in one go. */
    private static <T> Map<String, T> contents(
            List<String> keys, String beginning, Function<String, RedisFuture<T>> read) {
        var reads = new HashMap<String, RedisFuture<T>>();
        keys.stream().filter(key -> key.startsWith(beginning)).forEach(key -> reads.put(key, read.apply(key)));
        await(reads.values());
        var contents = new HashMap<String, T>();
        reads.forEach((key, content) -> contents.put(key, content.resultNow()));
        return contents;
    }

    private static Digest digest(Map<String, ?> items, List<String> without) {
        return Digest.of(items.entrySet().stream()
                .filter(item -> without.stream().noneMatch(item.getKey()::contains))
                .map(item -> item.getKey() + " " + item.getValue())
                .sorted()
                .toList());
    }

    private static void await(Collection<? extends RedisFuture<?>> replies) {
        if (!LettuceFutures.awaitAll(PATIENCE, replies.toArray(RedisFuture[]::new))) {
            throw new IllegalStateException("Redis did not answer within " + PATIENCE);
        }
    }

    private static String session(UUID person) {
        return "session:" + person;
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
