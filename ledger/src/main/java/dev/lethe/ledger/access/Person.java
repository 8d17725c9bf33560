package dev.lethe.ledger.access;

/**
 * Somebody who is signed in, or whose program calls.
 *
 * @param actor who that is in records and logs: the name of the token, or the subject key of the identity provider's user
 * @param shown the name by which the identity provider knows them, for their own eyes; the actor if there is none
 */
public record Person(String actor, String shown, Role role) {
    /** Whether they may do what asks for that role. */
    public boolean may(Role needed) {
        return role.covers(needed);
    }

    @Override
    public String toString() {
        return "Person[" + actor + ", " + role.word() + "]";
    }
}
