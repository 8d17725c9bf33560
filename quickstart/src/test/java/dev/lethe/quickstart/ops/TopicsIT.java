package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.kafka.TopicsCommand;
import dev.lethe.quickstart.server.KafkaServer;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lethe topics create} and {@code check} on a broker. */
class TopicsIT {
    private static final List<String> TOPICS = List.of(
            "erasure.intents",
            "erasure.requests",
            "erasure.outcomes",
            "erasure.dead-letters",
            "erasure.retry.shop",
            "erasure.retry.support");

    @TempDir
    Path directory;

    private KafkaServer kafka;

    @BeforeEach
    void start() {
        kafka = KafkaServer.start(directory);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void whatCreateMakesCheckAcceptsAndASecondCreateLeavesAsItIs() {
        Run first = run("create", "--single-node");
        Run check = run("check", "--single-node");
        Run second = run("create", "--single-node");

        assertThat(first).isEqualTo(new Run(0, lines(" made"), ""));
        assertThat(check).isEqualTo(new Run(0, "All 6 topics are as they must be.\n", ""));
        assertThat(second).isEqualTo(new Run(0, lines(" was there"), ""));
    }

    @Test
    void everyMissingTopicIsNamedWithWhatMakesIt() {
        assertThat(run("check", "--single-node"))
                .isEqualTo(new Run(
                        1,
                        "topic %s"
                                .formatted(lines(" is missing; 'lethe topics create' makes it"))
                                .replace("\nerasure", "\ntopic erasure"),
                        ""));
    }

    /** One replica accepts acks=all, whatever the topic's min ISR says. */
    @Test
    void aSingleReplicaIsNoReplication() {
        run("create", "--single-node");

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
        run("create", "--single-node");
        set(topic, setting, wrong);

        Run check = run("check", "--single-node");

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out())
                .startsWith("topic " + topic + " has " + setting + "=" + wrong + " instead of ")
                .contains("kafka-configs --alter --topic " + topic + " --add-config " + setting + "=")
                .hasLineCount(1);
    }

    @Test
    void howLongTheLogIsKeptIsTheOwnersChoice() throws Exception {
        run("create", "--single-node");
        set("erasure.requests", "retention.ms", "3600000");

        assertThat(run("check", "--single-node").exitCode()).isZero();
    }

    @Test
    void aClusterThatIsTooSmallIsSaidToRefuse() {
        Run create = run("create");

        assertThat(create.exitCode()).isEqualTo(1);
        assertThat(create.err()).contains(kafka.bootstrapServers(), "InvalidReplicationFactorException");
    }

    private void set(String topic, String setting, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static String lines(String end) {
        return String.join("", TOPICS.stream().map(topic -> topic + end + "\n").toList());
    }

    private record Run(int exitCode, String out, String err) {}

    private Run run(String... arguments) {
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
