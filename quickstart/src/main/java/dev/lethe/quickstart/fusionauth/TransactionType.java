package dev.lethe.quickstart.fusionauth;

import java.util.Optional;
import java.util.stream.Stream;

/** How many of an event's webhooks have to succeed before the operation behind the event may go on. */
enum TransactionType {
    NONE("None"),
    ANY("Any"),
    SIMPLE_MAJORITY("SimpleMajority"),
    SUPER_MAJORITY("SuperMajority"),
    ABSOLUTE_MAJORITY("AbsoluteMajority");

    private final String apiName;

    TransactionType(String apiName) {
        this.apiName = apiName;
    }

    static Optional<TransactionType> named(String apiName) {
        return Stream.of(values()).filter(type -> type.apiName.equals(apiName)).findFirst();
    }

    String apiName() {
        return apiName;
    }

    /** An event that no webhook wants holds up nothing. */
    boolean isMetBy(int succeeded, int webhooks) {
        return webhooks == 0
                || switch (this) {
                    case NONE -> true;
                    case ANY -> succeeded > 0;
                    case SIMPLE_MAJORITY -> 100 * succeeded >= 50 * webhooks;
                    case SUPER_MAJORITY -> 100 * succeeded >= 66 * webhooks;
                    case ABSOLUTE_MAJORITY -> succeeded == webhooks;
                };
    }
}
