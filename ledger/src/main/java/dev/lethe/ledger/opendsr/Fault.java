package dev.lethe.ledger.opendsr;

/**
 * What is wrong with a part of a request.
 *
 * @param field where, such as {@code subject_identities[0].identity_type}; the value there is never repeated
 * @param reason {@code required}, {@code invalid} or {@code unsupported}
 * @param detail what is wrong, and what would be right
 */
record Fault(String field, String reason, String detail) {
    static Fault required(String field) {
        return new Fault(field, "required", "is required");
    }

    static Fault invalid(String field, String detail) {
        return new Fault(field, "invalid", detail);
    }

    static Fault unsupported(String field, String detail) {
        return new Fault(field, "unsupported", detail);
    }

    String message() {
        return field.isEmpty() ? "The body " + detail : field + " " + detail;
    }
}
