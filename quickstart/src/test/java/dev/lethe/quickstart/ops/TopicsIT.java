package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.kafka.TopicsCommand;
import dev.lethe.quickstart.server.Broker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lethe topics create} and {@code check} on a broker. */
@Tag("thorough")
class TopicsIT {
    private static final List<String> TOPICS = List.of(
            "erasure.intents",
            "erasure.requests",
            "erasure.outcomes",
            "erasure.dead-letters",
            "erasure.brakes",
            "erasure.retry.shop",
            "erasure.retry.support",
            "erasure.open.shop",
            "erasure.open.support",
            "erasure.completions",
            "erasure.retry.confirm",
            "erasure.journal",
            "erasure.held");

    @TempDir
    static Path directory;

    private static Broker kafka;
    private static Run first;

    @BeforeAll
    static void start() {
        kafka = Broker.start(directory);
        first = run("create", "--single-node");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void createMakesTheMissingAndLeavesTheOthersAsTheyAre() {
        Run second = run("create", "--single-node");

        assertThat(first).isEqualTo(new Run(0, lines(" made"), ""));
        assertThat(second).isEqualTo(new Run(0, lines(" was there"), ""));
    }

    @Test
    void checkAcceptsWhatCreateMakes() {
        assertThat(run("check", "--single-node")).isEqualTo(new Run(0, "All 13 topics are as they must be.\n", ""));
    }

    /** Nothing waits between the two commands: whoever runs one after the other in a script does not either. */
    @Test
    void aMissingTopicIsNamedWithWhatMakesItAndThereAtOnceWhenThatHasRun() throws Exception {
        delete("erasure.outcomes");

        assertThat(run("check", "--single-node"))
                .isEqualTo(new Run(1, "topic erasure.outcomes is missing; 'lethe topics create' makes it\n", ""));
        run("create", "--single-node");
        assertThat(run("check", "--single-node").exitCode()).isZero();
    }

    /** One replica accepts acks=all, whatever the topic's min ISR says. */
    @Test
    void aSingleReplicaIsNoReplication() {
        Run check = run("check");

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out())
                .contains("topic erasure.requests has 1 replica(s) instead of 3")
                .contains("topic erasure.requests has min.insync.replicas=1 instead of 2");
    }

    @ParameterizedTest
    @CsvSource({
        "erasure.requests, message.timestamp.type, CreateTime",
        "erasure.requests, flush.messages, 100",
        "erasure.requests, cleanup.policy, compact",
        "erasure.retry.shop, message.timestamp.type, CreateTime",
        "erasure.outcomes, cleanup.policy, delete",
        "erasure.dead-letters, cleanup.policy, delete"
    })
    void aWrongSettingIsNamedWithWhatMendsIt(String topic, String setting, String wrong) throws Exception {
        String right = valueOf(topic, setting);
        set(topic, setting, wrong);

        Run check = run("check", "--single-node");

        set(topic, setting, right);
        assertThat(check)
                .isEqualTo(new Run(
                        1,
                        ("topic %1$s has %2$s=%3$s instead of %4$s;"
                                        + " set it with kafka-configs --alter --topic %1$s --add-config %2$s=%4$s\n")
                                .formatted(topic, setting, wrong, right),
                        ""));
    }

    @Test
    void howLongTheLogIsKeptIsTheOwnersChoice() throws Exception {
        set("erasure.requests", "retention.ms", "3600000");

        assertThat(run("check", "--single-node").exitCode()).isZero();
    }

    @Test
    void aClusterThatIsTooSmallIsSaidToRefuse() throws Exception {
        delete("erasure.intents");

        Run create = run("create");

        run("create", "--single-node");
        assertThat(create.exitCode()).isEqualTo(1);
        assertThat(create.err()).contains(kafka.bootstrapServers(), "InvalidReplicationFactorException");
    }

    private static void delete(String topic) throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
            await().until(() -> !admin.listTopics().names().get().contains(topic));
        }
    }

    private static void set(String topic, String setting, String value) throws Exception {
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            resource(topic), List.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET))))
                    .all()
                    .get();
        }
        await().until(() -> valueOf(topic, setting).equals(value));
    }

    private static String valueOf(String topic, String setting) throws Exception {
        try (Admin admin = admin()) {
            return admin.describeConfigs(List.of(resource(topic)))
                    .all()
                    .get()
                    .get(resource(topic))
                    .get(setting)
                    .value();
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static String lines(String end) {
        return String.join("", TOPICS.stream().map(topic -> topic + end + "\n").toList());
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--stores", "shop,support"));
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(new TopicsCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((exception, failed, parsed) -> {
                    failed.getErr().println(exception.getMessage());
                    return 1;
                })
                .execute(all.toArray(String[]::new));
        return new Run(exitCode, out.toString(), err.toString());
    }
}
