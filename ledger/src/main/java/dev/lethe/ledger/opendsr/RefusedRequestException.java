package dev.lethe.ledger.opendsr;

import java.util.List;

/** A call that is not done, with what the specification answers then. */
final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ErrorObject error;

    private RefusedRequestException(ErrorObject error) {
        // Part of the protocol: nobody looks at the stack.
        super(error.error().message(), null, false, false);
        this.error = error;
    }

    static RefusedRequestException of(List<Fault> faults) {
        return new RefusedRequestException(ErrorObject.of(faults));
    }

    static RefusedRequestException of(int status, String message) {
        return new RefusedRequestException(ErrorObject.of(status, message));
    }

    ErrorObject error() {
        return error;
    }
}
