package dev.lethe.worker.confirm;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.confirm.ConfirmMetrics.Answer;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.deadletter.FirstRun;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.IdentityProvider.Proof;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.identity.ProviderUser;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the identity provider about a batch of announced deletions. Who is gone becomes a request, the same as it was announced; who
 * is still there is asked for again through the retry topic, and at last counts as withdrawn, and nothing is erased (G4).
 */
public final class ConfirmStep implements Step {
    /** The consumer group of the lane that reads the intents. */
    private static final String GROUP = "erasure." + Outcome.CONFIRM;

    private static final Logger log = LoggerFactory.getLogger(ConfirmStep.class);

    private final IdentityProvider provider;
    private final Keys keys;
    private final ConfirmConfig config;
    private final ConfirmMetrics metrics;
    private final InstantSource clock;

    public ConfirmStep(
            IdentityProvider provider, Keys keys, ConfirmConfig config, ConfirmMetrics metrics, InstantSource clock) {
        this.provider = provider;
        this.keys = keys;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        var consequences = new ArrayList<ProducerRecord<String, byte[]>>();
        var intents = new ArrayList<Intent>();
        for (Entry entry : batch) {
            try {
                intents.add(open(entry));
            } catch (UnreadableRecordException e) {
                consequences.addAll(unreadable(entry, e.reason()));
            }
        }
        Set<ProviderUser> gone = new HashSet<>(ask(intents, Proof.LISTED, hold));
        // What is final must not follow from a list.
        List<Intent> last = new ArrayList<>(intents);
        last.removeIf(intent -> gone.contains(intent.user()) || !isLast(intent));
        gone.addAll(ask(last, Proof.EXACT, hold));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var settled = new HashSet<UUID>();
        for (Intent intent : intents) {
            // Whoever has its partition by now asks for itself: a second retry would replace nothing. And an event that
            // was
            // sent several times is one request.
            if (!intent.entry().isLost() && settled.add(intent.request().requestId())) {
                consequences.addAll(settle(intent, gone.contains(intent.user()), now));
            } else if (!intent.entry().isLost()) {
                consequences.addAll(withClosing(intent.entry(), null, List.of()));
            }
        }
        return consequences;
    }

    /** Waits for as long as the provider can't answer. Takes out of the list what this lane has lost meanwhile. */
    private Set<ProviderUser> ask(List<Intent> intents, Proof proof, Hold hold) throws InterruptedException {
        while (true) {
            intents.removeIf(intent -> intent.entry().isLost());
            if (intents.isEmpty()) {
                return Set.of();
            }
            var users = new LinkedHashSet<ProviderUser>();
            intents.forEach(intent -> users.add(intent.user()));
            try {
                Set<ProviderUser> gone = provider.gone(users, proof);
                hold.over();
                return gone;
            } catch (ProviderUnavailableException e) {
                hold.because(e.code(), String.valueOf(e.getMessage()), e.retryAfter());
            }
        }
    }

    private boolean isLast(Intent intent) {
        return intent.asked() > config.mostAgain();
    }

    private List<ProducerRecord<String, byte[]>> settle(Intent intent, boolean isGone, Instant now) {
        if (isGone) {
            metrics.answered(Answer.GONE);
            return withClosing(
                    intent.entry(),
                    null,
                    List.of(Failure.forgotten(intent.entry().record(), TopicDefinition.REQUESTS)));
        }
        if (isLast(intent)) {
            metrics.answered(Answer.WITHDRAWN);
            log.info(
                    "Withdrawn: {} of subject {}; the user is still there",
                    intent.request().requestId(),
                    intent.request().subject().key());
            return withClosing(intent.entry(), null, List.of(withdrawn(intent, now)));
        }
        metrics.answered(Answer.STILL_THERE);
        Failure failure = Failure.of(intent.entry().record(), GROUP, Outcome.CONFIRM, Answer.STILL_THERE.name(), now);
        return List.of(failure.retry(intent.entry().record(), now.plus(config.again())));
    }

    private Intent open(Entry entry) throws UnreadableRecordException {
        ErasureRequest request = Codec.decodeRequest(entry.record().value());
        Subject subject = keys.open(request);
        return new Intent(entry, request, new ProviderUser(subject.userId(), subject.tenantId()));
    }

    private List<ProducerRecord<String, byte[]>> unreadable(Entry entry, UnreadableRecordException.Reason reason) {
        Failure failure = Failure.of(entry.record(), GROUP, Outcome.CONFIRM, reason.name(), clock.instant());
        metrics.deadLetter(failure.code());
        log.warn(
                "Dead letter of an intent: {} at {}-{}, offset {}",
                reason,
                failure.origin().topic(),
                failure.origin().partition(),
                failure.origin().offset());
        ProducerRecord<String, byte[]> deadLetter = FirstRun.keep(failure.deadLetter(entry.record()), Outcome.CONFIRM);
        return withClosing(entry, deadLetter.key(), List.of(deadLetter));
    }

    private static ProducerRecord<String, byte[]> withdrawn(Intent intent, Instant now) {
        ErasureRequest request = intent.request();
        ProducerRecord<String, byte[]> outcome = EventRecords.outcome(new Outcome(
                request.requestId(),
                request.subject().key(),
                Outcome.CONFIRM,
                Outcome.CONFIRM,
                now,
                intent.asked(),
                Status.WITHDRAWN,
                null,
                List.of()));
        intent.traceparent().ifPresent(outcome.headers()::add);
        return outcome;
    }

    /** These, and the end of the dead letter that the record was redriven from, unless one of them replaces it. */
    private static List<ProducerRecord<String, byte[]>> withClosing(
            Entry entry, @Nullable String successor, List<ProducerRecord<String, byte[]>> consequences) {
        return Stream.concat(consequences.stream(), Failure.closing(entry.record(), successor).stream())
                .toList();
    }
}
