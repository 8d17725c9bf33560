package dev.lethe.worker.store;

/** The store is there, and refuses this batch: because of one of its subjects, as far as anybody knows. */
public final class StoreFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    /** @param code from a fixed vocabulary in capitals, such as {@code CONSTRAINT}; the only thing that is passed on */
    public StoreFailureException(String code) {
        super(code);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
