package dev.lethe.worker.store.kafka;

import dev.lethe.config.Section;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.store.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which compacted topics hold personal data, under which keys.
 *
 * @param kafka how to reach the cluster, which need not be the one with the erasure log
 * @param topics the keys of a subject's records, as UTF-8 text, by topic
 */
record KafkaStoreConfig(KafkaConfig kafka, Map<String, List<Template>> topics) {
    KafkaStoreConfig {
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
    }

    static KafkaStoreConfig read(Section section) {
        Section topics = section.section("topics");
        var templates = new LinkedHashMap<String, List<Template>>();
        topics.keys().forEach(topic -> templates.put(topic, Template.readList(topics, topic)));
        if (templates.isEmpty()) {
            section.problem("topics", "must map a topic to a key, such as { user-profiles: \"{userId}\" }");
        }
        return new KafkaStoreConfig(KafkaConfig.read(section.section("kafka")), templates);
    }
}
