package dev.lethe.worker.erase;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.deadletter.FirstRun;
import dev.lethe.worker.erase.Claim.Delivery;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases a batch from one store. Each request gets an outcome; one whose subject the store refused comes back through the
 * retry topic, and goes to the dead letters when it is too old or can't be read at all.
 */
public final class EraseStep implements Step {
    private static final Logger log = LoggerFactory.getLogger(EraseStep.class);

    private final Look look;
    private final Eraser eraser;
    private final Keys keys;
    private final RetryConfig retries;
    private final ErasureMetrics metrics;
    private final InstantSource clock;

    public EraseStep(
            Look look,
            ErasureStore target,
            Keys keys,
            RetryConfig retries,
            ErasureMetrics metrics,
            InstantSource clock) {
        this.look = look;
        this.eraser = new Eraser(target, look.run());
        this.keys = keys;
        this.retries = retries;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        var consequences = new ArrayList<ProducerRecord<String, byte[]>>();
        Map<SubjectKey, Claim> claims = new LinkedHashMap<>();
        for (Entry entry : batch) {
            try {
                Claim claim = open(entry);
                claims.merge(claim.subject().key(), claim, Claim::and);
            } catch (UnreadableRecordException e) {
                consequences.addAll(unreadable(entry, e.reason()));
            }
        }
        eraser.erase(claims.values(), hold);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var requests = new HashSet<UUID>();
        for (Claim claim : claims.values()) {
            if (claim.isSettled()) {
                claim.deliveries()
                        .forEach(delivery -> consequences.addAll(settle(
                                delivery,
                                claim.result(),
                                requests.add(delivery.request().requestId()),
                                now)));
            }
        }
        return consequences;
    }

    /** @param isFirst of those in the batch that are the same request, redelivered */
    private List<ProducerRecord<String, byte[]>> settle(
            Delivery delivery, StoreResult result, boolean isFirst, Instant now) {
        return switch (result) {
            case StoreResult.Settled settled -> {
                settled.targets().forEach(target -> metrics.items(target.action(), target.items()));
                yield withClosing(delivery.entry(), null, settled(delivery, settled, isFirst, now));
            }
            case StoreResult.Unresolved unresolved ->
                look.isRepeated() ? List.of() : givenUp(delivery, failure(delivery, unresolved.code(), now), now);
            case StoreResult.Large large -> comesBack(delivery, failure(delivery, "LARGE", now), now);
            case StoreResult.Failed failed -> {
                Failure failure = failure(delivery, failed.code(), now);
                yield failure.age(now).compareTo(retries.maxAge()) < 0
                        ? comesBack(delivery, failure, now)
                        : givenUp(delivery, failure, now);
            }
        };
    }

    private List<ProducerRecord<String, byte[]>> settled(
            Delivery delivery, StoreResult.Settled settled, boolean isFirst, Instant now) {
        String run = FirstRun.of(delivery.entry().record().headers(), look.run());
        Status status = statusOf(settled, run);
        if (status == Status.RESIDUE_ERASED) {
            log.warn(
                    "Store {} had data of subject {} again: {} items erased by {}. Somebody still writes about this"
                            + " person{}",
                    look.store(),
                    delivery.request().subject().key(),
                    settled.targets().stream().mapToLong(TargetOutcome::items).sum(),
                    run,
                    delivery.trace());
        }
        ProducerRecord<String, byte[]> outcome = outcome(delivery, now, status, null, settled.targets());
        boolean isOpen = status == Status.RETAINED || status == Status.SCHEDULED;
        boolean settles = look.settles() && (run.equals(Outcome.ERASE) || run.equals(Outcome.SETTLE));
        // Copies would go round beside each other for as long as the item is kept.
        return isOpen && settles && isFirst ? List.of(outcome, stillOpen(delivery)) : List.of(outcome);
    }

    /** The request, to be looked at again. */
    private ProducerRecord<String, byte[]> stillOpen(Delivery delivery) {
        return FirstRun.keep(
                Failure.forgotten(delivery.entry().record(), TopicDefinition.open(look.store())), Outcome.SETTLE);
    }

