package dev.holdfast.media.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The service as a handful of sets, whose steps are what happens at once: a transaction, or one operation of the file system. All orders
 * in which the steps of some actors can come are tried.
 */
final class Model {
    /** What somebody might have built instead. */
    enum Mistake {
        NONE,
        /** A blob is condemned because nobody used it a moment ago. */
        CONDEMNS_WITHOUT_LOOKING_AGAIN,
        /** A file is named after its bytes alone. */
        NAMES_FILES_BY_HASH,
        /** The database is asked before the files are listed. */
        LOOKS_UP_BEFORE_LISTING,
        /** The intent is gone in a transaction of its own. */
        FORGETS_THE_INTENT_FIRST,
        /** The row says that the bytes are there before they are. */
        SWITCHES_BEFORE_COPYING,
        /** The old bytes are deleted while the row still names them. */
        DELETES_BEFORE_SWITCHING,
        /** A move keeps the id in the name, and the row says where to, which owns the bytes there. */
        MOVES_UNDER_THE_SAME_ID,
        /** Nobody knows of a new copy before a row names it. */
        MOVES_UNANNOUNCED
    }

    /** Bytes of a file, the id in its name, and the store that it is in. */
    record File(String hash, int id, int store) implements Comparable<File> {
        @Override
        public int compareTo(File other) {
            return toString().compareTo(other.toString());
        }
    }

    /**
     * @param copy in the name of its file
     * @param movingTo a store, where a move is announced by the row; otherwise -1
     */
    record Row(String hash, boolean live, int copy, int store, int movingTo) {
        Row(String hash, int id) {
            this(hash, true, id, 0, -1);
        }

        Row condemned() {
            return new Row(hash, false, copy, store, movingTo);
        }

        Row at(int newCopy, int newStore) {
            return new Row(hash, live, newCopy, newStore, -1);
        }

        Row movingTo(int newStore) {
            return new Row(hash, live, copy, store, newStore);
        }
    }

    /** All there is. The files of the model are what {@code ls} would show. */
    record State(
            Set<Integer> intents,
            Map<Integer, Row> rows,
            Map<String, Integer> references,
            Set<File> files,
            List<Position> positions) {
        State copy() {
            return new State(
                    new TreeSet<>(intents),
                    new TreeMap<>(rows),
                    new TreeMap<>(references),
                    new TreeSet<>(files),
                    new ArrayList<>(positions));
        }

        Optional<Integer> live(String hash) {
            return rows.entrySet().stream()
                    .filter(row ->
                            row.getValue().live() && row.getValue().hash().equals(hash))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }

        boolean isUsed(int id) {
            return references.containsValue(id);
        }

        /** What a statement of the sweep finds. */
        Set<Owned> owned() {
            var owned = new TreeSet<Owned>();
            for (int store = 0; store < STORES; store++) {
                for (int id : intents) {
                    owned.add(new Owned(id, store));
                }
            }
            rows.values().forEach(row -> {
                owned.add(new Owned(row.copy(), row.store()));
                owned.add(new Owned(row.copy(), row.movingTo()));
            });
            return owned;
        }
    }

    /** An id in a name, and a store. */
    record Owned(int copy, int store) implements Comparable<Owned> {
        @Override
        public int compareTo(Owned other) {
            return Integer.compare(STORES * copy + store, STORES * other.copy + other.store);
        }
    }

    /** How far an actor is, and what it remembers; it is done at -1. */
    record Position(int step, Set<Integer> ids, Set<File> files, Set<Owned> owned) {
        static final Position BEGIN = at(0);
        static final Position END = at(-1);

        Position(int step, Set<Integer> ids, Set<File> files) {
            this(step, ids, files, Set.of());
        }

        static Position at(int step) {
            return new Position(step, Set.of(), Set.of());
        }

        Position next() {
            return new Position(step + 1, ids, files, owned);
        }
    }

    /** One step of an actor changes the state, and says where the actor is then. */
    interface Actor {
        Position step(State state, Position at);
    }

    private static final int STORES = 2;

    private final Mistake mistake;

    Model(Mistake mistake) {
        this.mistake = mistake;
    }

    private File file(String hash, int copy, int store) {
        return new File(hash, mistake == Mistake.NAMES_FILES_BY_HASH ? 0 : copy, store);
    }

    private File file(Row row) {
        return file(row.hash(), row.copy(), row.store());
    }

