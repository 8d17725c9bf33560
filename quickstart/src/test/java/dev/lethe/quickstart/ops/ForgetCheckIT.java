package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.worker.app.ForgetCheckCommand;
import dev.lethe.worker.app.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class ForgetCheckIT {
    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static Worker worker;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 10, Progress.SILENT);
        ingress = installation.startIngress();
        worker = installation.startWorker();
        Installation.awaitReady(ingress, worker);
    }

    @AfterAll
    static void stop() {
        worker.close();
        ingress.close();
        installation.close();
    }

    @Test
    void whoIsStillThereIsCountedPerStoreAndTable() throws Exception {
        Person person = installation.people().get(0);

        OpsCommand check = check(person, "--json");

        assertThat(check.exitCode()).isEqualTo(1);
        JsonNode report = check.documents().getLast();
        for (String store : installation.databases().keySet()) {
            installation
                    .databases()
                    .get(store)
                    .rowsOf(person.id())
                    .forEach((table, rows) -> assertThat(
                                    itemsOf(report, store).get(table).asLong())
                            .as(table)
                            .isEqualTo(rows)
                            .isPositive());
        }
        assertThat(report.get("identifiers")).extracting(JsonNode::asText).containsExactly("userId", "tenantId");
        assertThat(report.get("identifiersFrom").asText()).contains("no request for this person");
    }

    @Test
    void whoIsErasedHasNothingLeftUnderAnyIdentifierInTheLog() throws Exception {
        Person person = installation.people().get(1);
        delete(person);

        OpsCommand check = check(person);

        assertThat(check.out())
                .contains("Nothing is left.", "userId, tenantId", "email", "newest request in the log")
                .doesNotContain(person.id().toString(), person.email());
        assertThat(check.exitCode()).as(check.err()).isZero();
    }

    @Test
    void whatAStoreNeedsBesidesTheUserIdComesFromTheCommandLineOrTheLog() throws Exception {
        Person person = installation.people().get(2);
        String config = Files.readString(installation.workerConfigFile());
        Files.writeString(installation.workerConfigFile(), config.replace("requester_id: userId", "email: email"));
        try {
            OpsCommand withoutEmail = check(person);
            assertThat(withoutEmail.out())
                    .contains("UNRESOLVED", "--identifier")
                    .doesNotContain("Nothing is left");
            assertThat(withoutEmail.exitCode()).isEqualTo(1);

            OpsCommand withEmail = check(person, "--json", "--identifier", "email=" + person.email());
            assertThat(itemsOf(withEmail.documents().getLast(), "support")
                            .get("tickets")
                            .asLong())
                    .isPositive();
            assertThat(withEmail.out()).doesNotContain(person.email());

            delete(person);
            OpsCommand fromTheLog = check(person);
            assertThat(fromTheLog.out()).contains("Nothing is left.");
            assertThat(fromTheLog.exitCode()).isZero();
        } finally {
            Files.writeString(installation.workerConfigFile(), config);
        }
    }

    @Test
    void whatHasToBeKeptIsSaid() throws Exception {
        Person person = installation.people().get(5);
        delete(person);
        String config = Files.readString(installation.workerConfigFile());
        Files.writeString(installation.workerConfigFile(), config.replace("      customers:", """
                              visits:
                                subject: { visitor: userId }
                                retain: { basis: banking law, for: P10Y, from: at }
                              customers:\
                        """));
        try (Connection shop = installation.postgres().dataSource("shop").getConnection();
                Statement statement = shop.createStatement()) {
            statement.execute("CREATE TABLE visits (visitor uuid NOT NULL, at timestamptz NOT NULL)");
            statement.execute("INSERT INTO visits VALUES ('%1$s', now()), ('%1$s', now())".formatted(person.id()));

            OpsCommand check = check(person);

            assertThat(check.out())
                    .containsPattern("visits +0, and 2 to be kept")
                    .contains("Nothing is left but what has to be kept for a while: 2");
            assertThat(check.exitCode()).isZero();
            statement.execute("DROP TABLE visits");
        } finally {
            Files.writeString(installation.workerConfigFile(), config);
        }
    }

    @Test
    void aStoreThatIsDownIsNeverNothingLeft() throws Exception {
        Person person = installation.people().get(3);
        delete(person);
        installation.postgres().kill();
        try {
            OpsCommand check = check(person);

            assertThat(check.out())
                    .contains("shop", "can't be asked: UNREACHABLE")
                    .doesNotContain("Nothing is left");
            assertThat(check.exitCode()).isEqualTo(1);
        } finally {
            installation.postgres().restart();
        }
        assertThat(check(person).exitCode()).isZero();
    }

    @Test
    void aLogThatCantBeReadIsNeverNothingLeft() throws Exception {
        Person person = installation.people().get(4);
        delete(person);
        installation.kafka().kill();
        try {
            OpsCommand check = check(person);

            assertThat(check.out()).contains("the log can't be read").doesNotContain("Nothing is left");
            assertThat(check.exitCode()).isEqualTo(1);
        } finally {
            installation.kafka().restart();
        }
        assertThat(check(person).exitCode()).isZero();
    }

    private static OpsCommand check(Person person, String... more) {
        var whom = Stream.of("--subject", person.id().toString(), "--tenant", Installation.TENANT.toString());
        return OpsCommand.run(
                new ForgetCheckCommand(),
                installation,
                Stream.concat(whom, Stream.of(more)).toArray(String[]::new));
    }

    private static JsonNode itemsOf(JsonNode report, String store) {
        for (JsonNode candidate : report.get("stores")) {
            if (candidate.get("store").asText().equals(store)) {
                return candidate.get("items");
            }
        }
        throw new AssertionError("no store " + store + " in " + report);
    }

    private static void delete(Person person) {
        var api = new FusionAuthApi(installation.fusionAuth());
        await().atMost(Duration.ofMinutes(1)).until(() -> api.deleteUser(person.id()) == 200);
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            for (SampleDatabase database : installation.databases().values()) {
                if (database.rowsOf(person.id()).values().stream().anyMatch(rows -> rows > 0)) {
                    return false;
                }
            }
            return true;
        });
    }
}
