package dev.lethe.ledger.opendsr;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What goes out, field for field as the specification has it. */
final class Messages {
    static final String VERSION = "2.0";

    private Messages() {}

    /** Section 6.3. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Discovery(
            String apiVersion,
            List<Supported> supportedIdentities,
            List<String> supportedSubjectRequestTypes,
            String processorCertificate) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Supported(String identityType, String identityFormat) {}

    /** Section 7.3. The signature is a header, as the example has it: it can't be in what it signs. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Receipt(
            String controllerId,
            Instant expectedCompletionTime,
            Instant receivedTime,
            String encodedRequest,
            UUID subjectRequestId) {
        /** Nothing of the request. */
        @Override
        public String toString() {
            return "Receipt[" + subjectRequestId + "]";
        }
    }

    /** Section 8.3. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Status(
            String controllerId,
            Instant expectedCompletionTime,
            UUID subjectRequestId,
            String requestStatus,
            String apiVersion) {}

    /** Section 8.6. */
    @JsonNaming(SnakeCaseStrategy.class)
    record StatusCallback(
            String controllerId,
            Instant expectedCompletionTime,
            String statusCallbackUrl,
            UUID subjectRequestId,
            String requestStatus,
            String apiVersion) {}

    /** Section 9.2. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Cancellation(String controllerId, UUID subjectRequestId, Instant receivedTime, String apiVersion) {}
}
