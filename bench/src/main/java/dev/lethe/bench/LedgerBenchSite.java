package dev.lethe.bench;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Secret;
import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.quickstart.server.KafkaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Where a ledger is measured: a broker that flushes what it acknowledges, and databases on the server of the bench. */
final class LedgerBenchSite implements AutoCloseable {
    static final List<String> STORES = List.of("sessions", "shop");
    static final String TOKEN = "a-token-of-the-office";

    private final Path folder;
    private final Database database;
    private final KafkaServer kafka;
    private final LedgerKeys keys;

    LedgerBenchSite(Path folder, Database database) throws InterruptedException, MisconfiguredException {
        this.folder = folder;
        this.database = database;
        kafka = KafkaServer.start(folder.resolve("kafka"));
        keys = LedgerKeys.create(folder.resolve("ledger-keys.json"), folder.resolve("ledger-keys.public.json"));
        KeyFile.create(folder.resolve("keys.json"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(STORES));
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    LedgerKeys keys() {
        return keys;
    }

    void createDatabase(String name) throws SQLException {
        database.execute("create database " + name);
    }

    void vacuum(LedgerDatabase opened) {
        opened.jdbi().useHandle(handle -> handle.execute("vacuum analyze"));
    }

    Ledger ledger(String name) throws MisconfiguredException {
        String yaml = """
                management: { host: 127.0.0.1, port: 0 }
                http: { host: 127.0.0.1, port: 0 }
                access: { tokens: { office: { token: %s } } }
                keys: "%s"
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                database: { url: "%s", username: postgres, password: postgres }
                stores: [shop, sessions]
                proof: { keys: "%s", origin: bench }
                """.formatted(
                        TOKEN,
                        folder.resolve("keys.json"),
                        kafka.bootstrapServers(),
                        database.url(name),
                        folder.resolve("ledger-keys.json"));
        return new Ledger(
                ConfigFile.parse("bench", yaml, Map.of(), LedgerConfig::read).config(), InstantSource.system());
    }

    /** For the bench's own questions. */
    LedgerDatabase open(String name) {
        return new LedgerDatabase(
                new DatabaseConfig(database.url(name), "postgres", Optional.of(new Secret("postgres")), 4));
    }

    @Override
    public void close() throws IOException {
        kafka.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
