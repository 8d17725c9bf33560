package dev.lethe.worker.store.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * When a topic forgets what a tombstone covers (KIP-354). A segment is closed by the first record that comes when it is {@code
 * max.compaction.lag.ms} old, and has to be cleaned at that age; its old form is deleted {@code file.delete.delay.ms} later.
 *
 * @param compacted whether it is compacted at all
 * @param lag {@code max.compaction.lag.ms}
 * @param deleteDelay {@code file.delete.delay.ms}
 */
record TopicSettings(boolean compacted, Duration lag, Duration deleteDelay) {
    /** Without a bound. */
    private static final Duration UNLIMITED = Duration.ofMillis(Long.MAX_VALUE);
    /** The default of the Kafka configuration is without one; a month is what the GDPR leaves (article 12(3)). */
    private static final Duration MONTH = Duration.ofDays(30);
    /** What the cleaner takes to come round and to do its work, generously. */
    private static final Duration CLEANING = Duration.ofMinutes(10);

    static TopicSettings of(Config config) {
        return new TopicSettings(
                Arrays.asList(value(config, TopicConfig.CLEANUP_POLICY_CONFIG, "")
                                .split(","))
                        .contains(TopicConfig.CLEANUP_POLICY_COMPACT),
                milliseconds(config, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
                milliseconds(config, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG));
    }

    private static Duration milliseconds(Config config, String name) {
        return Duration.ofMillis(Long.parseLong(value(config, name, Long.toString(Long.MAX_VALUE))));
    }

    private static String value(Config config, String name, String otherwise) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? otherwise : entry.value();
    }

    /** How long after a tombstone what it covers is gone at the latest. */
    Duration bound() {
        return lag.plus(deleteDelay).plus(CLEANING);
    }

    List<String> obstacles(String topic) {
        var obstacles = new ArrayList<String>();
        if (!compacted) {
            obstacles.add("topic \"" + topic + "\" is not compacted, so a tombstone erases nothing;"
                    + alter(topic, "cleanup.policy=compact"));
        }
        if (lag.equals(UNLIMITED)) {
            obstacles.add("topic \"" + topic + "\" has no max.compaction.lag.ms, so nobody can say when it forgets;"
                    + alter(topic, "max.compaction.lag.ms=604800000"));
        }
        return obstacles;
    }

    List<String> warnings(String topic) {
        return lag.equals(UNLIMITED) || bound().compareTo(MONTH) <= 0
                ? List.of()
                : List.of("topic \"" + topic + "\" forgets only after " + bound().toDays()
                        + " days, and GDPR article 12(3) gives a month;"
                        + alter(topic, "max.compaction.lag.ms=604800000"));
    }

    private static String alter(String topic, String setting) {
        return " set it with kafka-configs --alter --topic " + topic + " --add-config " + setting;
    }
}
