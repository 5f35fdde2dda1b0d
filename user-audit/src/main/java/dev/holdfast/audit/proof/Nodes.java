package dev.holdfast.audit.proof;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** The stored hashes that were read. */
@FunctionalInterface
public interface Nodes {
    /** @throws IllegalStateException when it was not read */
    Hash at(int level, long index);

    static Nodes of(Collection<Node> read) {
        Map<Subtree, Hash> hashes =
                read.stream().collect(Collectors.toMap(node -> new Subtree(node.level(), node.index()), Node::hash));
        return (level, index) -> {
            Hash hash = hashes.get(new Subtree(level, index));
            if (hash == null) {
                throw new IllegalStateException("Node %d of level %d was not read".formatted(index, level));
            }
            return hash;
        };
    }
}
