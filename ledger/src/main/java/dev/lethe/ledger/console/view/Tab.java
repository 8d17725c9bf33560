package dev.lethe.ledger.console.view;

/** The pages that are always one step away. */
public enum Tab {
    OVERVIEW("Overview", "/console"),
    REQUESTS("Requests", "/console/requests"),
    STORES("Stores", "/console/stores"),
    DEAD_LETTERS("Dead letters", "/console/dead-letters"),
    ACTIVITY("Activity", "/console/activity");

    private final String title;
    private final String path;

    Tab(String title, String path) {
        this.title = title;
        this.path = path;
    }

    public String title() {
        return title;
    }

    public String path() {
        return path;
    }
}
