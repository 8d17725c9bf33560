package dev.lethe.worker.store.kafka;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What went wrong in the cluster. Only the kind of an exception is told: messages may repeat records. */
final class KafkaError {
    private KafkaError() {}

    /**
     * The refusal of a batch.
     *
     * @throws StoreUnavailableException if it is not the batch that is refused but the store that can't work
     */
    static StoreFailureException refusal(Throwable thrown) throws StoreUnavailableException {
        Throwable cause = causeOf(thrown);
        return switch (cause) {
            case AuthenticationException refused ->
                throw unavailable(refused, "UNAUTHENTICATED", "refuses the login: check the properties in kafka");
            case AuthorizationException refused ->
                throw unavailable(
                        refused,
                        "MISCONFIGURED",
                        "does not permit it: READ, WRITE, DESCRIBE and DESCRIBE_CONFIGS are needed on every topic");
            case UnknownTopicOrPartitionException missing ->
                throw unavailable(missing, "MISCONFIGURED", "lacks a topic: run the plan again");
            case InvalidTopicException missing ->
                throw unavailable(missing, "MISCONFIGURED", "lacks a topic: run the plan again");
            case NotEnoughReplicasException few ->
                throw unavailable(few, "OVERLOADED", "has fewer replicas in sync than it asks for");
            case NotEnoughReplicasAfterAppendException few ->
                throw unavailable(few, "OVERLOADED", "has fewer replicas in sync than it asks for");
            case ThrottlingQuotaExceededException much ->
                throw unavailable(much, "OVERLOADED", "throttles this client");
            case ConfigException wrong ->
                // Names that can't be resolved count as a wrong configuration there.
                throw unavailable(wrong, "UNREACHABLE", "can't be reached: check the properties in kafka");
            case TimeoutException late ->
                throw unavailable(
                        late, "UNREACHABLE", "can't be reached: check bootstrap.servers, the network, the brokers");
            case RetriableException away ->
                throw unavailable(
                        away, "UNREACHABLE", "can't be reached: check bootstrap.servers, the network, the brokers");
            default -> new StoreFailureException("REFUSED");
        };
    }

    private static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof ExecutionException || cause.getClass().equals(KafkaException.class))
                && cause.getCause() != null) {
            cause = Objects.requireNonNull(cause.getCause());
        }
        return cause;
    }

    private static StoreUnavailableException unavailable(Throwable cause, String code, String what) {
        return new StoreUnavailableException(
                code, "the Kafka cluster " + what + " (" + cause.getClass().getSimpleName() + ")");
    }
}
