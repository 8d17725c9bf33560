package dev.lethe.ingress;

import dev.lethe.events.TopicDefinition;

/** Whether an announced deletion waits for a worker that asks the identity provider whether the user is really gone. */
enum Confirmation {
    /** It is a request at once. */
    NONE,
    /** It is an intent. */
    REQUIRED;

    /** Where it is published. */
    TopicDefinition topic() {
        return switch (this) {
            case NONE -> TopicDefinition.requests();
            case REQUIRED -> TopicDefinition.intents();
        };
    }
}
