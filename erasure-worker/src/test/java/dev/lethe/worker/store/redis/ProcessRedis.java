package dev.lethe.worker.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis in a process of this machine. */
final class ProcessRedis implements Redis.Server {
    private final RedisServer server;

    ProcessRedis(int port, List<String> configuration) {
        try {
            RedisServerBuilder builder = RedisServer.newRedisServer().port(port).onShutdownForceStop(true);
            configuration.forEach(builder::setting);
            server = builder.build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void kill() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
