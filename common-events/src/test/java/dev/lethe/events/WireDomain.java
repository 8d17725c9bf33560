package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.domains.DomainContextBase;
import org.jspecify.annotations.Nullable;

/** Whatever can stand in the topics: optional fields there and absent, identifiers as hostile as they come. */
final class WireDomain extends DomainContextBase {
    /** A request, and who it is about. */
    record Sealed(ErasureRequest request, Subject subject) {
        byte[] bytes() {
            return Codec.encode(request);
        }
    }

    @Provide
    Arbitrary<Sealed> requests() {
        return Combinators.combine(uuids(), instants(), instants(), triggers(), subjects())
                .as((id, requestedAt, dueBy, trigger, subject) ->
                        new Sealed(Samples.KEYS.seal(id, requestedAt, dueBy, trigger, subject), subject))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Subject> subjects() {
        return Combinators.combine(texts(), texts().injectNull(0.3), identifiers())
                .as((user, tenant, identifiers) ->
                        new Subject(Samples.KEYS.subjectKey(tenant, user), user, tenant, identifiers))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Trigger> triggers() {
        return Combinators.combine(
                        tokens(),
                        tokens(),
                        uuids(),
                        uuids().injectNull(0.3),
                        instants().injectNull(0.3))
                .as(Trigger::new);
    }

    @Provide
    Arbitrary<Outcome> outcomes() {
        var bare = Combinators.combine(
                        uuids(),
                        texts().map(user -> Samples.KEYS.subjectKey(null, user)),
                        texts(),
                        tokens(),
                        instants(),
                        Arbitraries.integers().greaterOrEqual(1),
                        Arbitraries.of(Status.class),
                        tokens().injectNull(0.7))
                .as((request, subject, store, run, at, attempt, status, code) ->
                        new Outcome(request, subject, store, run, at, attempt, status, code, List.of()));
        var reasons = texts().filter(text -> text.codePointCount(0, text.length()) <= Outcome.LONGEST_REASON);
        return Combinators.combine(
                        bare, reasons.injectNull(0.8), targets().list().ofMaxSize(4), makers().injectNull(0.5))
                .as(WireDomain::with)
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<UUID> uuids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    /** To the nanosecond, in the years that RFC 3339 can write. */
    @Provide
    Arbitrary<Instant> instants() {
        return Combinators.combine(
                        Arbitraries.longs()
                                .between(
                                        Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
                                        Instant.parse("9999-12-31T23:59:59Z").getEpochSecond()),
                        Arbitraries.longs().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
    }

    @Provide
    Arbitrary<Place> places() {
        return Arbitraries.integers()
                .between(0, Place.PARTS - 1)
                .withDistribution(RandomDistribution.uniform())
                .map(Place::new);
    }

    /** What no store and no format may trip over: quotes, patterns, controls, emoji, half an emoji, JSON. */
    static Arbitrary<String> texts() {
        var nasty = Arbitraries.of(
                "' OR 1=1 --",
                "\"}],\"userId\":\"other",
                "{\"a\":1}",
                "*",
                "a%_",
                "../../x",
                "\\u0000",
                "\0",
                "\r\n",
                "😀",
                "\ud83d",
                "\ude00",
                "é\u0301",
                "\u2028",
                "\u202egnp",
                "null",
                "x".repeat(2_000));
        return Arbitraries.oneOf(
                        Arbitraries.strings().all().ofMaxLength(40),
                        nasty,
                        nasty.list().ofMinSize(2).ofMaxSize(4).map(parts -> String.join("", parts)))
                .filter(text -> !text.isBlank());
    }

    /** Names come from a configuration file, which is UTF-8: half an emoji can stand in a value, but in no name. */
    private static Arbitrary<Map<String, List<String>>> identifiers() {
        var hostile = texts().filter(name -> UTF_8.newEncoder().canEncode(name));
        var names = Arbitraries.oneOf(Arbitraries.of("email", "username", "phoneNumber"), hostile);
        return Arbitraries.maps(names, texts().list().ofMaxSize(3)).ofMaxSize(4);
    }

    private static Arbitrary<String> tokens() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .withChars("._-")
                .ofMinLength(1)
                .ofMaxLength(64);
    }

    private static Arbitrary<TargetOutcome> targets() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.of(Action.class),
                        Arbitraries.longs().greaterOrEqual(0),
                        texts().injectNull(0.5),
                        new WireDomain().instants().injectNull(0.5))
                .as(TargetOutcome::new);
    }

    private static Arbitrary<Maker> makers() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.strings().withChars("0123456789abcdef").ofLength(64))
                .as((version, hash) -> new Maker(version, "sha256:" + hash));
    }

    private static Outcome with(
            Outcome bare, @Nullable String reason, List<TargetOutcome> targets, @Nullable Maker by) {
        return new Outcome(
                bare.requestId(),
                bare.subjectKey(),
                bare.store(),
                bare.run(),
                bare.at(),
                bare.attempt(),
                bare.status(),
                bare.code(),
                reason,
                targets,
                by);
    }
}
