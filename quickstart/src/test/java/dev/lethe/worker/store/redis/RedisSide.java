package dev.lethe.worker.store.redis;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.nio.file.Path;
import java.util.List;

/** A Redis with sessions, carts and a hash of names. */
public final class RedisSide implements Side {
    private final Redis server;

    public RedisSide(Path directory) {
        server = new Redis(directory);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public String configuration() {
        return ("{ type: redis, url: \"%s\", connectTimeout: PT1S, keys: [ \"session:{userId}\", \"cart:{userId}:*\" ],"
                        + " hashes: { names: \"{userId}\" } }")
                .formatted(server.url());
    }

    @Override
    public void plant(List<Subject> subjects) {
        server.ask(redis -> {
            for (Subject subject : subjects) {
                redis.set("session:" + subject.userId(), "x");
                redis.set("cart:" + subject.userId() + ":1", "x");
                redis.hset("names", subject.userId(), "x");
            }
            return null;
        });
    }

    @Override
    public List<String> contents() {
        return server.contents();
    }

    @Override
    public void cutOff() {
        server.kill();
    }

    @Override
    public void bringBack() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }
}
