package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.UnreadableRecordException.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final Keys KEYS = Samples.KEYS;

    @Test
    void aSubjectKeyIs128BitsOfBase64Url() {
        assertThat(KEYS.subjectKey("tenant", "user").value()).matches("[A-Za-z0-9_-]{22}");
    }

    @Test
    void theSameUserAlwaysHasTheSameSubjectKey() {
        assertThat(Keys.parse(KEYS.format()).subjectKey("tenant", "user")).isEqualTo(KEYS.subjectKey("tenant", "user"));
    }

    @Test
    void aSubjectKeyDependsOnUserTenantAndSecret() {
        assertThat(Stream.of(
                        KEYS.subjectKey("tenant", "user"),
                        KEYS.subjectKey("tenant", "User"),
                        KEYS.subjectKey("other", "user"),
                        KEYS.subjectKey(null, "user"),
                        Keys.create().subjectKey("tenant", "user")))
                .doesNotHaveDuplicates();
    }

    /** A fixed point: were it to move, every pseudonym in every topic and ledger would lose its person. */
    @Test
    void aSubjectKeyIsTheHmacThatTheWireFormatPromises() {
        String zeros = "A".repeat(43) + "=";
        var file = Json.tree(KEYS.format().getBytes(UTF_8));

        Keys known = Keys.parse(file.put("subjectSecret", zeros).toString());

        // printf tenant/user | openssl dgst -sha256 -mac HMAC -macopt hexkey:<64 zeros> -binary | head -c16 | base64
        assertThat(known.subjectKey("tenant", "user").value()).isEqualTo("SDh1VyZmZCMoO2dZeeZAWg");
        assertThat(known.subjectKey(null, "user").value()).isEqualTo("JD4o-7yUC6slEgH6fzZ7bQ");
    }

    @Test
    void whatIsWrittenToAFileIsReadAsTheSameKeys() throws Exception {
        Keys read = Keys.parse(KEYS.format());

        assertThat(read.open(Samples.REQUEST)).isEqualTo(Samples.SUBJECT);
        assertThat(read.primaryId()).isEqualTo(KEYS.primaryId());
        assertThat(read.format()).isEqualTo(KEYS.format());
    }

    @Test
    void rotatedKeysSealAnewAndStillOpenWhatTheOldOnesSealed() throws Exception {
        Keys rotated = KEYS.rotated();

        assertThat(rotated.size()).isEqualTo(KEYS.size() + 1);
        assertThat(rotated.primaryId()).isNotEqualTo(KEYS.primaryId());
        assertThat(rotated.open(Samples.REQUEST)).isEqualTo(Samples.SUBJECT);
        assertThat(rotated.open(Samples.sealedBy(rotated))).isEqualTo(Samples.SUBJECT);
        assertUnsealable(KEYS, Samples.sealedBy(rotated));
    }

    @Test
    void rotationLeavesSubjectKeysAsTheyAre() {
        assertThat(KEYS.rotated().subjectKey("tenant", "user")).isEqualTo(KEYS.subjectKey("tenant", "user"));
    }

    @Test
    void keysSurviveAHundredRotations() throws Exception {
        Keys rotated = KEYS;
        for (int i = 0; i < 100; i++) {
            rotated = rotated.rotated();
        }

        Keys read = Keys.parse(rotated.format());

        assertThat(read.size()).isEqualTo(KEYS.size() + 100);
        assertThat(read.open(Samples.REQUEST)).isEqualTo(Samples.SUBJECT);
    }

    @Test
    void whatADestroyedKeySealedIsUnsealable() throws Exception {
        Keys remaining = withoutOldKeys(KEYS.rotated());

        assertUnsealable(remaining, Samples.REQUEST);
        assertThat(remaining.open(Samples.sealedBy(remaining))).isEqualTo(Samples.SUBJECT);
    }

    @Test
    void whatAnotherInstallationSealedIsUnsealable() {
        assertUnsealable(Keys.create(), Samples.REQUEST);
    }

    @Test
    void sealingTheSamePersonTwiceNeverLooksAlike() {
        assertThat(Samples.sealedBy(KEYS).subject().sealed())
                .isNotEqualTo(Samples.REQUEST.subject().sealed());
    }

    private static Keys withoutOldKeys(Keys keys) {
        ObjectNode file = Json.tree(keys.format().getBytes(UTF_8));
        long primary = file.at("/sealing/primaryKeyId").asLong();
        var entries = (ArrayNode) file.at("/sealing/key");
        entries.removeIf(entry -> entry.path("keyId").asLong() != primary);
        return Keys.parse(file.toString());
    }

    private static void assertUnsealable(Keys keys, ErasureRequest request) {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> keys.open(request))
                .extracting(UnreadableRecordException::reason)
                .isEqualTo(Reason.UNSEALABLE);
    }
}
