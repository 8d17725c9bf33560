package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.Topics;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.CheckCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lethe check} and {@code lethe map} against real servers. */
@Tag("thorough")
class CheckIT {
    @TempDir
    static Path folder;

    private static Installation installation;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 10, Progress.SILENT);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void theQuickstartsConfigurationIsAllRight() throws Exception {
        OpsCommand check = check();

        assertThat(check.out())
                .containsSubsequence(
                        "acknowledged means written through to the disk",
                        "erasure.requests",
                        "LogAppendTime, flush every 1",
                        "Store shop",
                        "delete     order_items",
                        "order_items.order_id → orders.customer_id = userId",
                        "delete     customers",
                        "Store support",
                        "✓ Nothing stands in the way of an erasure.");
        assertThat(check.exitCode()).as(check.out()).isZero();

        JsonNode report = check("--json").documents().getLast();
        assertThat(report.get("hindrances")).isEmpty();
        assertThat(report.at("/stores/0/plan/steps")).hasSize(4);
        assertThat(report.at("/stores/0/plan/steps/0/action").asText()).isEqualTo("delete");
        assertThat(report.at("/log/topics")).hasSize(7);
    }

    @Test
    void whatAPersonHasIsCountedWithoutNamingThePerson() throws Exception {
        Person person = installation.people().get(0);
        String[] sample = {"--sample", person.id().toString(), "--tenant", Installation.TENANT.toString()};

        OpsCommand text = check(sample);
        JsonNode report = check(sample[0], sample[1], sample[2], sample[3], "--json")
                .documents()
                .getLast();

        assertThat(text.exitCode()).as(text.out()).isZero();
        assertThat(text.out()).contains("Subject ").doesNotContain(person.identifiers());
        for (JsonNode store : report.at("/sample/stores")) {
            installation
                    .databases()
                    .get(store.get("store").asText())
                    .rowsOf(person.id())
                    .forEach((table, rows) -> assertThat(
                                    store.get("items").get(table).asLong())
                            .as(table)
                            .isEqualTo(rows)
                            .isPositive());
        }
        assertThat(installation.databases().get("shop").rowsOf(person.id()).values())
                .as("read only")
                .allMatch(rows -> rows > 0);
    }

    @Test
    void theGraphIsAFlowchartAndNothingElse() {
        OpsCommand check = check("--diagram");

        assertThat(check.out())
                .startsWith("flowchart LR\n")
                .contains("-->|\"customer_id\"|")
                .doesNotContain("✓");
        assertThat(check.exitCode()).isZero();
    }

    @Test
    void aBrokenMapAndAKeyFileThatIsAwayStopAnErasure() throws Exception {
        OpsCommand check = checkWith("customers: { subject: { id: userId } }", "custmers: { subject: { id: userId } }");
        assertThat(check.out())
                .contains("✗ there is no table \"custmers\"", "did you mean \"customers\"?", "Store support");
        assertThat(check.exitCode()).isEqualTo(1);

        OpsCommand withoutKeys = checkWith("keys.json", "mislaid.json");
        assertThat(withoutKeys.out()).contains("✗ there is no key file").contains("delete     customers");
        assertThat(withoutKeys.exitCode()).isEqualTo(1);
    }

    @Test
    void aConfigurationThatCantBeReadExitsWith2() throws Exception {
        assertThat(checkWith("type: jdbc", "typ: jdbc").exitCode()).isEqualTo(2);
        assertThat(check("--tenant", "x").exitCode()).isEqualTo(2);
        assertThat(check("--json", "--diagram").exitCode()).isEqualTo(2);
    }

    @Test
    void aMissingIndexOnALargeTableStallsAnErasure() throws Exception {
        execute(
                "DROP INDEX orders_customer",
                "INSERT INTO orders (customer_id, ship_to, placed_on) SELECT (SELECT id FROM customers LIMIT 1), 'x', now()"
                        + " FROM generate_series(1, 20000)",
                "ANALYZE orders");
        try {
            OpsCommand check = check();

            assertThat(check.out())
                    .contains("! every batch reads all of orders (about 20,0", "planner cost")
                    .contains("CREATE INDEX CONCURRENTLY ON public.orders (customer_id)");
            assertThat(check.exitCode()).isEqualTo(1);
        } finally {
            execute("DELETE FROM orders WHERE ship_to = 'x'", "CREATE INDEX orders_customer ON orders (customer_id)");
        }
        assertThat(check().exitCode()).isZero();
    }

    @Test
    void aMissingTopicAStoreAndAKafkaThatAreDownStopAnErasure() throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            admin.deleteTopics(List.of(TopicDefinition.retry("shop"))).all().get();
            OpsCommand check = check();
            assertThat(check.out()).contains("✗ topic erasure.retry.shop is missing");
            assertThat(check.exitCode()).isEqualTo(1);
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(List.of("shop", "support")));
        }

        installation.postgres().kill();
        try {
            OpsCommand check = check();
            assertThat(check.out()).contains("✗ can't be asked: UNREACHABLE");
            assertThat(check.exitCode()).isEqualTo(1);
        } finally {
            installation.postgres().restart();
        }

        installation.kafka().kill();
        try {
            OpsCommand check = check();
            assertThat(check.out()).contains("✗ Kafka can't be asked", "delete     customers");
            assertThat(check.exitCode()).isEqualTo(1);
        } finally {
            installation.kafka().restart();
        }
    }

    @Test
    void aDraftedMapIsAcceptedAndNeverOverwritten() throws Exception {
        Path draft = folder.resolve("draft.yaml");

        assertThat(map(draft)).isZero();

        String config = Files.readString(installation.workerConfigFile());
        Files.writeString(draft, config.substring(0, config.indexOf("stores:")) + Files.readString(draft));
        assertThat(run("check", "--config", draft.toString())).as(printed()).isZero();
        assertThat(printed()).contains("Store shop", "delete     order_items");
        assertThat(map(draft)).as(printed()).isEqualTo(2);
        assertThat(Files.readString(draft)).startsWith(config.substring(0, 20));
        assertThat(run(
                        "map",
                        "--url",
                        "jdbc:postgresql://127.0.0.1:1/shop",
                        "--username",
                        "lethe",
                        "--table",
                        "customers",
                        "--column",
                        "id"))
                .isEqualTo(1);
        assertThat(printed()).contains("UNREACHABLE");
    }

    private static int map(Path output) {
        return run(
                "map",
                "--url",
                installation.postgres().jdbcUrl("shop"),
                "--username",
                "postgres",
                "--table",
                "customers",
                "--column",
                "id",
                "--sample",
                "--output",
                output.toString());
    }

    private static int run(String... arguments) {
        try (LetheProcess lethe = LetheProcess.start(folder.resolve("lethe.log"), arguments)) {
            return lethe.awaitExit(Duration.ofMinutes(2));
        }
    }

    private static String printed() throws Exception {
        return Files.readString(folder.resolve("lethe.log"));
    }

    private static OpsCommand check(String... arguments) {
        return OpsCommand.run(new CheckCommand(), installation, arguments);
    }

    private static OpsCommand checkWith(String replaced, String replacement) throws Exception {
        String config = Files.readString(installation.workerConfigFile());
        assertThat(config).contains(replaced);
        Files.writeString(installation.workerConfigFile(), config.replace(replaced, replacement));
        try {
            return check();
        } finally {
            Files.writeString(installation.workerConfigFile(), config);
        }
    }

    private static void execute(String... statements) throws Exception {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
