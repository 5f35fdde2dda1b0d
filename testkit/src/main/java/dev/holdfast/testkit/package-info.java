/**
 * Real servers, races and faults for tests.
 *
 * <p>One PostgreSQL and one Kafka broker serve a whole run. Tests keep apart by what they make: a schema, a topic, ids
 * of their own. Nothing is cleaned between tests, and nothing may be counted over a whole table that tests share.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
