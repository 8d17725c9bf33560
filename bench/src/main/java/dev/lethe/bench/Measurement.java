package dev.lethe.bench;

/** Something that is measured, on servers of its own. */
interface Measurement {
    void run(Run run) throws Exception;
}
