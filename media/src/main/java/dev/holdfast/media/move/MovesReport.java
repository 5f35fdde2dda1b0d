package dev.holdfast.media.move;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of many moves.
 *
 * @param found that should be elsewhere
 * @param bytes of what was found
 * @param changed were moved by others meanwhile, or are gone
 * @param damaged are not what they should be, and stay
 * @param failed because of a store; the log says why
 * @param last there may be more behind this one
 */
record MovesReport(
        long found,
        long bytes,
        long moved,
        long changed,
        long damaged,
        long failed,
        @Nullable UUID last) {
    static MovesReport found(long count, long bytes, @Nullable UUID last) {
        return new MovesReport(count, bytes, 0, 0, 0, 0, last);
    }

    MovesReport plus(Optional<MoveResult> result) {
        return result.map(known -> switch (known) {
                    case MoveResult.Moved _ -> new MovesReport(found, bytes, moved + 1, changed, damaged, failed, last);
                    case MoveResult.Already _, MoveResult.Changed _ ->
                        new MovesReport(found, bytes, moved, changed + 1, damaged, failed, last);
                    case MoveResult.Damaged _ ->
                        new MovesReport(found, bytes, moved, changed, damaged + 1, failed, last);
                })
                .orElseGet(() -> new MovesReport(found, bytes, moved, changed, damaged, failed + 1, last));
    }
}
