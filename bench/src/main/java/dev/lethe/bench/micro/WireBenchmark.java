package dev.lethe.bench.micro;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.Trigger;
import dev.lethe.events.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The wire contract: what the ingress does for a request, and what a worker does for it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
    private static final String USER = "5c9b6e0e-52f5-4e39-9b0e-6a6d0f3c2b77";
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final UUID EVENT = UUID.fromString("2a4f0c52-6d0e-4c57-8c0b-0c8f7c8d1f10");
    private static final Instant AT = Instant.parse("2026-11-25T12:00:00Z");

    private final Keys keys = Keys.create();
    private final Trigger trigger = new Trigger("fusionauth", "user.delete", EVENT, TENANT, AT);
    private final Subject subject = new Subject(
            keys.subjectKey(TENANT.toString(), USER),
            USER,
            TENANT.toString(),
            Map.of("email", List.of("ada@example.com"), "username", List.of("ada_100%")));
    private final ErasureRequest request = keys.seal(EVENT, AT, AT.plus(Duration.ofDays(30)), trigger, subject);
    private final byte[] bytes = Codec.encode(request);
    private final Outcome outcome = new Outcome(
            EVENT,
            subject.key(),
            "shop",
            Outcome.ERASE,
            AT,
            1,
            Status.ERASED,
            null,
            List.of(
                    TargetOutcome.deleted("order_items", 6),
                    TargetOutcome.deleted("orders", 3),
                    TargetOutcome.deleted("customers", 1)));

    /** The pseudonym: HMAC-SHA256. */
    @Benchmark
    public SubjectKey subjectKey() {
        return keys.subjectKey(TENANT.toString(), USER);
    }

    /** Identifiers to JSON, and sealed by AES256-GCM. */
    @Benchmark
    public ErasureRequest seal() {
        return keys.seal(EVENT, AT, AT.plus(Duration.ofDays(30)), trigger, subject);
    }

    @Benchmark
    public byte[] encodeRequest() {
        return Codec.encode(request);
    }

    @Benchmark
    public ErasureRequest decodeRequest() throws UnreadableRecordException {
        return Codec.decodeRequest(bytes);
    }

    /** Authenticated, decrypted, and read. */
    @Benchmark
    public Subject open() throws UnreadableRecordException {
        return keys.open(request);
    }

    @Benchmark
    public byte[] encodeOutcome() {
        return Codec.encode(outcome);
    }
}
