package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonPointer;
import dev.lethe.events.UnreadableRecordException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers refuse, and why. */
class CodecRefusalTest {
    private static final String REQUEST = new String(Codec.encode(Samples.REQUEST), UTF_8);
    private static final String OUTCOME = new String(Codec.encode(Samples.OUTCOME), UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "-1", "2147483647"})
    void anotherVersionIsRefusedAsUnknown(String version) {
        String value = "\"version\":" + version;

        assertRequestRefused(REQUEST.replace("\"version\":1", value), Reason.UNKNOWN_VERSION);
        assertOutcomeRefused(OUTCOME.replace("\"version\":1", value), Reason.UNKNOWN_VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "1.0", "1e0", "true", "null", "[1]", "{}", "4294967297", "99999999999999999999"})
    void aVersionThatIsNoVersionIsRefused(String version) {
        String value = "\"version\":" + version;

        assertRequestRefused(REQUEST.replace("\"version\":1", value), Reason.UNDECODABLE);
        assertOutcomeRefused(OUTCOME.replace("\"version\":1", value), Reason.UNDECODABLE);
    }

    @Test
    void aMissingVersionIsRefused() {
        assertRequestRefused(REQUEST.replace("\"version\":1,", ""), Reason.UNDECODABLE);
        assertOutcomeRefused(OUTCOME.replace("\"version\":1,", ""), Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "1", "\"\"", "[]", "{}", "{", "\0", "not JSON", "\ufeff"})
    void whatIsNoObjectOfOursIsRefused(String value) {
        assertRequestRefused(value, Reason.UNDECODABLE);
        assertOutcomeRefused(value, Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", "null", ",", "}", "\0"})
    void anythingAfterTheValueIsRefused(String trailing) {
        assertRequestRefused(REQUEST + trailing, Reason.UNDECODABLE);
        assertRequestRefused(REQUEST + REQUEST, Reason.UNDECODABLE);
        assertOutcomeRefused(OUTCOME + trailing, Reason.UNDECODABLE);
    }

    @Test
    void aFieldThatStandsTwiceIsRefusedEvenIfItIsUnknown() {
        assertRequestRefused(REQUEST.replace("{\"version\":1", "{\"version\":1,\"version\":1"), Reason.UNDECODABLE);
        assertRequestRefused(REQUEST.replace("{\"key\":", "{\"key\":\"x\",\"key\":"), Reason.UNDECODABLE);
        assertRequestRefused(withExtra(REQUEST, "{\"a\":1,\"a\":2}"), Reason.UNDECODABLE);
        assertOutcomeRefused(OUTCOME.replace("{\"target\":", "{\"items\":1,\"target\":"), Reason.UNDECODABLE);
    }

    @Test
    void deepNestingIsRefusedEvenInAnUnknownField() {
        assertRequestRefused(withExtra(REQUEST, "[".repeat(40) + "]".repeat(40)), Reason.UNDECODABLE);
        assertRequestRefused(withExtra(REQUEST, "[".repeat(1_000_000)), Reason.UNDECODABLE);
        assertOutcomeRefused(withExtra(OUTCOME, "{\"a\":".repeat(40) + "1" + "}".repeat(40)), Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/requestId",
                "/requestedAt",
                "/dueBy",
                "/trigger",
                "/trigger/source",
                "/trigger/type",
                "/trigger/eventId",
                "/subject",
                "/subject/key",
                "/subject/sealed"
            })
    void aRequestWithoutARequiredFieldIsRefused(String field) {
        var without = Json.without(Json.tree(Codec.encode(Samples.REQUEST)), JsonPointer.valueOf(field));

        assertRequestRefused(without.toString(), Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/attempt, 2.9",
                "/attempt, 0",
                "/attempt, `\"2\"`",
                "/status, 0",
                "/status, `\"erased\"`",
                "/store, 5",
                "/run, true",
                "/code, 1.5",
                "/reason, `\"\"`",
                "/reason, 5",
                "/targets, {}",
                "/targets, [null]",
                "/targets/0/items, 6.9",
                "/targets/0/items, -1",
                "/targets/0/items, null",
                "/targets/0/items, 9223372036854775808",
                "/targets/0/action, 0",
                "/targets/0/action, `\"DELETE\"`"
            })
    void aFieldOfAnotherTypeIsRefusedAndNeverConverted(String field, String value) {
        var changed =
                Json.with(Json.tree(Codec.encode(Samples.OUTCOME)), JsonPointer.valueOf(field), Json.value(value));

        assertOutcomeRefused(changed.toString(), Reason.UNDECODABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "not JSON",
                "{\"userId\":null,\"identifiers\":{}}",
                "{\"userId\":\" \",\"identifiers\":{}}",
                "{\"userId\":5,\"identifiers\":{}}",
                "{\"userId\":\"u\"}",
                "{\"userId\":\"u\",\"tenantId\":\"\",\"identifiers\":{}}",
                "{\"userId\":\"u\",\"identifiers\":{\"email\":null}}",
                "{\"userId\":\"u\",\"identifiers\":{\"email\":\"e\"}}",
                "{\"userId\":\"u\",\"identifiers\":{\"email\":[null]}}",
                "{\"userId\":\"u\",\"identifiers\":{\"email\":[\"\"]}}",
                "{\"userId\":\"u\",\"identifiers\":{}}{}",
                "{\"userId\":\"u\",\"userId\":\"v\",\"identifiers\":{}}"
            })
    void sealedContentThatIsNoSubjectIsRefused(String plaintext) {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> Codec.decodePlaintext(plaintext.getBytes(UTF_8)))
                .extracting(UnreadableRecordException::reason)
                .isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void aRefusalRepeatsNothingOfTheContent() {
        String value = REQUEST.replace("fusionauth", "ann@one.example is no token");

        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> Codec.decodeRequest(value.getBytes(UTF_8)))
                .satisfies(e -> assertThat(e).hasMessage("UNDECODABLE").hasNoCause());
    }

    private static String withExtra(String json, String extra) {
        return json.replaceFirst("\\{", "{\"x-extra\":" + extra + ",");
    }

    private static void assertRequestRefused(String value, Reason reason) {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .as("reading the request %.300s", value)
                .isThrownBy(() -> Codec.decodeRequest(value.getBytes(UTF_8)))
                .extracting(UnreadableRecordException::reason)
                .isEqualTo(reason);
    }

    private static void assertOutcomeRefused(String value, Reason reason) {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .as("reading the outcome %.300s", value)
                .isThrownBy(() -> Codec.decodeOutcome(value.getBytes(UTF_8)))
                .extracting(UnreadableRecordException::reason)
                .isEqualTo(reason);
    }
}