    private Claim open(Entry entry) throws UnreadableRecordException {
        ErasureRequest request = Codec.decodeRequest(entry.record().value());
        return new Claim(keys.open(request), new Delivery(entry, request));
    }

    private List<ProducerRecord<String, byte[]>> unreadable(Entry entry, UnreadableRecordException.Reason reason) {
        if (look.isRepeated()) {
            return List.of();
        }
        Failure failure = Failure.of(entry.record(), look.group(), look.store(), reason.name(), clock.instant());
        metrics.deadLetter(failure.code());
        log.warn(
                "Dead letter of store {}: {} at {}-{}, offset {}",
                look.store(),
                reason,
                failure.origin().topic(),
                failure.origin().partition(),
                failure.origin().offset());
        ProducerRecord<String, byte[]> deadLetter = failure.deadLetter(entry.record());
        return withClosing(entry, deadLetter.key(), List.of(deadLetter));
    }

    private Failure failure(Delivery delivery, String code, Instant now) {
        Failure failure = Failure.of(delivery.entry().record(), look.group(), look.store(), code, now);
        log.warn(
                "Store {} did not erase {} of subject {}, attempt {}: {}{}",
                look.store(),
                delivery.request().requestId(),
                delivery.request().subject().key(),
                failure.attempt(),
                code,
                delivery.trace());
        return failure;
    }

    private List<ProducerRecord<String, byte[]>> comesBack(Delivery delivery, Failure failure, Instant now) {
        metrics.retry(failure.code());
        return List.of(FirstRun.keep(failure.retry(delivery.entry().record(), now.plus(retries.delay())), look.run()));
    }

    private List<ProducerRecord<String, byte[]>> givenUp(Delivery delivery, Failure failure, Instant now) {
        metrics.deadLetter(failure.code());
        ProducerRecord<String, byte[]> deadLetter = FirstRun.keep(
                failure.deadLetter(
                        delivery.entry().record(),
                        delivery.request().requestId().toString()),
                look.run());
        return withClosing(
                delivery.entry(),
                deadLetter.key(),
                List.of(deadLetter, outcome(delivery, now, Status.FAILED, failure.code(), List.of())));
    }

    /** These, and the end of the dead letter that the record was redriven from, unless one of them replaces it. */
    private static List<ProducerRecord<String, byte[]>> withClosing(
            Entry entry, @Nullable String successor, List<ProducerRecord<String, byte[]>> consequences) {
        return Stream.concat(consequences.stream(), Failure.closing(entry.record(), successor).stream())
                .toList();
    }

    private ProducerRecord<String, byte[]> outcome(
            Delivery delivery, Instant now, Status status, @Nullable String code, List<TargetOutcome> targets) {
        metrics.outcome(status);
        ErasureRequest request = delivery.request();
        ProducerRecord<String, byte[]> outcome = EventRecords.outcome(new Outcome(
                        request.requestId(),
                        request.subject().key(),
                        look.store(),
                        FirstRun.of(delivery.entry().record().headers(), look.run()),
                        now,
                        Failure.attemptOf(delivery.entry().record()),
                        status,
                        code,
                        targets)
                .by(look.by()));
        delivery.traceparent().ifPresent(outcome.headers()::add);
        return outcome;
    }

    /** What is still open counts most; but for a sweep, which did not leave it open. */
    private static Status statusOf(StoreResult.Settled settled, String run) {
        if (Outcome.isSweep(run) && (has(settled, Action.ANONYMIZE) || has(settled, Action.DELETE))) {
            return Status.RESIDUE_ERASED;
        }
        if (has(settled, Action.RETAIN)) {
            return Status.RETAINED;
        }
        if (has(settled, Action.SCHEDULE)) {
            return Status.SCHEDULED;
        }
        if (has(settled, Action.ANONYMIZE)) {
            return Status.ANONYMIZED;
        }
        return has(settled, Action.DELETE) ? Status.ERASED : Status.NOT_FOUND;
    }

    private static boolean has(StoreResult.Settled settled, Action action) {
        return settled.targets().stream().anyMatch(target -> target.action() == action && target.items() > 0);
    }
}
