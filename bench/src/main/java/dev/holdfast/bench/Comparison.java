package dev.holdfast.bench;

/**
 * The product and a peer at the same work.
 *
 * <p>Both sides are run several times in turn, the first time to warm up. A run sets its data up from nothing, measures
 * nothing but the work (see {@link Servers#startStopwatch}), and throws when the work was not done right.
 */
public interface Comparison {
    Subject subject();

    Run product(Servers servers) throws Exception;

    Run peer(Servers servers) throws Exception;
}
