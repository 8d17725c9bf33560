package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** {@code forum}: names and e-mail addresses; what was written stays, and much of it belongs to two people. */
final class Forum extends Company {
    private static final int BOARDS = 8;
    private static final int POLLS = 10;
    private static final int OPTIONS = 3;

    @Override
    String name() {
        return "forum";
    }

    @Override
    List<String> schemas(SqlServer server) {
        return List.of(server.schema());
    }

    @Override
    boolean mayTell(String row) {
        return false;
    }

    @Override
    List<String> derived() {
        return List.of("posts");
    }

    @Override
    Seed seed(List<Person> people, Random random) {
        return new Rows(people, random).seed();
    }

    private record Member(long id, Person person) {}

    private static final class Rows {
        private final List<Person> people;
        private final Random random;
        private final Seed seed = new Seed();
        private final List<Member> members = new ArrayList<>();
        private final List<Long> threadIds = new ArrayList<>();
        private final List<Long> postIds = new ArrayList<>();
        private long id = 100;

        private final Seed.Table accounts = seed.table("members", "id", "username", "email", "invited_by", "joined_on");
        private final Seed.Table profiles = seed.table("profiles", "member_id", "bio", "birthday");
        private final Seed.Table boards = seed.table("boards", "id", "parent_id", "slug");
        private final Seed.Table threads = seed.table("threads", "id", "board_id", "author_id", "author_name", "title");
        private final Seed.Table posts =
                seed.table("posts", "id", "thread_id", "reply_to", "author_id", "author_name", "ip", "body");
        private final Seed.Table edits = seed.table("post_edits", "post_id", "seq", "editor_id", "old_body");
        private final Seed.Table reactions = seed.table("reactions", "post_id", "member_id", "kind");
        private final Seed.Table attachments = seed.table("attachments", "id", "uploader_id", "post_id", "file_name");
        private final Seed.Table messages =
                seed.table("messages", "id", "sender_id", "recipient_id", "answers", "body");
        private final Seed.Table receipts = seed.table("message_receipts", "message_id", "read_at");
        private final Seed.Table follows = seed.table("follows", "follower", "followed");
        private final Seed.Table polls = seed.table("polls", "id", "thread_id", "question");
        private final Seed.Table options = seed.table("poll_options", "poll_id", "option_no", "wording");
        private final Seed.Table votes = seed.table("poll_votes", "poll_id", "member_id", "option_no");
        private final Seed.Table badges = seed.table("member_badges", "member_id", "badge");
        private final Seed.Table reports =
                seed.table("reports", "id", "reporter_id", "post_id", "duplicate_of", "reason");
        private final Seed.Table digests = seed.table("digest_subscriptions", "email", "board_id");
        private final Seed.Table sessions = seed.table("sessions", "member_id", "id", "seen_at");
        private final Seed.Table tokens = seed.table("Api-Tokens", "Token", "Owner", "default");
        private final Seed.Table moderations = seed.table("moderation_log", "at", "moderator", "wording");

        private Rows(List<Person> people, Random random) {
            this.people = people;
            this.random = random;
        }

        private Seed seed() {
            people.stream().filter(person -> random.nextInt(20) > 0).forEach(this::member);
            boards();
            members.forEach(this::writings);
            polls();
            members.forEach(this::belongings);
            members.forEach(this::correspondence);
            nobody();
            return seed;
        }

        /** Some have a second account under the same address and another name, with which they only look on. */
        private void member(Person person) {
            account(person, person.username(), person.emails().getLast());
            if (random.nextInt(15) == 0) {
                account(person, "lurker-" + ++id, person.email());
            }
        }

        private void account(Person person, String username, String email) {
            long member = ++id;
            accounts.of(
                    person,
                    member,
                    username,
                    email,
                    members.isEmpty() || random.nextInt(3) > 0
                            ? null
                            : any(members).id(),
                    "2017-07-07");
            members.add(new Member(member, person));
        }

        private void boards() {
            for (int board = 1; board <= BOARDS; board++) {
                boards.nobodys(board, board < 4 ? null : 1 + random.nextInt(3), "board-" + board);
                seed.update(
                        "UPDATE boards SET moderator_id = ? WHERE id = ?",
                        any(members).id(),
                        board);
            }
        }

        private boolean writes(Member member) {
            return !looksOn(member);
        }

        /** The second account of a person follows the first. */
        private boolean looksOn(Member member) {
            int index = members.indexOf(member);
            return index > 0 && members.get(index - 1).person().equals(member.person());
        }

