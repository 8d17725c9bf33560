package dev.lethe.quickstart.server;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A program with servers for a test to kill: prints the process ids of all that it started, and stays. */
final class Parent {

    private Parent() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        CompletableFuture<KafkaServer> starting =
                CompletableFuture.supplyAsync(() -> KafkaServer.start(directory.resolve("kafka")));
        PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        RedisServer redis = RedisServer.start(directory.resolve("redis"), 0);
        KafkaServer kafka = starting.join();
        List<Long> pids =
                List.of(kafka.pid(), postgres.pid(), postgres.supervisorPid(), redis.pid(), redis.supervisorPid());
        if (arguments[1].equals("frozen")) {
            kafka.freeze();
            postgres.freeze();
        }
        System.out.println(String.join(" ", pids.stream().map(String::valueOf).toList()));
        if (arguments[1].equals("returning")) {
            return;
        }
        Thread.currentThread().join();
    }
}
