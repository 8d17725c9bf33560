package dev.lethe.ingress;

import dev.lethe.events.TopicDefinition;
import java.util.List;

/** Whether an announced deletion waits for a worker that asks the identity provider whether the user is really gone. */
enum Confirmation {
    /** It is a request at once. */
    NONE,
    /** It is an intent. */
    REQUIRED;

    /** All that the ingress writes to. */
    List<TopicDefinition> topics() {
        return this == NONE ? List.of(topic()) : List.of(topic(), TopicDefinition.completions());
    }

    /** Where it is published. */
    TopicDefinition topic() {
        return switch (this) {
            case NONE -> TopicDefinition.requests();
            case REQUIRED -> TopicDefinition.intents();
        };
    }
}
