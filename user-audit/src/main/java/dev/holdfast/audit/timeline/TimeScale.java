package dev.holdfast.audit.timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From moments to places. Whoever changes an address twice in a minute does nothing for a year then, and on a true scale the two
 * are one dot: so each moment keeps a distance from the one before it, and the room that is left is divided by duration.
 */
final class TimeScale {
    private final NavigableMap<Instant, Double> places;

    private TimeScale(NavigableMap<Instant, Double> places) {
        this.places = places;
    }

    /** @param distance that two moments have at least, as long as there is room for it */
    static TimeScale of(Collection<Instant> moments, double left, double right, double distance) {
        var sorted = new TreeSet<>(moments);
        int steps = sorted.size() - 1;
        var places = new TreeMap<Instant, Double>();
        if (steps < 1) {
            sorted.forEach(moment -> places.put(moment, left));
            return new TimeScale(places);
        }
        double least = Math.min(distance, (right - left) / steps);
        double free = right - left - least * steps;
        double whole = seconds(sorted.first(), sorted.last());
        double place = left;
        Instant before = sorted.first();
        for (Instant moment : sorted) {
            if (moment.isAfter(before)) {
                place += least + free * seconds(before, moment) / whole;
            }
            places.put(moment, place);
            before = moment;
        }
        return new TimeScale(places);
    }

    /** Between two moments it is to scale; what lies outside of all is at the end of its side. */
    double place(Instant moment) {
        Map.Entry<Instant, Double> before = places.floorEntry(moment);
        Map.Entry<Instant, Double> after = places.ceilingEntry(moment);
        if (before == null) {
            return places.firstEntry().getValue();
        }
        if (after == null || after.getKey().equals(before.getKey())) {
            return before.getValue();
        }
        double part = seconds(before.getKey(), moment) / seconds(before.getKey(), after.getKey());
        return before.getValue() + part * (after.getValue() - before.getValue());
    }

    Iterable<Instant> moments() {
        return places.keySet();
    }

    private static double seconds(Instant from, Instant to) {
        Duration duration = Duration.between(from, to);
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
