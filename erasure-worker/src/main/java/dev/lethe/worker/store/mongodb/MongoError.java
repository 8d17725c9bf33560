package dev.lethe.worker.store.mongodb;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoWriteConcernException;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import org.bson.BSONException;
import org.bson.BsonMaximumSizeExceededException;

/**
 * What went wrong in the server, as far as it may be told: a message repeats values, a code does not.
 *
 * @param kind where it went wrong
 * @param code the server's error code (error_codes.yml of its source); 0 if it gave none
 */
record MongoError(Kind kind, int code) {
    enum Kind {
        /** The server did not answer, or is not the one that changes data. */
        CONNECTION,
        /** It does not know the user. */
        LOGIN,
        /** The primary has done it, and a majority has not confirmed it. */
        MAJORITY,
        /** The command is larger than a server takes. */
        SIZE,
        /** It has answered with an error. */
        COMMAND
    }

    static MongoError of(RuntimeException thrown) {
        return switch (thrown) {
            case MongoSecurityException security ->
                new MongoError(security.getCause() instanceof MongoServerException ? Kind.LOGIN : Kind.CONNECTION, 0);
            case MongoWriteConcernException concern -> new MongoError(Kind.MAJORITY, concern.getCode());
            case MongoBulkWriteException bulk -> ofBulk(bulk);
            case MongoServerException server -> new MongoError(Kind.COMMAND, server.getCode());
            case BsonMaximumSizeExceededException size -> new MongoError(Kind.SIZE, 0);
            case MongoException connection -> new MongoError(Kind.CONNECTION, connection.getCode());
            case BSONException form -> new MongoError(Kind.SIZE, 0);
            default -> throw thrown;
        };
    }

    private static MongoError ofBulk(MongoBulkWriteException bulk) {
        return bulk.getWriteErrors().isEmpty()
                ? new MongoError(Kind.MAJORITY, 0)
                : new MongoError(Kind.COMMAND, bulk.getWriteErrors().getFirst().getCode());
    }

    /**
     * The refusal of a batch.
     *
     * @throws StoreUnavailableException if it is not the batch that is refused but the store that can't work
     */
    StoreFailureException refusal() throws StoreUnavailableException {
        return switch (kind) {
            case CONNECTION ->
                throw unavailable("UNREACHABLE", "can't be reached: check the url, the network, the servers");
            case LOGIN -> throw unavailable("UNAUTHENTICATED", "refuses the login: check username and password");
            case MAJORITY ->
                throw unavailable("UNCONFIRMED", "has no majority that confirms a change: check the replica set");
            case SIZE -> new StoreFailureException("TOO_LARGE");
            case COMMAND -> byCode();
        };
    }

    private StoreFailureException byCode() throws StoreUnavailableException {
        return switch (code) {
            // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, PrimarySteppedDown,
            // NotWritablePrimary, …
            case 6, 7, 89, 91, 189, 10107, 11600, 11602, 13435, 13436 ->
                throw unavailable("UNREACHABLE", "is not a primary now, or is being shut down");
            case 18 -> throw unavailable("UNAUTHENTICATED", "refuses the login: check username and password");
            case 13 ->
                throw unavailable("MISCONFIGURED", "denies the access: grant find, remove, update and listCollections");
            case 26, 166 ->
                throw unavailable(
                        "MISCONFIGURED", "has no such collection, or a view in its place: run the plan again");
            case 64, 100 ->
                throw unavailable("UNCONFIRMED", "has no majority that confirms a change: check the replica set");
            // MaxTimeMSExpired, ExceededMemoryLimit, LockTimeout, ExceededTimeLimit, OutOfDiskSpace, too many requests
            case 50, 146, 24, 262, 14031, 16500 ->
                throw unavailable("OVERLOADED", "is short of time, memory or disk: see its log");
            case 112 -> new StoreFailureException("CONFLICT");
            case 121, 11000 -> new StoreFailureException("CONSTRAINT");
            case 10334 -> new StoreFailureException("TOO_LARGE");
            default -> new StoreFailureException("REFUSED");
        };
    }

    private StoreUnavailableException unavailable(String unavailability, String message) {
        return new StoreUnavailableException(
                unavailability, "the database " + message + (code > 0 ? " (error " + code + ")" : ""));
    }
}
