package dev.lethe.worker.store.mongodb;

import com.mongodb.MongoInterruptedException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.Turns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases documents, or elements of their arrays: two commands per collection and batch, whatever the number of subjects. One
 * finds what there is and whose it is, the other deletes or changes just that, acknowledged by a majority.
 *
 * <p>The server tells how many documents it changed, not which, so erasers take {@linkplain Turns turns}; those of two
 * workers that are at one subject in the same moment may both count a document.
 */
final class MongoStore implements ErasureStore {
    private static final Logger LOG = LoggerFactory.getLogger(MongoStore.class);

    private final String name;
    private final MongoStoreConfig config;
    private final Supplier<MongoClient> connect;
    private @Nullable MongoClient client;

    /** @param connect makes the client when it is first needed: it may ask the DNS for the servers */
    MongoStore(String name, MongoStoreConfig config, Supplier<MongoClient> connect) {
        this.name = name;
        this.config = config;
        this.connect = connect;
    }

    private synchronized MongoDatabase database() {
        MongoClient open = client;
        if (open == null) {
            open = connect.get();
            client = open;
        }
        return open.getDatabase(config.database());
    }

    private MongoCollection<BsonDocument> collection(Rule rule) {
        return database().getCollection(rule.collection(), BsonDocument.class);
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(config.rules(), subjects);
        long[][] items = batch.isEmpty()
                ? new long[config.rules().size()][subjects.size()]
                : Turns.take(place(), subjects, () -> asking(() -> eraseNow(batch, subjects.size())));
        return IntStream.range(0, subjects.size())
                .mapToObj(subject -> batch.unfit(subject)
                        .<StoreResult>map(StoreResult.Unresolved::new)
                        .orElseGet(() -> settled(items, subject)))
                .toList();
    }

    private String place() {
        return "mongodb " + config.url() + " " + config.database();
    }

    private StoreResult settled(long[][] items, int subject) {
        return new StoreResult.Settled(IntStream.range(0, items.length)
                .mapToObj(r -> config.rules().get(r).outcome(items[r][subject]))
                .toList());
    }

    private long[][] eraseNow(Batch batch, int subjects) throws StoreUnavailableException {
        List<Finding> findings = config.rules().stream()
                .map(rule -> Finding.of(collection(rule), rule, batch))
                .toList();
        requireCollections(findings.stream()
                .filter(Finding::isEmpty)
                .map(finding -> finding.rule().collection())
                .collect(Collectors.toSet()));
        var items = new long[findings.size()][];
        for (int r = 0; r < items.length; r++) {
            Finding finding = findings.get(r);
            items[r] = finding.items(subjects);
            long missed = finding.erase(collection(finding.rule()));
            if (missed > 0) {
                LOG.info(
                        "Store {}: {} documents of {} changed hands while they were erased",
                        name,
                        missed,
                        finding.rule());
            }
        }
        return items;
    }

    /** A collection that is not there looks like an empty one. */
    private void requireCollections(Set<String> empty) throws StoreUnavailableException {
        if (empty.isEmpty()) {
            return;
        }
        Set<String> missing = new TreeSet<>(empty);
        database().listCollectionNames().filter(Filters.in("name", empty)).forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new StoreUnavailableException(
                    "MISCONFIGURED",
                    "database " + config.database() + " has no collection " + String.join(", ", missing));
        }
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(config.rules(), subjects);
        batch.requireFit();
        if (subjects.isEmpty()) {
            return List.of();
        }
        return asking(() -> {
            var all = new ArrayList<Remaining>();
            for (Subject subject : subjects) {
                var items = new LinkedHashMap<String, Long>();
                config.rules()
                        .forEach(rule -> items.put(rule.collection(), ReadBack.count(collection(rule), rule, subject)));
                all.add(new Remaining(items));
            }
            requireCollections(config.rules().stream()
                    .map(Rule::collection)
                    .filter(collection -> all.stream()
                            .allMatch(
                                    left -> Long.valueOf(0).equals(left.items().get(collection))))
                    .collect(Collectors.toSet()));
            return all;
        });
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return asking(() -> Survey.plan(database(), config.rules()));
    }

    private interface Question<T> {
        T ask() throws StoreUnavailableException;
    }

    private static <T> T asking(Question<T> question) throws StoreUnavailableException {
        try {
            return question.ask();
        } catch (MongoInterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("UNREACHABLE", "the command was interrupted");
        } catch (RuntimeException e) {
            throw MongoError.of(e).refusal();
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
