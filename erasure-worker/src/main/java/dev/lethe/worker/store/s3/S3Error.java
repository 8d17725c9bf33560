package dev.lethe.worker.store.s3;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.s3.S3Clients.NoCredentialsException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * What went wrong with a request, as far as it may be told: a message repeats keys, a code does not.
 *
 * @param status of HTTP; 0 if there was no answer
 * @param code the <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">error code</a>, empty if the
 *     answer has none
 * @see #refusal
 */
record S3Error(int status, String code) {
    private static final Pattern CODE = Pattern.compile("[A-Za-z]{1,64}");
    private static final String NO_CREDENTIALS = "NoCredentials";

    static S3Error of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoCredentialsException) {
                return new S3Error(0, NO_CREDENTIALS);
            }
            if (cause instanceof SdkServiceException service) {
                return new S3Error(service.statusCode(), codeOf(service));
            }
        }
        if (thrown instanceof SdkException) {
            return new S3Error(0, "");
        }
        throw new StoreFailureException("REFUSED");
    }

    private static String codeOf(SdkServiceException service) {
        @Nullable AwsErrorDetails details = service instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
        @Nullable String code = details == null ? null : details.errorCode();
        return code != null && CODE.matcher(code).matches() ? code : "";
    }

    boolean isGone() {
        return status == 404 && !isMissingBucket();
    }

    boolean isDenied() {
        return status == 403 && !isUnauthenticated();
    }

    /** Whether the server does not know the operation, as servers that are merely compatible may not. */
    boolean isUnknownOperation() {
        return status == 405 || status == 501;
    }

    boolean isMissingBucket() {
        return code.equals("NoSuchBucket");
    }

    /** What a bucket or a version without locks answers when it is asked about them: some servers one, some the other. */
    boolean isMissingConfiguration() {
        return isGone() || (status == 400 && code.equals("InvalidRequest"));
    }

    private boolean isUnauthenticated() {
        return switch (code) {
            case NO_CREDENTIALS,
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "ExpiredToken",
                    "InvalidToken",
                    "TokenRefreshRequired",
                    "RequestTimeTooSkewed",
                    "InvalidSecurity",
                    "NotSignedUp" -> true;
            default -> status == 401;
        };
    }

    /**
     * The refusal of a batch.
     *
     * @throws StoreUnavailableException if it is not the batch that is refused but the store that can't work
     */
    StoreFailureException refusal() throws StoreUnavailableException {
        if (isUnauthenticated()) {
            throw unavailable(
                    "UNAUTHENTICATED", "refuses the credentials: check accessKeyId and secretAccessKey, or the role");
        }
        if (status == 0) {
            throw unavailable("UNREACHABLE", "can't be reached: check endpoint, region, the network, the server");
        }
        if (isMissingBucket()) {
            throw unavailable("MISCONFIGURED", "has no such bucket: check bucket and region");
        }
        if (isDenied()) {
            throw unavailable("MISCONFIGURED", "denies the access: the plan says which permission is missing");
        }
        if (status == 301
                || status == 307
                || code.equals("AuthorizationHeaderMalformed")
                || code.equals("InvalidBucketName")) {
            throw unavailable("MISCONFIGURED", "has the bucket elsewhere: check bucket and region");
        }
        if (isUnknownOperation()) {
            throw unavailable("MISCONFIGURED", "does not know an operation that an erasure needs");
        }
        if (status == 429 || status >= 500 || code.equals("SlowDown")) {
            throw unavailable("OVERLOADED", "is overloaded or out of order");
        }
        return new StoreFailureException("REFUSED");
    }

    private StoreUnavailableException unavailable(String code, String message) {
        return new StoreUnavailableException(
                code, "the server " + message + (status == 0 ? "" : " (" + status + " " + this.code + ")"));
    }
}
