package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.check.StoreCheck;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.jdbc.MapDraft.FoundTable;
import dev.lethe.worker.store.jdbc.MapDraft.Start;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class MapDraftMariaDbIT {
    private static MariaDb server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new MariaDb(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aMapIsDraftedSampledAndAccepted() throws Exception {
        server.recreate(server.schema());
        server.execute(
                "CREATE TABLE customers (id varchar(36) PRIMARY KEY, remark text)",
                "CREATE TABLE orders (id int PRIMARY KEY, customer_id varchar(36) NOT NULL REFERENCES customers (id),"
                        + " extra json)",
                "CREATE TABLE newsletter (id int PRIMARY KEY, email varchar(100))",
                "INSERT INTO customers VALUES ('ada', 'write to ada@example.org'), ('bob', NULL)",
                "INSERT INTO orders VALUES (1, 'ada', '{\"from\": \"192.0.2.1\"}')");
        var start = new Start(
                server.url(),
                server.username(),
                Optional.of(new Secret(server.password())),
                Optional.empty(),
                "customers",
                "id",
                "userId",
                OptionalInt.of(200));

        MapDraft draft = MapDraft.of(start);

        assertThat(draft.refusals()).isEmpty();
        assertThat(draft.tables()).extracting(FoundTable::table).containsExactly("customers", "orders", "newsletter");
        assertThat(draft.tables().get(0).personal()).containsEntry("remark", "e-mail in 1 of 1");
        assertThat(draft.tables().get(1).personal()).containsEntry("extra", "IP address in 1 of 1");
        assertThat(check(draft.yaml()).steps())
                .extracting(StorePlan.Step::target)
                .containsExactly("orders", "customers");
    }

    @Test
    void whatAMissingIndexCostsIsAsked() throws Exception {
        server.recreate(server.schema());
        server.execute("CREATE TABLE logins (customer_id varchar(36), page varchar(100))");
        server.execute("INSERT INTO logins SELECT uuid(), 'x' FROM seq_1_to_30000");
        server.execute("ANALYZE TABLE logins");

        StorePlan plan = check("""
                stores:
                  shop:
                    type: jdbc
                    url: %s
                    username: %s
                    password: "${LETHE_DB_PASSWORD}"
                    tables: { logins: { subject: { customer_id: userId } } }
                """.formatted(server.url(), server.username()));

        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.delays())
                .singleElement()
                .asString()
                .contains("reads all of logins", "rows, planner cost ", "CREATE INDEX");
    }

    private static StorePlan check(String yaml) throws Exception {
        Supplier<ErasureStore> store = ConfigFile.parse(
                        "worker.yaml", yaml, Map.of(MapDraft.PASSWORD, server.password()), file -> {
                            var stores = file.section("stores");
                            String name = stores.keys().iterator().next();
                            var section = stores.section(name);
                            section.text("type");
                            return new JdbcStoreFactory().configure(name, section);
                        })
                .config();
        try (ErasureStore open = store.get()) {
            return StoreCheck.ask(Map.of("shop", open)).getFirst().plan();
        }
    }
}
