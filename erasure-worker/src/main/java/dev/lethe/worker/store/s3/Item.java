package dev.lethe.worker.store.s3;

/**
 * What a bucket keeps, and deletes, by itself.
 *
 * @param kind what it is
 * @param key the object's
 * @param id of the version or the upload; {@code null}, in letters, for the only version of an object that has no others
 */
record Item(Kind kind, String key, String id) {
    enum Kind {
        /** The content of an object, or one that it had before. */
        VERSION,
        /** A version that says: deleted. Its key names somebody all the same. */
        MARKER,
        /** Parts of an object that was never completed. */
        UPLOAD
    }

    @Override
    public String toString() {
        return kind + "[redacted]";
    }
}
