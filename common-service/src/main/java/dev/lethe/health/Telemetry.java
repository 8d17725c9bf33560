package dev.lethe.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** The metrics of a service, in Prometheus' form. Its own, the JVM's, and those of its Kafka clients. */
public final class Telemetry implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final List<KafkaClientMetrics> clients = new ArrayList<>();

    public Telemetry() {
        garbage.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Adds the metrics of a producer. */
    public void observe(Producer<?, ?> producer) {
        observe(new KafkaClientMetrics(producer));
    }

    /** Adds the metrics of a consumer. */
    public void observe(Consumer<?, ?> consumer) {
        observe(new KafkaClientMetrics(consumer));
    }

    private synchronized void observe(KafkaClientMetrics client) {
        client.bindTo(registry);
        clients.add(client);
    }

    /** Everything, in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public synchronized void close() {
        clients.forEach(KafkaClientMetrics::close);
        garbage.close();
        registry.close();
    }
}
