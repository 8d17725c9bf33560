package dev.lethe.worker.store.s3;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.Turns;
import dev.lethe.worker.store.s3.Batch.Lookup;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Erases what is under keys and prefixes: every version and delete marker, and unfinished uploads. A listing per key or
 * prefix, a deletion per 1,000 items of the whole batch.
 *
 * <p>An item is a version, a delete marker or an unfinished upload. S3 says "deleted" of what is not there, too, so erasers
 * take {@linkplain Turns turns}; those of two workers that are at one subject in the same second may both count an item.
 */
final class S3Store implements ErasureStore {
    private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);

    private final String name;
    private final S3StoreConfig config;
    private final S3Client client;
    private final Bucket bucket;
    private final Requests requests;
    private final InstantSource clock;

    S3Store(String name, S3StoreConfig config, S3Client client, InstantSource clock) {
        this.name = name;
        this.config = config;
        this.client = client;
        this.bucket = new Bucket(client, config.bucket());
        this.requests = new Requests(name, config.concurrency());
        this.clock = clock;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        return Turns.take("s3 " + config.endpoint() + " " + config.bucket(), subjects, () -> {
            var batch = new Batch(config.targets(), subjects);
            findVersions(batch);
            findUploads(batch);
            Map<Item, String> refused = delete(batch.items());
            Map<Item, Lock> locks = locks(refused.keySet());
            Set<Item> gone = abort(batch.items());
            return IntStream.range(0, subjects.size())
                    .mapToObj(subject -> batch.unfit(subject)
                            .<StoreResult>map(StoreResult.Unresolved::new)
                            .orElseGet(() -> result(batch, subject, subjects.get(subject), refused, locks, gone)))
                    .toList();
        });
    }

    private void findVersions(Batch batch) throws StoreUnavailableException {
        List<Lookup> lookups = batch.lookups();
        List<List<Item>> found = requests.all(lookups, lookup -> bucket.versions(lookup.key(), !lookup.isPrefix()));
        for (int i = 0; i < lookups.size(); i++) {
            Lookup lookup = lookups.get(i);
            found.get(i).forEach(item -> batch.found(lookup, item));
        }
    }

    /** There are few as a rule, so that one listing does for everybody. Where there are many, it is one for each lookup. */
    private void findUploads(Batch batch) throws StoreUnavailableException {
        if (batch.lookups().isEmpty()) {
            return;
        }
        List<String> beginnings = config.targets().stream()
                .map(target -> target.template().prefix())
                .distinct()
                .toList();
        List<Optional<List<Item>>> few = requests.all(beginnings, bucket::fewUploads);
        for (int t = 0; t < config.targets().size(); t++) {
            int target = t;
            List<Lookup> lookups = batch.lookups().stream()
                    .filter(lookup -> lookup.target() == target)
                    .toList();
            Optional<List<Item>> all = few.get(
                    beginnings.indexOf(config.targets().get(t).template().prefix()));
            List<List<Item>> found = all.isPresent()
                    ? lookups.stream().map(lookup -> all.get()).toList()
                    : requests.all(lookups, lookup -> bucket.uploads(lookup.key()));
            for (int i = 0; i < lookups.size(); i++) {
                Lookup lookup = lookups.get(i);
                found.get(i).forEach(item -> batch.found(lookup, item));
            }
        }
    }

    private Map<Item, String> delete(Set<Item> items) throws StoreUnavailableException {
        List<Item> deletable =
                items.stream().filter(item -> item.kind() != Item.Kind.UPLOAD).toList();
        List<Item> together =
                deletable.stream().filter(item -> Xml.canHold(item.key())).toList();
        List<Item> alone =
                deletable.stream().filter(item -> !Xml.canHold(item.key())).toList();
        List<List<Item>> pages = IntStream.iterate(0, from -> from < together.size(), from -> from + Bucket.PAGE)
                .mapToObj(from -> together.subList(from, Math.min(from + Bucket.PAGE, together.size())))
                .toList();
        var refused = new LinkedHashMap<Item, String>();
        requests.all(pages, bucket::delete).forEach(refused::putAll);
        requests.all(alone, bucket::deleteAlone).forEach(refused::putAll);
        return refused;
    }

    private Map<Item, Lock> locks(Set<Item> refused) throws StoreUnavailableException {
        var locks = new ConcurrentHashMap<Item, Lock>();
        requests.all(refused, item -> bucket.lock(item, clock.instant()).map(lock -> locks.put(item, lock)));
        return locks;
    }

    /** Answers the uploads that somebody else ended in the meantime. */
    private Set<Item> abort(Set<Item> items) throws StoreUnavailableException {
        List<Item> uploads =
                items.stream().filter(item -> item.kind() == Item.Kind.UPLOAD).toList();
        List<Boolean> aborted = requests.all(uploads, bucket::abort);
        return IntStream.range(0, uploads.size())
                .filter(i -> !aborted.get(i))
                .mapToObj(uploads::get)
                .collect(Collectors.toSet());
    }

    private StoreResult result(
            Batch batch, int index, Subject subject, Map<Item, String> refused, Map<Item, Lock> locks, Set<Item> gone) {
        var outcomes = new ArrayList<TargetOutcome>();
        var codes = new LinkedHashSet<String>();
        for (int t = 0; t < config.targets().size(); t++) {
            String target = config.targets().get(t).name();
            var kept = new ArrayList<Lock>();
            long deleted = 0;
            for (Item item : batch.items(index, t)) {
                if (locks.containsKey(item)) {
                    kept.add(locks.get(item));
                } else if (refused.containsKey(item)) {
                    codes.add(refused.get(item));
                } else if (!gone.contains(item)) {
                    deleted++;
                }
            }
            outcomes.add(TargetOutcome.deleted(target, deleted));
            outcomes.addAll(Lock.outcomes(target, kept));
        }
        if (codes.isEmpty()) {
            return new StoreResult.Settled(outcomes);
        }
        LOG.warn("Store {} could not delete everything of {}: {}", name, subject.key(), codes);
        return new StoreResult.Failed(codes.contains("AccessDenied") ? "DENIED" : "REFUSED");
    }

    /** What is visible is asked for by another request than an erasure's, and what is not shown there comes on top. */
    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(config.targets(), subjects);
        List<Lookup> lookups = batch.lookups();
        List<Set<Item>> found = requests.all(lookups, this::remaining);
        for (int i = 0; i < lookups.size(); i++) {
            Lookup lookup = lookups.get(i);
            found.get(i).forEach(item -> batch.found(lookup, item));
        }
        return batch.remaining();
    }

    private Set<Item> remaining(Lookup lookup) {
        Set<String> visible = bucket.currentKeys(lookup.key(), !lookup.isPrefix());
        Set<Item> items = new LinkedHashSet<>(bucket.versions(lookup.key(), !lookup.isPrefix()));
        items.forEach(item -> visible.remove(item.key()));
        visible.forEach(key -> items.add(new Item(Item.Kind.VERSION, key, "null")));
        items.addAll(bucket.uploads(lookup.key()));
        return items;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        List<StorePlan.Step> steps = config.targets().stream()
                .map(target -> new StorePlan.Step(target.name(), Action.DELETE, target.path()))
                .toList();
        return new Survey(client, config.bucket()).plan(steps);
    }

    @Override
    public void close() {
        requests.close();
        client.close();
    }
}
