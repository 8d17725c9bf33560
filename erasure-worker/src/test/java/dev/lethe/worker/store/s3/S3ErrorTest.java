package dev.lethe.worker.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.worker.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ErrorTest {
    @ParameterizedTest
    @CsvSource({
        "403, InvalidAccessKeyId, UNAUTHENTICATED",
        "403, SignatureDoesNotMatch, UNAUTHENTICATED",
        "400, ExpiredToken, UNAUTHENTICATED",
        "403, RequestTimeTooSkewed, UNAUTHENTICATED",
        "401, Unauthorized, UNAUTHENTICATED",
        "403, AccessDenied, MISCONFIGURED",
        "404, NoSuchBucket, MISCONFIGURED",
        "301, PermanentRedirect, MISCONFIGURED",
        "400, AuthorizationHeaderMalformed, MISCONFIGURED",
        "501, NotImplemented, MISCONFIGURED",
        "503, SlowDown, OVERLOADED",
        "500, InternalError, OVERLOADED",
        "429, TooManyRequests, OVERLOADED"
    })
    void whatConcernsEverybodyMakesTheStoreUnavailable(int status, String code, String expected) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> S3Error.of(answer(status, code)).refusal())
                .satisfies(unavailable -> assertThat(unavailable.code()).isEqualTo(expected))
                .withMessageContaining(status + " " + code);
    }

    @Test
    void anythingElseIsARefusalOfTheBatch() throws Exception {
        assertThat(S3Error.of(answer(400, "InvalidArgument")).refusal().code()).isEqualTo("REFUSED");
    }

    @Test
    void aServerThatDoesNotAnswerIsUnreachable() {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(
                        () -> S3Error.of(SdkClientException.create("ada-7f3q")).refusal())
                .satisfies(unavailable -> assertThat(unavailable.code()).isEqualTo("UNREACHABLE"))
                .satisfies(unavailable -> assertThat(unavailable.getMessage()).doesNotContain("ada"));
    }

    @Test
    void missingCredentialsAreSaidToBeMissing() {
        var wrapped = SdkClientException.create("", new S3Clients.NoCredentialsException());

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> S3Error.of(wrapped).refusal())
                .satisfies(unavailable -> assertThat(unavailable.code()).isEqualTo("UNAUTHENTICATED"));
    }

    @Test
    void aCodeThatIsNoneIsNotRepeated() {
        assertThat(S3Error.of(answer(400, "ada-7f3q")).code()).isEmpty();
    }

    private static Exception answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
