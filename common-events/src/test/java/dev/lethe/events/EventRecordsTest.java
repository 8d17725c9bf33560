package dev.lethe.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EventRecordsTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void aRequestIsKeyedByThePseudonymSoThatOnePersonsRequestsKeepTheirOrder() {
        var record = EventRecords.request(TopicDefinition.REQUESTS, Samples.REQUEST, null);

        assertThat(record.topic()).isEqualTo("erasure.requests");
        assertThat(record.key()).isEqualTo(Samples.SUBJECT.key().value());
        assertThat(record.value()).isEqualTo(Codec.encode(Samples.REQUEST));
    }

    @Test
    void aRequestCarriesCloudEventsAttributesAsHeaders() {
        var record = EventRecords.request(TopicDefinition.INTENTS, Samples.REQUEST, TRACEPARENT);

        assertThat(headersOf(record))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", Samples.REQUEST.requestId().toString(),
                        "ce_type", "dev.lethe.erasure.requested",
                        "ce_source", "/lethe",
                        "ce_time", "2026-03-01T10:15:30.123456Z",
                        "content-type", "application/json",
                        "traceparent", TRACEPARENT));
    }

    @Test
    void aRequestThatNobodyTracesHasNoTraceparent() {
        var record = EventRecords.request(TopicDefinition.REQUESTS, Samples.REQUEST, null);

        assertThat(record.headers().lastHeader("traceparent")).isNull();
    }

    @Test
    void anOutcomeIsKeyedByRequestStoreAndRunSoThatCompactionKeepsOneOfEach() {
        var record = EventRecords.outcome(Samples.OUTCOME);

        assertThat(record.topic()).isEqualTo("erasure.outcomes");
        assertThat(record.key()).isEqualTo(Samples.REQUEST.requestId() + "/shop-db/erase");
        assertThat(record.value()).isEqualTo(Codec.encode(Samples.OUTCOME));
        assertThat(headersOf(record))
                .containsEntry("ce_id", record.key())
                .containsEntry("ce_type", "dev.lethe.erasure.settled")
                .containsEntry("ce_time", "2026-03-01T10:15:31Z")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void noIdentifierStandsInKeysOrHeaders() {
        var request = EventRecords.request(TopicDefinition.REQUESTS, Samples.REQUEST, TRACEPARENT);
        var outcome = EventRecords.outcome(Samples.OUTCOME);

        assertThat(request.key() + headersOf(request) + outcome.key() + headersOf(outcome))
                .doesNotContain(Samples.USER)
                .doesNotContain(Samples.SUBJECT.values("email"));
    }

    private static Map<String, String> headersOf(ProducerRecord<String, byte[]> record) {
        var headers = new LinkedHashMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
