package dev.lethe.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicDefinitionTest {
    @Test
    void anInstallationHasARetryTopicPerStoreBesidesThoseOfAll() {
        assertThat(TopicDefinition.all(List.of("shop-db", "sessions")))
                .extracting(TopicDefinition::name)
                .containsExactly(
                        "erasure.intents",
                        "erasure.requests",
                        "erasure.outcomes",
                        "erasure.dead-letters",
                        "erasure.brakes",
                        "erasure.retry.shop-db",
                        "erasure.retry.sessions",
                        "erasure.open.shop-db",
                        "erasure.open.sessions",
                        "erasure.completions",
                        "erasure.retry.confirm",
                        "erasure.journal",
                        "erasure.held");
        assertThat(TopicDefinition.of(List.of("shop-db"), false, false))
                .as("where nobody is asked first, and nobody looks again")
                .extracting(TopicDefinition::name)
                .containsExactly(
                        "erasure.intents",
                        "erasure.requests",
                        "erasure.outcomes",
                        "erasure.dead-letters",
                        "erasure.brakes",
                        "erasure.retry.shop-db");
    }

    @Test
    void whatWaitsForAnIdentityProviderIsKeptAsLongAsTheErasureLog() {
        assertThat(TopicDefinition.of(List.of(), true, false))
                .filteredOn(topic -> List.of(TopicDefinition.INTENTS, "erasure.retry.confirm")
                        .contains(topic.name()))
                .hasSize(2)
                .allSatisfy(topic -> assertThat(topic.settings())
                        .isEqualTo(TopicDefinition.requests().settings()));
    }

    @Test
    void whatIsHeldIsKeptAsLongAsTheErasureLogBecauseALedgerCanBeDown() {
        assertThat(TopicDefinition.held().settings())
                .isEqualTo(TopicDefinition.requests().settings());
    }

    @Test
    void theErasureLogIsKeptForNinetyDaysAndOrderedByTheBroker() {
        assertThat(TopicDefinition.requests().settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "7776000000")
                .containsEntry("message.timestamp.type", "LogAppendTime");
    }

    @Test
    void outcomesDeadLettersAndBrakesAreCompactedBecauseTheirLatestStateCounts() {
        assertThat(TopicDefinition.all(List.of()))
                .filteredOn(topic -> "compact".equals(topic.settings().get("cleanup.policy")))
                .extracting(TopicDefinition::name)
                .containsExactly(TopicDefinition.OUTCOMES, TopicDefinition.DEAD_LETTERS, TopicDefinition.BRAKES);
    }

    @Test
    void theJournalHasOneOrderAndIsKeptForGood() {
        assertThat(TopicDefinition.ofLedger(false))
                .extracting(TopicDefinition::name)
                .containsExactly(
                        "erasure.intents",
                        "erasure.requests",
                        "erasure.outcomes",
                        "erasure.dead-letters",
                        "erasure.journal");
        assertThat(TopicDefinition.ofLedger(true))
                .extracting(TopicDefinition::name)
                .as("where requests come by OpenDSR, too")
                .endsWith("erasure.journal", "erasure.held");
        assertThat(TopicDefinition.journal().partitions()).isOne();
        assertThat(TopicDefinition.journal().settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1");
    }

    @ParameterizedTest
    @EnumSource
    void everyTopicKeepsThePromiseOfAnAcknowledgement(Durability durability) {
        assertThat(TopicDefinition.all(List.of("shop-db")))
                .allSatisfy(topic -> assertThat(topic.settings(durability))
                        .as("settings of %s", topic.name())
                        .containsAllEntriesOf(topic.settings())
                        .containsAllEntriesOf(durability.settings()));
    }
}
