package dev.lethe.quickstart.fusionauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionTypeTest {

    @ParameterizedTest(name = "{0}: {1} of {2} webhooks are enough: {3}")
    @CsvSource({
        "None, 0, 3, true",
        "Any, 0, 3, false",
        "Any, 1, 3, true",
        "SimpleMajority, 1, 3, false",
        "SimpleMajority, 1, 2, true",
        "SuperMajority, 1, 2, false",
        "SuperMajority, 2, 3, true",
        "SuperMajority, 13, 20, false",
        "AbsoluteMajority, 2, 3, false",
        "AbsoluteMajority, 3, 3, true",
    })
    void countsSuccesses(String apiName, int succeeded, int webhooks, boolean met) {
        TransactionType type = TransactionType.named(apiName).orElseThrow();

        assertThat(type.isMetBy(succeeded, webhooks)).isEqualTo(met);
    }

    @ParameterizedTest
    @EnumSource
    void isMetWhereNoWebhookIsAsked(TransactionType type) {
        assertThat(type.isMetBy(0, 0)).isTrue();
    }

    @Test
    void knowsNoOtherNames() {
        assertThat(TransactionType.named("Majority")).isEmpty();
    }
}
