package dev.holdfast.audit.seal;

/** What is stored of the tree is not what was signed: somebody has changed it. Nothing is sealed on top of that. */
final class ForkedTreeException extends RuntimeException {
    ForkedTreeException(long size) {
        super("The first %d leaves do not have the root that was signed for them: verify, and restore what was changed"
                .formatted(size));
    }
}
