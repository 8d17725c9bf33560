package dev.lethe.worker.deadletter;

import java.util.Locale;
import java.util.Map;

/**
 * What the code of a dead letter means, and what to do about it.
 *
 * @param meaning what happened
 * @param remedy what whoever reads it does next
 */
public record Explanation(String meaning, String remedy) {
    private static final Explanation OF_ANY_OTHER = new Explanation(
            "The store refused this subject, for a reason of its own kind.",
            "Look for the code in the store's documentation and in the worker's log, mend the cause, then redrive.");

    private static final Explanation MISSING_IDENTIFIER = new Explanation(
            "The store needs an identifier that the request does not have, so nothing was looked for.",
            "Have the ingress keep the identifier, or map the store by userId. Redrive once the store can do without it;"
                    + " otherwise erase by hand, and discard.");

    private static final Map<String, Explanation> BY_CODE = Map.ofEntries(
            Map.entry(
                    "UNDECODABLE",
                    new Explanation(
                            "The record is not the JSON of a request. Something other than an ingress wrote it, or it was"
                                    + " cut off.",
                            "Find its writer by the origin. If a person's request is behind it, have that requested again;"
                                    + " then discard this entry.")),
            Map.entry(
                    "UNKNOWN_VERSION",
                    new Explanation(
                            "The request is of a version of the wire format that the worker did not know.",
                            "Update the workers, then redrive.")),
            Map.entry(
                    "UNSEALABLE",
                    new Explanation(
                            "The request was sealed with a key that the key file did not hold, or was changed afterwards.",
                            "Restore that key file from its backup and restart the workers, then redrive. If the key was"
                                    + " destroyed on purpose, have the erasure requested again, and discard this entry.")),
            Map.entry("MISSING_IDENTIFIER", MISSING_IDENTIFIER),
            Map.entry("UNRESOLVED", MISSING_IDENTIFIER),
            Map.entry(
                    "INVALID_IDENTIFIER",
                    new Explanation(
                            "An identifier of the subject is not of the type or form that the store's column or key has.",
                            "Check the store's mapping: is it the right identifier for that column? Correct it, restart the"
                                    + " workers, then redrive.")),
            Map.entry(
                    "INVALID_VALUE",
                    new Explanation(
                            "The database refused a value (SQLSTATE class 22), such as an identifier of the wrong type.",
                            "Check the store's mapping: is it the right identifier for that column? Correct it, restart the"
                                    + " workers, then redrive.")),
            Map.entry(
                    "CONSTRAINT",
                    new Explanation(
                            "A constraint of the database forbids it (SQLSTATE class 23); the worker's log names it.",
                            "Rows that Lethe does not know hold on to the subject's: map their table or drop the"
                                    + " constraint, then redrive.")),
            Map.entry(
                    "RAISED",
                    new Explanation(
                            "A trigger or function of the database raised an exception (SQLSTATE P0001).",
                            "Find the trigger on the store's tables, and mend or drop it, then redrive.")),
            Map.entry(
                    "TIMEOUT",
                    new Explanation(
                            "The statement took longer than the store's statementTimeout, for this subject alone.",
                            "Look for a missing index on the mapped columns, or raise statementTimeout, then redrive.")),
            Map.entry(
                    "CONFLICT",
                    new Explanation(
                            "Others were changing the same rows each time it was tried (deadlock, serialization).",
                            "Redrive when the application is quieter; if it comes again, look at the application's locks.")),
            Map.entry(
                    "REFUSED",
                    new Explanation(
                            "The database refused it with an error of another kind; the worker's log has the SQLSTATE.",
                            "Look the SQLSTATE up, mend the cause, then redrive.")),
            Map.entry(
                    "UNCLASSIFIED",
                    new Explanation(
                            "The store failed in a way that Lethe does not know; the worker's log names the exception.",
                            "Please report it. Redrive after an update, or when the cause is found.")),
            Map.entry(
                    DeadLetter.UNKNOWN,
                    new Explanation(
                            "The record has not the headers of a dead letter: it was not Lethe that wrote it.",
                            "Find out who writes to erasure.dead-letters, then discard it.")));

    /** Never empty-handed: a code that is new gets general advice. */
    public static Explanation of(String code) {
        return BY_CODE.getOrDefault(code.toUpperCase(Locale.ROOT), OF_ANY_OTHER);
    }

    /** Whether the code has an explanation of its own. */
    static boolean isKnown(String code) {
        return BY_CODE.containsKey(code);
    }
}
