package dev.lethe.quickstart.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class RedisServerIT {

    @TempDir
    static Path directory;

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(directory.resolve("a folder with \"quotes\""), 0);
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void keepsItsDataAndItsPortWhenItIsKilled() {
        int port = redis.port();
        long pid = redis.pid();
        ask(commands -> commands.set("key", "value"));

        redis.kill();
        assertThat(Processes.isRunning(pid)).isFalse();
        redis.restart();

        assertThat(redis.port()).isEqualTo(port);
        assertThat(ask(commands -> commands.get("key"))).isEqualTo("value");
    }

    @Test
    void takesUpAServerWhoseSupervisorWasKilled() {
        long orphan = redis.pid();
        ProcessHandle.of(redis.supervisorPid()).orElseThrow().destroyForcibly();

        redis.restart();

        assertThat(redis.pid()).isNotEqualTo(orphan);
        assertThat(Processes.isRunning(orphan)).isFalse();
        assertThat(ask(RedisCommands::ping)).isEqualTo("PONG");
    }

    @Test
    void stopsEvenIfItsFolderHasBeenDeletedMeanwhile(@TempDir Path other) throws IOException {
        Path home = other.resolve("redis");
        var doomed = RedisServer.start(home, 0);
        long pid = doomed.pid();
        PathUtils.deleteDirectory(home);

        doomed.close();

        assertThat(Processes.isRunning(pid)).isFalse();
    }

    @Test
    void writesToDiskBeforeItSaysSoAndListensOnLoopbackAlone() {
        assertThat(ask(commands -> commands.configGet("appendonly"))).isEqualTo("{appendonly=yes}");
        assertThat(ask(commands -> commands.configGet("appendfsync"))).isEqualTo("{appendfsync=always}");
        assertThat(ask(commands -> commands.configGet("bind"))).isEqualTo("{bind=127.0.0.1}");
    }

    private static String ask(Function<RedisCommands<String, String>, ?> question) {
        RedisClient client = RedisClient.create(redis.url());
        try (var connection = client.connect()) {
            return String.valueOf(question.apply(connection.sync()));
        } finally {
            client.shutdown();
        }
    }
}
