package dev.lethe.worker.confirm;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.identity.ProviderUser;
import dev.lethe.worker.lane.Entry;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** One announced deletion, and who it is about. */
record Intent(Entry entry, ErasureRequest request, ProviderUser user) {
    /** How often the provider has been asked, this time included. */
    int asked() {
        return Failure.attemptOf(entry.record());
    }

    Optional<Header> traceparent() {
        return Optional.ofNullable(entry.record().headers().lastHeader(EventRecords.TRACEPARENT))
                .filter(header -> header.value() != null);
    }
}
