package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import dev.lethe.events.ErasureRequest.SealedSubject;
import dev.lethe.events.WireDomain.Sealed;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** However a record is damaged or forged, it is read as what was sealed, or it is refused. */
@Domain(WireDomain.class)
class CodecMutationTest {
    @Property
    void aFlippedBitIsNeverReadAsSomethingElse(@ForAll Sealed sealed, @ForAll Place place, @ForAll("bits") int bit) {
        byte[] bytes = sealed.bytes();
        bytes[place.in(bytes)] ^= (byte) (1 << bit);

        assertReadAsOneOf(bytes, sealed);
    }

    @Property
    void replacedBytesAreNeverReadAsSomethingElse(
            @ForAll Sealed sealed, @ForAll Place one, @ForAll Place two, @ForAll("bytes") byte[] by) {
        byte[] bytes = sealed.bytes();
        int from = Math.min(one.in(bytes), two.in(bytes));
        int to = Math.max(one.in(bytes), two.in(bytes));

        assertReadAsOneOf(joined(head(bytes, from), by, tail(bytes, to)), sealed);
    }

    @Property
    void insertedBytesAreNeverReadAsSomethingElse(
            @ForAll Sealed sealed, @ForAll Place place, @ForAll("bytes") byte[] inserted) {
        byte[] bytes = sealed.bytes();
        int at = place.in(bytes);

        assertReadAsOneOf(joined(head(bytes, at), inserted, tail(bytes, at)), sealed);
    }

    @Property
    void theHeadOfOneRecordAndTheTailOfAnotherAreNeverReadAsAThird(
            @ForAll Sealed one, @ForAll Sealed other, @ForAll Place cut, @ForAll Place seam) {
        byte[] head = one.bytes();
        byte[] tail = other.bytes();

        assertReadAsOneOf(joined(head(head, cut.in(head)), tail(tail, seam.in(tail))), one, other);
        assertReadAsOneOf(joined(head(head, cut.in(head)), tail(tail, cut.in(head))), one, other);
    }

    @Property
    void aFieldOfAnotherRecordIsNeverReadAsPartOfThisOne(
            @ForAll Sealed one, @ForAll Sealed other, @ForAll Place place) {
        var donor = Json.tree(other.bytes());
        JsonPointer field = place.among(donor);
        var chimera = Json.with(Json.tree(one.bytes()), field, donor.at(field));

        assertReadAsOneOf(Json.bytes(chimera), one, other);
    }

    @Property
    void aFieldThatIsLeftOutIsMissed(@ForAll Sealed sealed, @ForAll Place place) {
        var tree = Json.tree(sealed.bytes());
        var without = Json.without(tree, place.among(tree));

        assertThat(read(Json.bytes(without)))
                .as("the subject of a record without %s", place.among(tree))
                .isEmpty();
    }

    @Property
    void aFieldOfAnyOtherValueIsNeverReadAsSomethingElse(
            @ForAll Sealed sealed, @ForAll Place place, @ForAll("jsonValues") String value) {
        var tree = Json.tree(sealed.bytes());
        var changed = Json.with(tree, place.among(tree), Json.value(value));

        assertReadAsOneOf(Json.bytes(changed), sealed);
    }

    @Property
    void anyBytesAtAllAreRefusedAndNothingElseIsThrown(@ForAll("bytes") byte[] bytes) {
        assertThat(read(bytes)).isEmpty();
    }

    @Property
    void aDamagedOutcomeIsReadOrRefusedAndNothingElseIsThrown(
            @ForAll Outcome outcome, @ForAll Place place, @ForAll("bits") int bit, @ForAll("jsonValues") String value) {
        byte[] flipped = Codec.encode(outcome);
        flipped[place.in(flipped)] ^= (byte) (1 << bit);
        var tree = Json.tree(Codec.encode(outcome));
        var changed = Json.with(tree, place.among(tree), Json.value(value));

        // Outcomes carry no seal: what has their form is one. Any other exception fails the test.
        for (byte[] bytes : new byte[][] {flipped, Json.bytes(changed)}) {
            try {
                assertThat(Codec.decodeOutcome(bytes).attempt()).isPositive();
            } catch (UnreadableRecordException refused) {
                assertThat(refused).hasNoCause();
            }
        }
    }

    @Provide
    Arbitrary<Integer> bits() {
        return Arbitraries.integers().between(0, 7);
    }

    /** Noise, and noise made of what JSON is made of, which gets further. */
    @Provide
    Arbitrary<byte[]> bytes() {
        var syntax = Arbitraries.of(
                "{}[]\",:\\ 01eE+-.=ntfu\n\0".chars().mapToObj(c -> (byte) c).toList());
        return Arbitraries.oneOf(Arbitraries.bytes(), syntax)
                .array(byte[].class)
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<String> jsonValues() {
        var numbers = Combinators.combine(
                        Arbitraries.bigDecimals(), Arbitraries.integers().between(-400, 400))
                .as((number, exponent) -> number + "e" + exponent);
        return Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "0", "1", "[]", "{}", "\"\"", "\" \"", "[null]", "[[]]"),
                Arbitraries.of("9223372036854775807", "-9223372036854775808", "1e400000", "-1e-400000", "0.5"),
                Arbitraries.of("\"AAAAAAAAAAAAAAAAAAAAAA==\"", "\"+1000000000-12-31T23:59:59Z\"", "\"2026-02-30\""),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.longs().map(number -> "\"" + number + "\""),
                numbers,
                WireDomain.texts().map(text -> Json.text(text).toString()));
    }

    private static void assertReadAsOneOf(byte[] bytes, Sealed... originals) {
        assertThat(read(bytes))
                .as("what %s is read as", new String(bytes, UTF_8))
                .satisfiesAnyOf(
                        refused -> assertThat(refused).isEmpty(),
                        read -> assertThat(Arrays.stream(originals).map(CodecMutationTest::withoutSeal))
                                .contains(read.orElseThrow()));
    }

    /** Reads and opens; empty if that was refused. Any other exception passes through. */
    private static Optional<Sealed> read(byte[] bytes) {
        try {
            ErasureRequest request = Codec.decodeRequest(bytes);
            return Optional.of(withoutSeal(new Sealed(request, Samples.KEYS.open(request))));
        } catch (UnreadableRecordException refused) {
            return Optional.empty();
        }
    }

    /** The fields that mean something: the same ciphertext can be written as base64 in more than one way. */
    private static Sealed withoutSeal(Sealed sealed) {
        ErasureRequest request = sealed.request();
        return new Sealed(
                new ErasureRequest(
                        request.requestId(),
                        request.requestedAt(),
                        request.dueBy(),
                        request.trigger(),
                        new SealedSubject(request.subject().key(), "")),
                sealed.subject());
    }

    private static byte[] head(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, Math.min(length, bytes.length));
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
