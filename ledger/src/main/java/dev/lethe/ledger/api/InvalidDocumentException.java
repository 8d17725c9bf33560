package dev.lethe.ledger.api;

/** A program has sent something that can't be used. */
public final class InvalidDocumentException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    InvalidDocumentException(Problem problem) {
        super(problem.title(), null, false, false);
        this.problem = problem;
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }
}
