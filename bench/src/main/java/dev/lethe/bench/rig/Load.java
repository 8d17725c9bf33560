package dev.lethe.bench.rig;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What becomes of calls. For one thread. */
public final class Load {
    private static final long MOST_NANOS = 60_000_000_000L;

    private final long begin = System.nanoTime();
    private final Histogram latencies = new Histogram(MOST_NANOS, 3);
    private final Map<Integer, Integer> others = new TreeMap<>();

    /**
     * @param perSecond how many were answered 200
     * @param p50 in milliseconds
     * @param p99 in milliseconds
     */
    public record Result(double perSecond, double p50, double p99) {}

    /** Another answer than 200 is counted, but not timed. */
    public void answered(int status, long nanos) {
        if (status == 200) {
            latencies.recordValue(Math.clamp(nanos, 1, MOST_NANOS));
        } else {
            others.merge(status, 1, Integer::sum);
        }
    }

    /** @throws IllegalStateException if anything was answered otherwise: what is fast because it refuses is not fast */
    public Result result() {
        if (!others.isEmpty() || latencies.getTotalCount() == 0) {
            throw new IllegalStateException(
                    "answered 200: " + latencies.getTotalCount() + "; otherwise, by status: " + others);
        }
        return new Result(
                latencies.getTotalCount() * 1e9 / (System.nanoTime() - begin),
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6);
    }
}
