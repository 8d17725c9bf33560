package dev.lethe.worker.brake;

import dev.lethe.config.Section;

/**
 * What a store may lose without a human being asked.
 *
 * @param erasuresPerMinute how many people within any minute, by each worker; {@value #UNLIMITED} for any number
 * @param itemsPerSubject how many items of one person; {@value #UNLIMITED} for any number
 */
public record BrakeConfig(int erasuresPerMinute, int itemsPerSubject) {
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** Reads the section {@code brake} of a store. */
    public static BrakeConfig read(Section store) {
        Section section = store.section("brake");
        return new BrakeConfig(
                section.integer("erasuresPerMinute", UNLIMITED, 1, UNLIMITED),
                section.integer("itemsPerSubject", UNLIMITED, 1, UNLIMITED));
    }

    public boolean isAny() {
        return erasuresPerMinute < UNLIMITED || itemsPerSubject < UNLIMITED;
    }

    boolean limitsItems() {
        return itemsPerSubject < UNLIMITED;
    }
}
