package dev.lethe.bench;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Something that is measured, on servers of its own. */
interface Measurement {
    /**
     * @param folder for everything that it writes while it runs
     * @param full whether it may take long
     * @param progress is told what goes on
     * @param report takes the figures
     */
    void run(Path folder, boolean full, PrintWriter progress, Report report) throws Exception;
}
