package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.WireDomain.Sealed;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

@Domain(WireDomain.class)
class CodecTest {
    @Property
    void aRequestSurvivesTheRoundTrip(@ForAll Sealed sealed) throws Exception {
        ErasureRequest read = Codec.decodeRequest(sealed.bytes());

        assertThat(read).isEqualTo(sealed.request());
        assertThat(Samples.KEYS.open(read)).isEqualTo(sealed.subject());
    }

    @Property
    void anOutcomeSurvivesTheRoundTrip(@ForAll Outcome outcome) throws Exception {
        Outcome read = Codec.decodeOutcome(Codec.encode(outcome));

        assertThat(read).isEqualTo(outcome);
    }

    @Property(tries = 200)
    void anInstantOfAnyAgeSurvivesTheRoundTrip(@ForAll("anyInstant") Instant instant) throws Exception {
        var request = Samples.KEYS.seal(UUID.randomUUID(), instant, instant, Samples.TRIGGER, Samples.SUBJECT);

        ErasureRequest read = Codec.decodeRequest(Codec.encode(request));

        assertThat(read).isEqualTo(request);
        assertThat(Samples.KEYS.open(read)).isEqualTo(Samples.SUBJECT);
    }

    @Property(tries = 200)
    void unknownFieldsAreIgnoredAtEveryLevel(@ForAll Sealed sealed, @ForAll Outcome outcome) throws Exception {
        byte[] request = withUnknownFields(sealed.bytes());
        byte[] settled = withUnknownFields(Codec.encode(outcome));

        assertThat(Codec.decodeRequest(request)).isEqualTo(sealed.request());
        assertThat(Codec.decodeOutcome(settled)).isEqualTo(outcome);
    }

    @Example
    void absentOptionalFieldsAreNotWritten() {
        var trigger = new Trigger("fusionauth", "user.delete", new UUID(1, 2), null, null);
        var request = Samples.KEYS.seal(new UUID(3, 4), Instant.EPOCH, Instant.EPOCH, trigger, Samples.SUBJECT);

        byte[] value = Codec.encode(request);

        assertThat(Json.tree(value).at("/trigger").fieldNames())
                .toIterable()
                .containsExactly("source", "type", "eventId");
    }

    @Example
    void theVersionStandsFirst() {
        assertThat(new String(Codec.encode(Samples.REQUEST), UTF_8)).startsWith("{\"version\":1,\"requestId\":\"");
        assertThat(new String(Codec.encode(Samples.OUTCOME), UTF_8)).startsWith("{\"version\":1,\"requestId\":\"");
    }

    @Example
    void nothingThatIdentifiesThePersonStandsInTheValueUnsealed() {
        assertThat(new String(Codec.encode(Samples.REQUEST), UTF_8))
                .doesNotContain(Samples.USER)
                .doesNotContain(Samples.SUBJECT.values("email"));
    }

    @Provide
    Arbitrary<Instant> anyInstant() {
        return Arbitraries.longs()
                .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    private static byte[] withUnknownFields(byte[] json) {
        var tree = Json.tree(json);
        for (var object : Json.objects(tree)) {
            object.put("x-flag", true);
            object.set("x-later", Json.value("{\"version\":7,\"sealed\":[null,{\"userId\":\"other\"}]}"));
        }
        return Json.bytes(tree);
    }
}
