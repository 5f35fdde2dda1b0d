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
        FORGETS_THE_INTENT_FIRST
    }

    /** Bytes of a file, and the id in its name. */
    record File(String hash, int id) implements Comparable<File> {
        @Override
        public int compareTo(File other) {
            return toString().compareTo(other.toString());
        }
    }

    record Row(String hash, boolean live) {}

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

        boolean isOwned(int id) {
            return intents.contains(id) || rows.containsKey(id);
        }
    }

    /** How far a actor is, and what it remembers; it is done at -1. */
    record Position(int step, Set<Integer> ids, Set<File> files) {
        static final Position BEGIN = new Position(0, Set.of(), Set.of());
        static final Position END = new Position(-1, Set.of(), Set.of());

        Position next() {
            return new Position(step + 1, ids, files);
        }
    }

    /** One step of a actor changes the state, and says where the actor is then. */
    interface Actor {
        Position step(State state, Position at);
    }

    private final Mistake mistake;

    Model(Mistake mistake) {
        this.mistake = mistake;
    }

    private File file(String hash, int id) {
        return new File(hash, mistake == Mistake.NAMES_FILES_BY_HASH ? 0 : id);
    }

    Actor upload(String owner, String hash, int id) {
        return (state, at) -> switch (at.step()) {
            case 0 -> {
                state.intents().add(id);
                yield at.next();
            }
            case 1 -> state.live(hash).isPresent() ? new Position(4, Set.of(), Set.of()) : at.next();
            case 2 -> {
                state.files().add(file(hash, id));
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
                state.rows().putIfAbsent(known.orElse(id), new Row(hash, true));
                state.references().put(owner, known.orElse(id));
                yield known.isPresent() ? new Position(5, Set.of(), Set.of()) : Position.END;
            }
            case 4 -> {
                Optional<Integer> known = state.live(hash);
                if (known.isEmpty()) {
                    yield new Position(2, Set.of(), Set.of());
                }
                if (state.intents().remove(id)) {
                    state.references().put(owner, known.get());
                }
                yield Position.END;
            }
            default -> {
                if (mistake != Mistake.NAMES_FILES_BY_HASH) {
                    state.files().remove(file(hash, id));
                }
                yield Position.END;
            }
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
                        state.rows().put(id, new Row(row.hash(), false));
                    }
                }
                yield at.next();
            }
            case 2 -> {
                var gone = new TreeSet<File>();
                state.rows().forEach((id, row) -> {
                    if (!row.live()) {
                        gone.add(file(row.hash(), id));
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
                        ? new Position(1, owned(state), Set.of())
                        : new Position(1, Set.of(), Set.copyOf(state.files()));
            case 1 -> {
                Set<File> listed = mistake == Mistake.LOOKS_UP_BEFORE_LISTING ? Set.copyOf(state.files()) : at.files();
                Set<Integer> owned = mistake == Mistake.LOOKS_UP_BEFORE_LISTING ? at.ids() : owned(state);
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

    private static Set<Integer> owned(State state) {
        var owned = new TreeSet<>(state.intents());
        owned.addAll(state.rows().keySet());
        return owned;
    }

    private boolean isOwned(File file, State state, Set<Integer> owned) {
        return mistake == Mistake.NAMES_FILES_BY_HASH
                ? !state.intents().isEmpty()
                        || state.rows().values().stream()
                                .anyMatch(row -> row.hash().equals(file.hash()))
                : owned.contains(file.id());
    }

    /** Each live row has its bytes; whoever was told that they refer to a blob refers to a live one. */
    @Nullable String violation(State state) {
        for (Map.Entry<Integer, Row> row : state.rows().entrySet()) {
            if (!state.files().contains(file(row.getValue().hash(), row.getKey()))) {
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
            if (!isOwned(file, state, owned(state))) {
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
        state.rows().put(id, new Row(hash, true));
        state.references().put(owner, id);
        state.files().add(file(hash, id));
        return state;
    }
}
