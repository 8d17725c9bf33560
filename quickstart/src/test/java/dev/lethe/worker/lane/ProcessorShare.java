package dev.lethe.worker.lane;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** How much of one processor a thread uses. */
final class ProcessorShare {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long thread;
    private long cpu;
    private long wall;

    ProcessorShare(String name) {
        thread = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(name))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        sinceLastAsked();
    }

    double sinceLastAsked() {
        long cpuBefore = cpu;
        long wallBefore = wall;
        cpu = threads.getThreadCpuTime(thread);
        wall = System.nanoTime();
        return (double) (cpu - cpuBefore) / (wall - wallBefore);
    }
}
