package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Keys;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.worker.app.ReconcileCommand;
import dev.lethe.worker.app.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand members of whom FusionAuth does not know a hundred and thirty-seven. */
@Tag("thorough")
@TestMethodOrder(OrderAnnotation.class)
class ReconcileIT {
    private static final int MEMBERS = 100_000;
    private static final int ORPHANS = 137;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Set<String> orphans;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 20, Progress.SILENT);
        var random = new Random(7);
        List<UUID> members = IntStream.range(0, MEMBERS)
                .mapToObj(n -> new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63))
                .toList();
        List<UUID> known = members.subList(ORPHANS, MEMBERS);
        Keys keys = KeyFile.load(installation.keys());
        orphans = members.subList(0, ORPHANS).stream()
                .map(id -> keys.subjectKey(Installation.TENANT.toString(), id.toString())
                        .value())
                .collect(Collectors.toCollection(TreeSet::new));
        installation.fusionAuth().addUsers(known.stream().map(ReconcileIT::user).toList());
        try (Connection connection = installation.postgres().dataSource("shop").getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE members (user_id uuid PRIMARY KEY)");
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO members SELECT unnest(CAST(? AS uuid[]))")) {
                insert.setArray(1, connection.createArrayOf("uuid", members.toArray()));
                insert.execute();
            }
        }
        String config = Files.readString(installation.workerConfigFile())
                .replace("      customers: {", "      members: { subject: { user_id: userId } }\n      customers: {");
        Files.writeString(
                installation.workerConfigFile(),
                config
                        + "confirmation: { fusionauth: { url: \"%s\", apiKey: \"%s\" } }%n"
                                .formatted(
                                        installation.fusionAuth().url(),
                                        installation.fusionAuth().apiKey()),
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    @Order(1)
    void exactlyThoseWhoAreGoneAreFoundAndNothingIsChanged() throws Exception {
        OpsCommand found = reconcile("--json", "--rate", "100000");

        assertThat(found.exitCode()).as(found.err()).isEqualTo(1);
        assertThat(keysIn(found)).isEqualTo(orphans);
        JsonNode result = found.documents().getLast();
        assertThat(result.path("looked").asInt()).isGreaterThanOrEqualTo(MEMBERS);
        assertThat(result.path("gone").asInt()).isEqualTo(ORPHANS);
        assertThat(result.path("requested").asInt()).isZero();
        assertThat(result.path("done").asBoolean()).isTrue();
        assertThat(members()).isEqualTo(MEMBERS);
    }

    @Test
    @Order(2)
    void nobodyIsGoneWhileFusionAuthCannotProveIt() throws Exception {
        Path other = folder.resolve("other.yaml");
        Files.writeString(
                other,
                Files.readString(installation.workerConfigFile())
                        .replace(installation.fusionAuth().apiKey(), "a wrong key"));

        OpsCommand refused = OpsCommand.run(
                new ReconcileCommand(),
                other,
                "--store",
                "shop",
                "--tenant",
                Installation.TENANT.toString(),
                "--publish",
                "--yes");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("0 gone, 0 requested");
        assertThat(refused.err()).contains("UNAUTHENTICATED");
    }

    @Test
    @Order(3)
    void noMoreThanTheCapIsPublishedTheNextRunGoesOnAndTheyAreErased() throws Exception {
        Path progress = folder.resolve("progress");

        OpsCommand first = reconcile("--publish", "--rate", "100000", "--progress", progress.toString());

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.out()).contains("100 requested", "--yes publishes however many there are");
        assertThat(first.out().lines().filter(line -> line.endsWith("\trequested")))
                .hasSize(100);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(progress)))
                .isEqualTo("rw-------");

        try (Worker worker = installation.startWorker()) {
            await().atMost(PATIENCE).until(() -> worker.problems().isEmpty());
            OpsCommand rest = reconcile("--publish", "--yes", "--rate", "100000");
            assertThat(rest.exitCode()).as(rest.err()).isZero();
            await("they are erased").atMost(PATIENCE).until(() -> members() == MEMBERS - ORPHANS);
        }
        OpsCommand again = reconcile("--rate", "100000", "--progress", progress.toString());
        assertThat(again.exitCode()).as(again.out()).isZero();
        assertThat(progress).doesNotExist();
    }

    private static Set<String> keysIn(OpsCommand found) {
        return found.documents().stream()
                .filter(line -> line.has("subjectKey"))
                .map(line -> line.path("subjectKey").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static OpsCommand reconcile(String... more) {
        var arguments = Stream.concat(
                Stream.of("--store", "shop", "--tenant", Installation.TENANT.toString()), Stream.of(more));
        return OpsCommand.run(new ReconcileCommand(), installation, arguments.toArray(String[]::new));
    }

    private static ObjectNode user(UUID id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id.toString())
                .put("tenantId", Installation.TENANT.toString());
    }

    private static long members() throws SQLException {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM members")) {
            result.next();
            return result.getLong(1);
        }
    }
}
