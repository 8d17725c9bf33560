package dev.lethe.ingress.authentication;

/** Why a call is not taken for FusionAuth's. The names are what logs and metrics say: they stay as they are. */
public enum Refusal {
    /** No known API key, or more than one header that could hold it. */
    API_KEY,
    /** No known name and password, or credentials that RFC 7617 does not allow. */
    BASIC,
    /** No signature, or more than one. */
    SIGNATURE_MISSING,
    /** A signature that is no compact JWS as RFC 7515 has it: cut off, ambiguous, or with unknown extensions. */
    SIGNATURE_MALFORMED,
    /** An algorithm that is not allowed, or not with this key. */
    SIGNATURE_ALGORITHM,
    /** A key that is not known, or not allowed. */
    SIGNATURE_KEY,
    /** Not signed with the key that it names. */
    SIGNATURE_INVALID,
    /** Signed, but not yet or no longer valid. */
    SIGNATURE_EXPIRED,
    /** Signed, but for another body. */
    SIGNATURE_BODY
}
