package dev.lethe.quickstart.server;

/** What tests ask about processes by id. */
final class Processes {

    private Processes() {}

    /** A process that ended but that its parent has not waited for yet is still listed, without a command. */
    static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .isPresent();
    }
}
