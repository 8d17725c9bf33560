package dev.lethe.ingress;

import java.util.List;

/** A webhook call that is not accepted, with everything that is wrong with it. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Answer answer;
    private final transient List<Problem> problems;

    private RefusedException(Answer answer, List<Problem> problems) {
        // Part of the protocol, and frequent under attack: nobody looks at the stack.
        super(answer.name(), null, false, false);
        this.answer = answer;
        this.problems = List.copyOf(problems);
    }

    /** Says nothing about what failed: the log does. */
    static RefusedException unauthenticated() {
        return new RefusedException(Answer.UNAUTHENTICATED, List.of(new Problem("[notAuthorized]", null, null)));
    }

    static RefusedException invalid(List<Problem> problems) {
        return new RefusedException(Answer.INVALID, problems);
    }

    static RefusedException invalidJson(String message) {
        return invalid(List.of(new Problem("[invalidJSON]", "", message)));
    }

    /** The body does not come in the form that its headers say, such as in broken chunks. */
    static RefusedException invalidHttp() {
        return of(Answer.INVALID, "[invalidHTTP]", "the body is not framed as HTTP demands");
    }

    static RefusedException tooLarge(int maxBytes) {
        return of(Answer.TOO_LARGE, "[tooLarge]", "the body is larger than " + maxBytes + " bytes");
    }

    static RefusedException unsupportedMediaType() {
        return of(Answer.UNSUPPORTED_MEDIA_TYPE, "[unsupportedMediaType]", "send application/json");
    }

    static RefusedException tooSlow() {
        return of(Answer.TOO_SLOW, "[timeout]", "the body did not come in time");
    }

    static RefusedException overloaded() {
        return of(Answer.OVERLOADED, "[overloaded]", "too much at once; send the event again");
    }

    static RefusedException notCommitted() {
        return of(Answer.NOT_COMMITTED, "[unavailable]", "not committed in time; send the event again");
    }

    private static RefusedException of(Answer answer, String code, String message) {
        return new RefusedException(answer, List.of(new Problem(code, null, message)));
    }

    Answer answer() {
        return answer;
    }

    List<Problem> problems() {
        return problems;
    }
}
