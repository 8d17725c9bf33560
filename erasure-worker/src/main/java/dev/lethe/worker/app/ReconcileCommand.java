package dev.lethe.worker.app;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Terminal;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Suggestion;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.keys.KeyFile;
import dev.lethe.worker.confirm.ConfirmConfig;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.reconcile.Bookmark;
import dev.lethe.worker.reconcile.Reconciliation;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.StoreUnavailableException;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe reconcile}. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Finds people in a store whom the identity provider does not know any more: those whose deletion it never"
                    + " announced, or announced before Lethe was there.",
            "",
            "Goes through the user ids that the store holds, and asks the provider that 'confirmation' names, hundreds"
                    + " at a time. Prints the pseudonym (subject key) of each who is gone, and changes nothing; with"
                    + " --publish, requests their erasure, from every store. Nobody is gone unless the provider proves"
                    + " it.",
            "",
            "Ctrl-C stops it; with --progress it goes on from there the next time.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 nobody was found, or all who were found are requested; 1 somebody was found and is not"
                    + " requested, or it could not finish; 2 misused or misconfigured.",
            "",
            "Examples:",
            "  ./lethe reconcile --store shop",
            "  ./lethe reconcile --store shop --progress shop.progress --rate 200 --publish --yes"
        })
public final class ReconcileCommand implements LetheCommand {
    private static final Duration LINES_EVERY = Duration.ofSeconds(5);
    private static final String SOURCE = "reconcile";
    private static final String TYPE = "user.missing";

    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(names = "--store", paramLabel = "STORE", required = true, description = "Where to look.")
    private String store = "";

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            description = "Whose users they are (default: the provider's tenant).")
    private @Nullable UUID tenant;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many people a second (default: ${DEFAULT-VALUE}).")
    private int rate = 1000;

    @Option(names = "--publish", description = "Request the erasure of those who are gone.")
    private boolean publish;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "100",
            description = "Publish no more than so many in one run, unless --yes is given (default: ${DEFAULT-VALUE}).")
    private int most = 100;

    @Option(names = "--yes", description = "Publish however many there are.")
    private boolean yes;

    @Option(
            names = "--due",
            paramLabel = "PERIOD",
            defaultValue = "P1M",
            description = "By when they are to be erased (default: ${DEFAULT-VALUE}).")
    private Period due = Period.ofMonths(1);

    @Option(
            names = "--progress",
            paramLabel = "FILE",
            description = "Remembers how far it is, so that the next run goes on from there; gone when it is done.")
    private @Nullable Path progress;

    @Option(names = "--json", description = "Print JSON: a line for each who is gone, and a last one with the result.")
    private boolean json;

    private int published;
    private Instant told = Instant.MIN;

    /** The line of one who is gone. */
    record Orphan(String subjectKey, boolean requested) {}

    /** The last line. */
    record Result(String store, long looked, int gone, int requested, boolean done) {}

    @Override
    public Integer call() throws MisconfiguredException, CommandFailedException, InterruptedException {
        if (rate < 1 || most < 0) {
            throw new ParameterException(spec.commandLine(), "--rate must be 1 or more, and --most 0 or more.");
        }
        WorkerConfig worker = file.load().config();
        Keys keys = KeyFile.load(worker.keys());
        ConfirmConfig confirmation = worker.confirmation()
                .orElseThrow(() -> new CommandFailedException(
                        "Nobody can be asked who is gone: configure 'confirmation' in " + file.config() + "."));
        StoreConfig storeConfig = Optional.ofNullable(worker.stores().get(store))
                .orElseThrow(() -> new CommandFailedException("There is no store \"" + store + "\""
                        + Suggestion.nearest(store, worker.stores().keySet()) + "."));
        try (ErasureStore opened = storeConfig.opener().get();
                IdentityProvider provider = confirmation.opener().get()) {
            if (!(opened instanceof HolderListing listing)) {
                throw new CommandFailedException("A store of this type can't list whose data it holds.");
            }
            var bookmark = Optional.ofNullable(progress).map(Bookmark::new);
            var reconciliation = new Reconciliation(
                    listing,
                    provider,
                    tenant == null ? null : tenant.toString(),
                    bookmark.isPresent() ? bookmark.get().read() : Optional.empty());
            return run(reconciliation, bookmark, worker, keys);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The file of --progress can't be used (" + e.getClass().getSimpleName() + ").");
        }
    }

    private int run(Reconciliation reconciliation, Optional<Bookmark> bookmark, WorkerConfig worker, Keys keys)
            throws IOException, CommandFailedException, InterruptedException {
        BlockingBucket pace = Bucket.builder()
                .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofSeconds(1)))
                .build()
                .asBlocking();
        Optional<Producer<String, byte[]>> producer =
                publish ? Optional.of(KafkaClients.producer(worker.kafka(), "lethe-reconcile")) : Optional.empty();
        try {
            while (!reconciliation.isDone()) {
                long before = reconciliation.looked();
                for (String userId : reconciliation.next()) {
                    found(userId, producer, keys);
                }
                tellProgress(reconciliation);
                if (publish && published < reconciliation.orphans()) {
                    // The next run begins with this page, so that nobody on it is passed over.
                    break;
                }
                if (bookmark.isPresent()) {
                    remember(bookmark.get(), reconciliation);
                }
                pace.consume(Math.clamp(reconciliation.looked() - before, 1, rate));
            }
        } catch (StoreUnavailableException e) {
            return unfinished(reconciliation, "Store " + store + " can't go on: " + e.code() + ": " + e.getMessage());
        } catch (ProviderUnavailableException e) {
            return unfinished(reconciliation, "The identity provider can't go on: " + e.code() + ": " + e.getMessage());
        } finally {
            producer.ifPresent(open -> open.close(Duration.ofSeconds(2)));
        }
        return finished(reconciliation);
    }

    private static void remember(Bookmark bookmark, Reconciliation reconciliation) throws IOException {
        if (reconciliation.after().isPresent()) {
            bookmark.write(reconciliation.after().get());
        } else {
            bookmark.remove();
        }
    }

    private void found(String userId, Optional<Producer<String, byte[]>> producer, Keys keys)
            throws CommandFailedException, InterruptedException {
        String tenantId = tenant == null ? null : tenant.toString();
        var subject = new Subject(keys.subjectKey(tenantId, userId), userId, tenantId, Map.of());
        boolean requested = producer.isPresent() && !isFull();
        if (requested) {
            request(subject, producer.get(), keys);
            published++;
        }
        out().println(
                        json
                                ? JsonText.of(new Orphan(subject.key().value(), requested))
                                : subject.key().value() + (requested ? "\trequested" : "\tgone"));
        out().flush();
    }

    private boolean isFull() {
        return !yes && published >= most;
    }

    private void request(Subject subject, Producer<String, byte[]> producer, Keys keys)
            throws CommandFailedException, InterruptedException {
        UUID id = UUID.randomUUID();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ErasureRequest request = keys.seal(
                id,
                now,
                now.atOffset(ZoneOffset.UTC).plus(due).toInstant(),
                new Trigger(SOURCE, TYPE, id, tenant, now),
                subject);
        KafkaClients.publish(producer, EventRecords.request(TopicDefinition.REQUESTS, request, null));
    }

    private void tellProgress(Reconciliation reconciliation) {
        Instant now = clock.instant();
        if (Terminal.isInteractive() || told.plus(LINES_EVERY).isBefore(now)) {
            told = now;
            PrintWriter err = spec.commandLine().getErr();
            err.printf("%d people looked at, %d gone%n", reconciliation.looked(), reconciliation.orphans());
            err.flush();
        }
    }

    private int unfinished(Reconciliation reconciliation, String why) {
        finished(reconciliation);
        spec.commandLine().getErr().println(why);
        spec.commandLine()
                .getErr()
                .println(
                        progress == null
                                ? "With --progress FILE, the next run goes on from where this one stops."
                                : "The same command goes on from there.");
        spec.commandLine().getErr().flush();
        return 1;
    }

    private int finished(Reconciliation reconciliation) {
        int gone = reconciliation.orphans();
        if (json) {
            out().println(JsonText.of(
                    new Result(store, reconciliation.looked(), gone, published, reconciliation.isDone())));
        } else {
            out().printf(
                            "%s: %d people looked at, %d gone, %d requested%n",
                            store, reconciliation.looked(), gone, published);
            if (publish && published < gone) {
                out().println("No more than " + most
                        + " are published in one run; --yes publishes however many there are.");
            }
        }
        out().flush();
        return published == gone && reconciliation.isDone() ? 0 : 1;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