    Actor upload(String owner, String hash, int id) {
        return (state, at) -> switch (at.step()) {
            case 0 -> {
                state.intents().add(id);
                yield at.next();
            }
            case 1 -> state.live(hash).isPresent() ? Position.at(4) : at.next();
            case 2 -> {
                state.files().add(file(hash, id, 0));
                if (mistake == Mistake.FORGETS_THE_INTENT_FIRST) {
                    state.intents().remove(id);
                }
                yield at.next();
            }
            case 3 -> {
                Optional<Integer> known = state.live(hash);
                if (mistake != Mistake.FORGETS_THE_INTENT_FIRST
                        && !state.intents().remove(id)) {
                    yield Position.END;
                }
                state.rows().putIfAbsent(known.orElse(id), new Row(hash, id));
                state.references().put(owner, known.orElse(id));
                yield known.isPresent() ? Position.at(5) : Position.END;
            }
            case 4 -> {
                Optional<Integer> known = state.live(hash);
                if (known.isEmpty()) {
                    yield Position.at(2);
                }
                if (state.intents().remove(id)) {
                    state.references().put(owner, known.get());
                }
                yield Position.END;
            }
            default -> {
                if (mistake != Mistake.NAMES_FILES_BY_HASH) {
                    state.files().remove(file(hash, id, 0));
                }
                yield Position.END;
            }
        };
    }

    /** Of a blob to another store, under the id of a copy of its own. It remembers the file that the row named when it began. */
    Actor move(int id, int newCopy, int to) {
        boolean sameId = mistake == Mistake.MOVES_UNDER_THE_SAME_ID;
        return (state, at) -> {
            Row row = state.rows().get(id);
            int step = order(at.step());
            if (step == 0) {
                if (row == null || !row.live() || row.store() == to) {
                    return Position.END;
                }
                if (sameId) {
                    state.rows().put(id, row.movingTo(to));
                } else if (mistake != Mistake.MOVES_UNANNOUNCED) {
                    state.intents().add(newCopy);
                }
                return new Position(1, Set.of(), Set.of(file(row)));
            }
            File old = at.files().iterator().next();
            int copy = sameId ? id : newCopy;
            File made = file(old.hash(), copy, to);
            return switch (step) {
                case 1 -> {
                    if (!state.files().contains(old)) {
                        state.intents().remove(copy);
                        yield Position.END;
                    }
                    state.files().add(made);
                    yield at.next();
                }
                case 2 -> {
                    boolean announced = sameId
                            ? row != null && row.movingTo() == to
                            : state.intents().remove(copy) || mistake == Mistake.MOVES_UNANNOUNCED;
                    if (announced && row != null && row.live() && file(row).equals(old)) {
                        state.rows().put(id, row.at(copy, to));
                        yield mistake == Mistake.DELETES_BEFORE_SWITCHING ? Position.END : at.next();
                    }
                    yield sameId ? Position.END : new Position(4, Set.of(), at.files());
                }
                case 3 -> {
                    state.files().remove(old);
                    yield mistake == Mistake.DELETES_BEFORE_SWITCHING ? at.next() : Position.END;
                }
                default -> {
                    state.files().remove(made);
                    yield Position.END;
                }
            };
        };
    }

    /** Which of the steps of a move comes at that place: 0 announce, 1 copy, 2 switch, 3 delete the old one, 4 delete the new one. */
    private int order(int place) {
        return switch (mistake) {
            case SWITCHES_BEFORE_COPYING -> place == 1 ? 2 : place == 2 ? 1 : place;
            case DELETES_BEFORE_SWITCHING -> place == 2 ? 3 : place == 3 ? 2 : place;
            default -> place;
        };
    }

    Actor attach(String owner, int id) {
        return (state, at) -> {
            Row row = state.rows().get(id);
            if (row != null && row.live()) {
                state.references().put(owner, id);
            }
            return Position.END;
        };
    }

    Actor detach(String owner) {
        return (state, at) -> {
            state.references().remove(owner);
            return Position.END;
        };
    }

    /** Finds blobs that nobody uses, condemns them, deletes their rows and their files. */
    Actor purge() {
        return (state, at) -> switch (at.step()) {
            case 0 -> new Position(1, unused(state), Set.of());
            case 1 -> {
                for (int id : at.ids()) {
                    Row row = state.rows().get(id);
                    boolean looksAgain = mistake != Mistake.CONDEMNS_WITHOUT_LOOKING_AGAIN;
                    if (row != null && !(looksAgain && state.isUsed(id))) {
                        state.rows().put(id, row.condemned());
                    }
                }
                yield at.next();
            }
            case 2 -> {
                var gone = new TreeSet<File>();
                state.rows().forEach((id, row) -> {
                    if (!row.live()) {
                        gone.add(file(row));
                    }
                });
                state.rows().values().removeIf(row -> !row.live());
                yield new Position(3, Set.of(), gone);
            }
            default -> {
                state.files().removeAll(at.files());
                yield Position.END;
            }
        };
    }

