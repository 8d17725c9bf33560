package dev.lethe.worker.store.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All patterns of a batch, so that one pass over the keys serves all of them. A key is looked up by what it begins or ends with;
 * only patterns with the identifier between two {@code *} are tried one by one.
 */
final class PatternIndex {
    private final List<Candidate> all = new ArrayList<>();
    private final Map<String, List<Candidate>> byHead = new HashMap<>();
    private final Map<String, List<Candidate>> byTail = new HashMap<>();
    private final Set<Integer> headLengths = new TreeSet<>();
    private final Set<Integer> tailLengths = new TreeSet<>();
    private final List<Candidate> others = new ArrayList<>();

    private int inDoubt;

    private record Candidate(KeyPattern pattern, int target, int subject) {}

    /** @param target an index, as is {@code subject} */
    void add(Target.Lookup lookup, List<String> values, int target, int subject) {
        KeyPattern pattern = KeyPattern.of(lookup.template(), values);
        var candidate = new Candidate(pattern, target, subject);
        List<String> literals = lookup.template().literals();
        all.add(candidate);
        if (!literals.getFirst().contains("*")) {
            headLengths.add(pattern.head().length());
            byHead.computeIfAbsent(pattern.head(), any -> new ArrayList<>()).add(candidate);
        } else if (!literals.getLast().contains("*")) {
            tailLengths.add(pattern.tail().length());
            byTail.computeIfAbsent(pattern.tail(), any -> new ArrayList<>()).add(candidate);
        } else {
            others.add(candidate);
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** What Redis is asked for: every key that one of the patterns matches is among its answers. */
    String glob() {
        if (all.size() == 1) {
            return all.getFirst().pattern().glob();
        }
        String common = all.getFirst().pattern().head();
        for (Candidate candidate : all) {
            int same = 0;
            String head = candidate.pattern().head();
            while (same < Math.min(common.length(), head.length()) && common.charAt(same) == head.charAt(same)) {
                same++;
            }
            common = common.substring(0, same);
        }
        return KeyPattern.escaped(common) + "*";
    }

    /** The subjects whose key this is, by the first target of each that matches. */
    Map<Integer, Integer> targetBySubject(String key) {
        var found = new LinkedHashMap<Integer, Integer>();
        for (int length : headLengths) {
            if (length <= key.length()) {
                decide(byHead.getOrDefault(key.substring(0, length), List.of()), key, found);
            }
        }
        for (int length : tailLengths) {
            if (length <= key.length()) {
                decide(byTail.getOrDefault(key.substring(key.length() - length), List.of()), key, found);
            }
        }
        decide(others, key, found);
        return found;
    }

    /** How many keys so far may have been of one of the subjects, and were left alone. */
    int inDoubt() {
        return inDoubt;
    }

    private void decide(List<Candidate> candidates, String key, Map<Integer, Integer> found) {
        for (Candidate candidate : candidates) {
            if (candidate.pattern().matches(key)) {
                found.merge(candidate.subject(), candidate.target(), Math::min);
            } else if (candidate.pattern().isInDoubt(key)) {
                inDoubt++;
            }
        }
    }
}
