package dev.lethe.worker.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketReadException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonMaximumSizeExceededException;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MongoErrorTest {
    private static final ServerAddress SERVER = new ServerAddress();

    @ParameterizedTest
    @CsvSource({
        "91, UNREACHABLE",
        "10107, UNREACHABLE",
        "11600, UNREACHABLE",
        "18, UNAUTHENTICATED",
        "13, MISCONFIGURED",
        "26, MISCONFIGURED",
        "166, MISCONFIGURED",
        "64, UNCONFIRMED",
        "50, OVERLOADED",
        "16500, OVERLOADED"
    })
    void whatConcernsEverybodyMakesTheStoreUnavailable(int code, String expected) {
        assertUnavailable(answer(code), expected);
    }

    @ParameterizedTest
    @CsvSource({"112, CONFLICT", "121, CONSTRAINT", "11000, CONSTRAINT", "10334, TOO_LARGE", "2, REFUSED"})
    void whatConcernsABatchIsItsRefusal(int code, String expected) throws Exception {
        assertThat(MongoError.of(answer(code)).refusal().code()).isEqualTo(expected);
    }

    @Test
    void aServerThatDoesNotAnswerIsUnreachable() {
        assertUnavailable(new MongoTimeoutException("ada-7f3q"), "UNREACHABLE");
        assertUnavailable(new MongoSocketReadException("ada-7f3q", SERVER), "UNREACHABLE");
    }

    @Test
    void aConnectionThatEndsInALoginDoesNotMakeTheLoginWrong() {
        MongoCredential credential = MongoCredential.createCredential("lethe", "admin", new char[0]);

        assertUnavailable(new MongoSecurityException(credential, "", answer(18)), "UNAUTHENTICATED");
        assertUnavailable(
                new MongoSecurityException(credential, "", new MongoSocketReadException("", SERVER)), "UNREACHABLE");
    }

    @Test
    void aCommandThatIsTooLargeIsItsBatchsFault() throws Exception {
        assertThat(MongoError.of(new BsonMaximumSizeExceededException(""))
                        .refusal()
                        .code())
                .isEqualTo("TOO_LARGE");
    }

    @Test
    void whatIsNoneOfTheDriversErrorsIsPassedOn() {
        var refusal = new StoreFailureException("UNATTRIBUTED");

        assertThatThrownBy(() -> MongoError.of(refusal)).isSameAs(refusal);
    }

    private static void assertUnavailable(RuntimeException thrown, String code) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> MongoError.of(thrown).refusal())
                .satisfies(unavailable -> assertThat(unavailable.code()).isEqualTo(code))
                .satisfies(unavailable -> assertThat(unavailable.getMessage()).doesNotContain("ada"));
    }

    private static MongoCommandException answer(int code) {
        var response = new BsonDocument("ok", new BsonInt32(0))
                .append("code", new BsonInt32(code))
                .append("errmsg", new BsonString("duplicate key: ada-7f3q"));
        return new MongoCommandException(response, SERVER);
    }
}
