package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A real Kafka broker, which is its own controller, in a child JVM on 127.0.0.1. Killed or frozen, it comes back on the same port
 * with the same data. Topics are never created by accident.
 */
public final class KafkaServer implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    private final int port;
    private final ServerProcess process;

    private KafkaServer(int port, ServerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** A broker with the settings for quick tests: see {@link #start(Path, int, Map)}. */
    public static KafkaServer start(Path directory) {
        return start(directory, 0, Map.of());
    }

    /**
     * Starts a broker and returns when it serves requests, after 2 to 6 s.
     *
     * @param directory holds data, log and configuration; what an earlier run left there is taken up again
     * @param port 0 for any free one
     * @param properties broker properties that override the defaults
     */
    public static KafkaServer start(Path directory, int port, Map<String, String> properties) {
        return start(directory, port, properties, List.of());
    }

    /**
     * As {@link #start(Path, int, Map)}.
     *
     * @param jvmOptions of the broker, in addition to those that make a small JVM start fast; they win
     */
    public static KafkaServer start(Path directory, int port, Map<String, String> properties, List<String> jvmOptions) {
        int actualPort = port == 0 ? FreePort.any() : port;
        Map<String, String> effective = new TreeMap<>(settings());
        effective.putAll(addresses(directory, actualPort, FreePort.any()));
        effective.putAll(properties);
        Path configuration = directory.resolve("server.properties");
        write(effective, configuration);
        List<String> options = new ArrayList<>(List.of(
                "-Xmx256m",
                "-Xms64m",
                "-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider",
                "-Dlogback.configurationFile=dev/lethe/quickstart/server/logback-server.xml"));
        options.addAll(jvmOptions);
        ServerProcess process = ServerProcess.start(new ServerCommand(
                "kafka", KafkaServerMain.class, directory, options, List.of(configuration.toString()), READY_WITHIN));
        return new KafkaServer(actualPort, process);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path log() {
        return process.log();
    }

    /** Completes when the broker has ended, which it does by itself when it can't write any more. */
    public CompletableFuture<?> onExit() {
        return process.onExit();
    }

    /** SIGKILL. Connections are reset, what was not flushed is left to the page cache. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP. Connections stay open and new ones are accepted by the kernel, but nothing is answered. */
    public void freeze() {
        process.freeze();
    }

    public void thaw() {
        process.thaw();
    }

    /** Starts it again on the same port with the same data, after an orderly stop if it is running. */
    public void restart() {
        process.restart();
    }

    @Override
    public void close() {
        process.close();
    }

    private static Map<String, String> addresses(Path directory, int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("log.dirs", directory.resolve("kafka-logs").toString()),
                Map.entry("listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "CLIENT"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort));
    }

    /** The settings of a single broker that starts, stops and moves partitions quickly, wherever it is. */
    static Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("offsets.retention.minutes", "525600"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                // A killed consumer's partitions move on within seconds. The minima are as low as tests may want them.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
                Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
                Map.entry("group.consumer.min.session.timeout.ms", "1000"),
                Map.entry("group.consumer.session.timeout.ms", "6000"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                // A killed broker may register again only when its old session has expired.
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("broker.session.timeout.ms", "3000"),
                // Small: every byte of these would be allocated at once.
                Map.entry("log.cleaner.threads", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("log.cleaner.io.buffer.size", "65536"),
                Map.entry("log.index.size.max.bytes", "1048576"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"),
                Map.entry("num.recovery.threads.per.data.dir", "2"));
    }

    private static void write(Map<String, String> configuration, Path file) {
        Properties properties = new Properties();
        properties.putAll(configuration);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