    private static Set<Integer> unused(State state) {
        var unused = new TreeSet<Integer>();
        state.rows().forEach((id, row) -> {
            if (row.live() && !state.isUsed(id)) {
                unused.add(id);
            }
        });
        return unused;
    }

    /** Deletes files that nobody owns. */
    Actor sweep() {
        return (state, at) -> switch (at.step()) {
            case 0 ->
                mistake == Mistake.LOOKS_UP_BEFORE_LISTING
                        ? new Position(1, Set.of(), Set.of(), state.owned())
                        : new Position(1, Set.of(), Set.copyOf(state.files()));
            case 1 -> {
                Set<File> listed = mistake == Mistake.LOOKS_UP_BEFORE_LISTING ? Set.copyOf(state.files()) : at.files();
                Set<Owned> owned = mistake == Mistake.LOOKS_UP_BEFORE_LISTING ? at.owned() : state.owned();
                var orphans = new TreeSet<File>(listed);
                orphans.removeIf(file -> isOwned(file, state, owned));
                yield new Position(2, Set.of(), orphans);
            }
            default -> {
                state.files().removeAll(at.files());
                yield Position.END;
            }
        };
    }

    private boolean isOwned(File file, State state, Set<Owned> owned) {
        return mistake == Mistake.NAMES_FILES_BY_HASH
                ? !state.intents().isEmpty()
                        || state.rows().values().stream()
                                .anyMatch(row -> row.hash().equals(file.hash()))
                : owned.contains(new Owned(file.id(), file.store()));
    }

    /** Each live row has its bytes; whoever was told that they refer to a blob refers to a live one. */
    @Nullable String violation(State state) {
        for (Map.Entry<Integer, Row> row : state.rows().entrySet()) {
            if (!state.files().contains(file(row.getValue()))) {
                return "row %d has no bytes".formatted(row.getKey());
            }
        }
        for (Map.Entry<String, Integer> reference : state.references().entrySet()) {
            Row row = state.rows().get(reference.getValue());
            if (row == null || !row.live()) {
                return "%s refers to %d, which is gone".formatted(reference.getKey(), reference.getValue());
            }
        }
        return null;
    }

    /** After a crash just now, when all intents have expired and somebody has swept. */
    @Nullable String violationAfterSweep(State crashed) {
        State state = crashed.copy();
        state.intents().clear();
        for (Actor actor : List.of(purge(), sweep())) {
            for (Position at = Position.BEGIN; at.step() >= 0; ) {
                at = actor.step(state, at);
            }
        }
        for (File file : state.files()) {
            if (!isOwned(file, state, state.owned())) {
                return "%s is left over".formatted(file);
            }
        }
        return violation(state);
    }

    /**
     * Tries all orders from there on.
     *
     * @param explored is told each state that there can be, and what is wrong with it
     * @return how many states there are
     */
    int explore(State begin, List<Actor> actors, BiConsumer<State, String> explored) {
        State first = begin.copy();
        first.positions().clear();
        actors.forEach(actor -> first.positions().add(Position.BEGIN));
        Set<State> seen = new HashSet<>(Set.of(first));
        Deque<State> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            State state = open.removeLast();
            for (String wrong : new String[] {violation(state), violationAfterSweep(state)}) {
                if (wrong != null) {
                    explored.accept(state, wrong);
                }
            }
            for (int i = 0; i < actors.size(); i++) {
                Position at = state.positions().get(i);
                if (at.step() >= 0) {
                    State next = state.copy();
                    next.positions().set(i, actors.get(i).step(next, at));
                    if (seen.add(next)) {
                        open.addLast(next);
                    }
                }
            }
        }
        return seen.size();
    }

    State empty() {
        return new State(new TreeSet<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new ArrayList<>());
    }

    /** With a blob that somebody uses. */
    State withBlob(String owner, String hash, int id) {
        State state = empty();
        state.rows().put(id, new Row(hash, id));
        state.references().put(owner, id);
        state.files().add(file(hash, id, 0));
        return state;
    }
}
