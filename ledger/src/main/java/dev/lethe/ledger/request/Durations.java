package dev.lethe.ledger.request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long something took, of many: counted by the logarithm of it, so that a million are a few hundred numbers. */
public record Durations(List<Bucket> buckets) {
    private static final double BASE = 1.05;

    /** @param buckets in their order */
    public Durations {
        buckets = List.copyOf(buckets);
    }

    /** How many are longer than the bucket before it holds, and no longer than this one does. */
    public record Bucket(int number, long count) {}

    /** The bucket that a duration is counted in. */
    public static int bucketOf(Duration duration) {
        long millis = Math.max(1, duration.toMillis());
        return (int) Math.ceil(Math.log((double) millis) / Math.log(BASE));
    }

    /** So many of a hundred took no longer; exact to 5 %. Empty if there are none. */
    public Optional<Duration> percentile(int percent) {
        long all = buckets.stream().mapToLong(Bucket::count).sum();
        long rank = Math.max(1, (all * percent + 99) / 100);
        long seen = 0;
        for (Bucket bucket : buckets) {
            seen += bucket.count();
            if (seen >= rank) {
                return Optional.of(Duration.ofMillis(Math.round(Math.pow(BASE, bucket.number()))));
            }
        }
        return Optional.empty();
    }
}
