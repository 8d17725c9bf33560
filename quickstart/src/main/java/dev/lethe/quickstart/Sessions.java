package dev.lethe.quickstart;

import dev.lethe.quickstart.sample.SampleStore;
import dev.lethe.quickstart.sample.SessionStore;
import dev.lethe.quickstart.server.RedisServer;

/** A cache: a real Redis with sessions and shopping carts. */
final class Sessions implements FurtherStore {
    private final RedisServer redis;
    private final SessionStore contents;

    private Sessions(RedisServer redis, SessionStore contents) {
        this.redis = redis;
        this.contents = contents;
    }

    static Sessions start(Site site) {
        RedisServer redis = site.progress()
                .timed(
                        "Redis",
                        () -> RedisServer.start(
                                site.directory().resolve("redis"), site.ports().applyAsInt(6379)),
                        server -> "127.0.0.1:" + server.port());
        try {
            return site.progress()
                    .timed(
                            "sessions",
                            () -> filled(redis, site),
                            sessions -> site.people().size() + " people, " + String.join(", ", SessionStore.TARGETS));
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    private static Sessions filled(RedisServer redis, Site site) {
        var contents = new SessionStore(redis.url());
        try {
            contents.fill(site.people());
            return new Sessions(redis, contents);
        } catch (RuntimeException e) {
            contents.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public String yaml() {
        return """
                type: redis
                url: %s
                keys: ["%s", "%s"]  # one key, and a pattern
                hashes: { %s: "{userId}" }  # a field of a hash
                sets: { %s: "{userId}" }       # a member of a set
                """.formatted(
                redis.url(), SessionStore.SESSION, SessionStore.CART, SessionStore.LAST_SEEN, SessionStore.ONLINE);
    }

    @Override
    public SampleStore contents() {
        return contents;
    }

    @Override
    public void close() {
        contents.close();
        redis.close();
    }
}
