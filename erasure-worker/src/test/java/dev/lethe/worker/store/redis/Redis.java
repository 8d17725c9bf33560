package dev.lethe.worker.store.redis;

import static org.awaitility.Awaitility.await;

import dev.lethe.containers.ServerContainer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A real Redis that can be killed and brought back with what it held: a process, or with {@code -Pcontainers} a container.
 */
final class Redis implements AutoCloseable {
    private final int port;
    private final Server server;

    /** On a free port, with further lines of its configuration. */
    Redis(Path directory, String... settings) {
        port = freePort();
        var configuration = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + port,
                "dir " + directory.toAbsolutePath(),
                "appendonly yes",
                "appendfsync always",
                "save \"\""));
        configuration.addAll(List.of(settings));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = ServerContainer.areWanted()
                ? new ContainerRedis(directory, port, configuration)
                : new ProcessRedis(port, configuration);
    }

    /** What it runs on. */
    interface Server extends AutoCloseable {
        /** Ends it at once. */
        void kill();

        /** Starts it again; whether it answers, the caller asks. */
        void restart();

        @Override
        void close();
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        RedisClient client = RedisClient.create(url());
        try (var connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    /** How many keys it has. */
    long size() {
        return ask(redis -> redis.dbsize());
    }

    /** Everything in it, an item each, in an order of its own. */
    List<String> contents() {
        return ask(redis -> {
            var all = new ArrayList<String>();
            for (String key : redis.keys("*")) {
                switch (redis.type(key)) {
                    case "hash" ->
                        redis.hgetall(key).forEach((field, value) -> all.add(key + " " + field + " " + value));
                    case "set" -> redis.smembers(key).forEach(member -> all.add(key + " " + member));
                    case "zset" -> redis.zrange(key, 0, -1).forEach(member -> all.add(key + " " + member));
                    case "stream" ->
                        redis.xrange(key, Range.unbounded()).forEach(entry -> all.add(key + " " + entry.getBody()));
                    default -> all.add(key);
                }
            }
            return all.stream().sorted().toList();
        });
    }

    /** Ends it at once, as a power cut would. */
    void kill() {
        server.kill();
    }

    /** Brings it back on its port. */
    void restart() {
        server.restart();
        await().ignoreExceptions().until(() -> ask(RedisCommands::ping).equals("PONG"));
    }

    @Override
    public void close() {
        server.close();
    }
}
