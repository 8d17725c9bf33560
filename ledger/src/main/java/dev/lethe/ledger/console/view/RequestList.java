package dev.lethe.ledger.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of requests.
 *
 * @param subjectKey of the person whose all they are; null for a list by other criteria
 * @param problem what of the filter can't be understood; null if all can
 * @param firstPath the first page, if this is another
 * @param nextPath the next page, if there is one
 */
public record RequestList(
        List<RequestLine> lines,
        List<Choice> statuses,
        List<Choice> stores,
        List<Choice> dues,
        String from,
        String until,
        boolean isFiltered,
        @Nullable String subjectKey,
        @Nullable String problem,
        @Nullable String firstPath,
        @Nullable String nextPath) {

    public String heading() {
        if (subjectKey != null) {
            return "Requests of person " + subjectKey;
        }
        return isFiltered ? "Chosen requests" : "All requests";
    }

    public String emptyTitle() {
        return subjectKey != null ? "Nothing was ever asked for this person" : "No request is like that";
    }

    public String emptyAdvice() {
        return subjectKey != null
                ? "Check both ids: one letter more or less is another person. Requests from before the log's retention are not here."
                : isFiltered
                        ? "Widen the filter, or show all."
                        : "The first one appears here as soon as it is in the log.";
    }
}
