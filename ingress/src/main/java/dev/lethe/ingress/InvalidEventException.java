package dev.lethe.ingress;

import java.util.List;

/** A body that is not an event, with everything that is wrong with it. */
final class InvalidEventException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    InvalidEventException(List<Problem> problems) {
        super(problems.size() + " problem(s)");
        this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
        return problems;
    }
}
