package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** The broker's JVM, and the only place that touches Kafka's internal API. */
final class KafkaServerMain {

    private KafkaServerMain() {}

    public static void main(String[] arguments) {
        ServedChild.run(() -> start(Path.of(arguments[0])));
    }

    private static AutoCloseable start(Path configuration) throws Exception {
        Properties properties = read(configuration);
        String logDirectory = properties.getProperty("log.dirs");
        if (!Files.exists(Path.of(logDirectory, "meta.properties"))) {
            format(properties, logDirectory);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        exitWhenItStops(server);
        return server::shutdown;
    }

    /** A broker that gave up, for a full disk say, must not look alive. */
    private static void exitWhenItStops(KafkaRaftServer server) {
        Thread.ofPlatform().daemon().name("broker").start(() -> {
            server.awaitShutdown();
            System.exit(1);
        });
    }

    private static void format(Properties properties, String logDirectory) throws Exception {
        new Formatter()
                .setPrintStream(System.err)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(logDirectory))
                .setMetadataLogDirectory(logDirectory)
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties read(Path configuration) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        }
        return properties;
    }
}
