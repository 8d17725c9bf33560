package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.ingress.Ingress;
import dev.lethe.kafka.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** A log that does not keep what a 200 promises: the ingress is not ready, says what to do, and notices once that is done. */
class LogDurabilityIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static Site site;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        site = new Site(folder);
        admin = Admin.create(Map.of("bootstrap.servers", site.kafka().bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "message.timestamp.type, CreateTime, LogAppendTime",
        "flush.messages, 9223372036854775807, 1",
        "cleanup.policy, compact, delete"
    })
    void aSettingThatBreaksAPromiseIsNamedUntilItIsMended(String setting, String broken, String right)
            throws Exception {
        set(setting, broken);
        try (Ingress ingress = site.ingressThatExpects("single-node")) {
            awaitNotReady(ingress, setting + "=" + broken + " instead of " + right, "kafka-configs --alter --topic");

            set(setting, right);

            awaitReady(ingress);
        }
    }

    @Test
    void aTopicThatIsMissingIsNamedUntilItIsMade() throws Exception {
        admin.deleteTopics(List.of(TopicDefinition.REQUESTS)).all().get();
        try (Ingress ingress = site.ingressThatExpects("single-node")) {
            awaitNotReady(ingress, "topic erasure.requests is missing", "'lethe topics create' makes it");

            new Topics(admin, Durability.SINGLE_NODE).create(List.of(TopicDefinition.requests()));

            awaitReady(ingress);
        }
    }

    @Test
    void oneReplicaIsNotEnoughUnlessThatIsAcceptedKnowingly() throws Exception {
        try (Ingress ingress = site.ingressThatExpects("replicated")) {
            awaitNotReady(
                    ingress,
                    "has 1 replica(s) instead of 3",
                    "kafka-reassign-partitions",
                    "durability: single-node",
                    "min.insync.replicas=1 instead of 2");
        }
        try (Ingress ingress = site.ingressThatExpects("single-node")) {
            awaitReady(ingress);
        }
    }

    @Tag("nightly")
    @Test
    void whatBreaksWhileItRunsIsNoticedWithinAMinute() throws Exception {
        try (Ingress ingress = site.ingressThatExpects("single-node")) {
            awaitReady(ingress);

            set("flush.messages", "100");

            await().atMost(Duration.ofSeconds(70))
                    .untilAsserted(() -> assertNotReady(ingress, "flush.messages=100 instead of 1"));
            set("flush.messages", "1");
            awaitReady(ingress);
        }
    }

    private static void awaitNotReady(Ingress ingress, String... reasons) {
        await().atMost(SOON).untilAsserted(() -> assertNotReady(ingress, reasons));
    }

    private static void assertNotReady(Ingress ingress, String... reasons) throws Exception {
        var answer = Metrics.get(ingress.managementPort(), "/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"not ready\"").contains(reasons);
    }

    private static void awaitReady(Ingress ingress) throws Exception {
        await().atMost(SOON).untilAsserted(() -> {
            var answer = Metrics.get(ingress.managementPort(), "/health/ready");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        });
        Reply reply = Site.answerTo(Call.deletionOf(UUID.randomUUID(), UUID.randomUUID()), ingress.port());
        assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
    }

    private static void set(String setting, String value) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, TopicDefinition.REQUESTS);
        var change = new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
    }
}
