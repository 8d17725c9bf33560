package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** A damaged key file is refused in one of four fixed sentences, none of which can repeat a secret. */
@Domain(WireDomain.class)
class KeyFileTextTest {
    private static final String TEXT = Samples.KEYS.format();
    private static final List<String> SENTENCES = List.of(
            "not JSON",
            "not a key file of version 1",
            "\"subjectSecret\" must be base64 of 32 bytes",
            "\"sealing\" is not a Tink keyset for AEAD");
    private static final List<String> READ_OR_REFUSED =
            Stream.concat(Stream.of(""), SENTENCES.stream()).toList();

    @Property
    void garbageIsRefused(@ForAll("garbage") String text) {
        assertThat(refusalOf(text)).isIn(SENTENCES);
    }

    @Property
    void aFileWithAnyOtherValueInAnyFieldIsReadOrRefused(@ForAll Place place, @ForAll("values") String value) {
        var file = Json.tree(TEXT.getBytes(UTF_8));
        var changed = Json.with(file, place.among(file), Json.value(value));

        assertThat(refusalOf(changed.toString())).isIn(READ_OR_REFUSED);
    }

    @Property
    void aFileWithAnotherCharacterAnywhereIsReadOrRefused(@ForAll Place place, @ForAll("characters") char character) {
        var changed = new StringBuilder(TEXT);
        changed.setCharAt(place.in(TEXT.length()), character);

        assertThat(refusalOf(changed.toString())).isIn(READ_OR_REFUSED);
    }

    @Property(tries = 200)
    void aFileThatIsCutOffIsRefused(@ForAll Place place) {
        String text = TEXT.strip();

        assertThat(refusalOf(text.substring(0, place.in(text.length())))).isIn(SENTENCES);
    }

    @Example
    void aSecretOfAnotherLengthIsRefused() {
        var file = Json.tree(TEXT.getBytes(UTF_8)).put("subjectSecret", "AAAA");

        assertThat(refusalOf(file.toString())).isEqualTo("\"subjectSecret\" must be base64 of 32 bytes");
    }

    @Example
    void keysForAnotherPurposeAreRefused() {
        assertThat(refusalOf(TEXT.replace("AesGcmKey", "HmacKey")))
                .isEqualTo("\"sealing\" is not a Tink keyset for AEAD");
    }

    @Provide
    Arbitrary<String> garbage() {
        return WireDomain.texts();
    }

    @Provide
    Arbitrary<Character> characters() {
        return Arbitraries.oneOf(Arbitraries.chars().all(), Arbitraries.chars().ascii());
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "null", "{}", "[]", "[null]", "[{}]", "true", "0", "-1", "1.5", "1e400", "\"\"", "\"!!\""),
                Arbitraries.longs().map(String::valueOf),
                WireDomain.texts().map(text -> Json.text(text).toString()));
    }

    /** The message of the refusal, or nothing if the text was read. Any other exception passes through. */
    private static String refusalOf(String text) {
        try {
            Keys.parse(text);
            return "";
        } catch (IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }
}