        private void writings(Member member) {
            if (!writes(member)) {
                return;
            }
            String name = member.person().username();
            if (threadIds.isEmpty() || random.nextInt(4) == 0) {
                threadIds.add(++id);
                threads.nobodys(id, 1 + random.nextInt(BOARDS), member.id(), name, "About " + id);
            }
            for (int post = random.nextInt(4); post > 0; post--) {
                long thread = any(threadIds);
                Long replied = postIds.isEmpty() || random.nextBoolean() ? null : any(postIds);
                String ip = random.nextInt(5) == 0 ? null : "10.0.0." + random.nextInt(250);
                posts.nobodys(++id, thread, replied, member.id(), name, ip, "Some words");
                postIds.add(id);
                seed.update("UPDATE threads SET last_post_id = ? WHERE id = ?", id, thread);
                for (int edit = random.nextInt(2); edit > 0; edit--) {
                    edits.nobodys(id, edit, any(members).id(), "Some word");
                }
            }
        }

        private void polls() {
            for (int poll = 1; poll <= POLLS; poll++) {
                polls.nobodys(poll, any(threadIds), "Who?");
                for (int option = 1; option <= OPTIONS; option++) {
                    options.nobodys(poll, option, "Option " + option);
                }
            }
        }

        private void belongings(Member member) {
            Person person = member.person();
            if (random.nextInt(3) > 0) {
                profiles.of(person, member.id(), "I am " + person.name(), "1990-01-01");
            }
            var reacted = new HashSet<Long>();
            for (int reaction = random.nextInt(4); reaction > 0; reaction--) {
                long post = any(postIds);
                if (reacted.add(post)) {
                    reactions.of(person, post, member.id(), random.nextBoolean() ? "like" : "thanks");
                }
            }
            for (int attachment = random.nextInt(3); attachment > 0; attachment--) {
                attachments.of(
                        person, ++id, member.id(), random.nextBoolean() ? null : any(postIds), person.name() + ".png");
                if (attachment == 1) {
                    seed.update("UPDATE members SET avatar_id = ? WHERE id = ?", id, avatarOf(member));
                }
            }
            var voted = random.nextInt(POLLS + 1);
            if (voted > 0) {
                votes.of(person, voted, member.id(), 1 + random.nextInt(OPTIONS));
            }
            for (int badge = random.nextInt(3); badge > 0; badge--) {
                badges.of(person, member.id(), "badge " + badge);
            }
            for (int session = random.nextInt(3); session > 0; session--) {
                sessions.of(person, member.id(), Person.uuid(random), "2024-01-01 10:00:00");
            }
            if (random.nextInt(6) == 0) {
                tokens.of(person, Person.uuid(random), member.id(), "1");
            }
            if (writes(member)) {
                traces(person);
            }
        }

        /** Now and then somebody shows a picture that another member uploaded. */
        private long avatarOf(Member member) {
            return random.nextInt(6) == 0 ? any(members).id() : member.id();
        }

        private void traces(Person person) {
            if (random.nextBoolean()) {
                int board = 1 + random.nextInt(BOARDS);
                digests.of(person, person.email(), board);
                digests.of(person, person.email().toLowerCase(Locale.ROOT), board);
            }
            if (random.nextInt(10) == 0) {
                moderations.of(person, "2023-03-03 10:00:00", person.username(), "moved a thread");
            }
        }

        private void correspondence(Member member) {
            Long answered = null;
            Set<Person> owners = new LinkedHashSet<>();
            for (int message = random.nextInt(4); message > 0; message--) {
                Member other = any(members);
                boolean sends = random.nextBoolean();
                owners.add(member.person());
                owners.add(other.person());
                messages.row(
                        owners,
                        ++id,
                        (sends ? member : other).id(),
                        (sends ? other : member).id(),
                        answered,
                        "Dear " + (sends ? other : member).person().name());
                if (random.nextBoolean()) {
                    receipts.row(owners, id, "2024-02-02 10:00:00");
                }
                if (random.nextBoolean()) {
                    answered = id;
                } else {
                    answered = null;
                    owners = new LinkedHashSet<>();
                }
            }
            Member friend = any(members);
            follows.row(List.of(member.person(), friend.person()), member.id(), friend.id());
            if (random.nextInt(6) == 0) {
                report(member);
            }
        }

        private void report(Member member) {
            long post = any(postIds);
            long first = ++id;
            reports.of(
                    member.person(),
                    first,
                    member.id(),
                    post,
                    null,
                    member.person().name() + " is hurt");
            for (int repeated = random.nextInt(3); repeated > 0; repeated--) {
                Member other = any(members);
                reports.row(
                        List.of(member.person(), other.person()),
                        ++id,
                        other.id(),
                        post,
                        first,
                        "so is " + other.person().name());
            }
        }

        private void nobody() {
            threads.nobodys(1, 1, null, "the management", "Rules");
            posts.nobodys(1, 1, null, null, "the management", null, "Be kind");
            digests.nobodys("somebody@example.com", 1);
            moderations.nobodys("2023-03-03 10:00:00", "the management", "opened");
        }

        private <T> T any(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }
    }
}
