package dev.lethe.worker.store;

/**
 * The store as a whole can't be reached or is refusing work. The lane holds its batch and asks again for as long as it
 * takes.
 */
public final class StoreUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    /**
     * @param code from a fixed vocabulary in capitals: {@code UNREACHABLE}, {@code UNAUTHENTICATED}, {@code OVERLOADED},
     *     {@code MISCONFIGURED}, …
     * @param message what is wrong and what to do, without any identifier
     */
    public StoreUnavailableException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
