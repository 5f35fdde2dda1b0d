package dev.holdfast.audit.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.StrictJson;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of some fields of a {@link Profile}, as JSON Merge Patch
 * (<a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>): what is named is replaced, null takes away, an object is
 * merged, and what is not named stays.
 */
final class ProfilePatch {
    static final String MEDIA_TYPE = "application/merge-patch+json";

    private static final JsonMapper JSON = StrictJson.mapper().build();
    /** Every field there is, so that one that nobody knows is refused also where it would be taken away. */
    private static final JsonNode SHAPE = JSON.createObjectNode()
            .putNull("fullName")
            .putNull("phoneNumber")
            .<ObjectNode>set(
                    "address",
                    JSON.createObjectNode()
                            .putNull("street")
                            .putNull("postalCode")
                            .putNull("city")
                            .putNull("country"))
            .set(
                    "preferences",
                    JSON.createObjectNode()
                            .putNull("language")
                            .putNull("timeZone")
                            .putNull("newsletter"));

    private final ObjectNode patch;

    private ProfilePatch(ObjectNode patch) {
        this.patch = patch;
    }

    /** @throws dev.holdfast.platform.problem.ProblemException when it is no JSON object, or names what nobody knows */
    static ProfilePatch read(byte[] body) {
        ObjectNode patch = JsonBody.read(ObjectNode.class, body);
        var unknown = new ArrayList<InvalidPart>();
        collectUnknown("", patch, SHAPE, unknown);
        if (patch.isEmpty()) {
            unknown.add(new InvalidPart("", "nothing_to_change", "Send at least one field."));
        }
        if (!unknown.isEmpty()) {
            throw JsonBody.unprocessable(unknown);
        }
        return new ProfilePatch(patch);
    }

    private static void collectUnknown(String pointer, JsonNode given, JsonNode shape, List<InvalidPart> unknown) {
        given.properties().forEach(field -> {
            String here = pointer + "/" + field.getKey();
            if (!shape.has(field.getKey())) {
                unknown.add(new InvalidPart(here, "unknown_field", "is not known here: remove it."));
            } else if (field.getValue().isObject() && shape.get(field.getKey()).isObject()) {
                collectUnknown(here, field.getValue(), shape.get(field.getKey()), unknown);
            }
        });
    }

    /** @throws dev.holdfast.platform.problem.ProblemException when what comes of it is not a profile */
    Profile applyTo(Profile profile) {
        try {
            ObjectNode merged = merge(JSON.valueToTree(profile), patch);
            Profile changed = JsonBody.read(Profile.class, JSON.writeValueAsBytes(merged));
            List<InvalidPart> violations = changed.violations();
            if (!violations.isEmpty()) {
                throw JsonBody.unprocessable(violations);
            }
            return changed;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree is JSON", impossible);
        }
    }

    private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode nested) {
                JsonNode before = target.get(field.getKey());
                target.set(
                        field.getKey(),
                        merge(before instanceof ObjectNode object ? object : JSON.createObjectNode(), nested));
            } else {
                target.set(field.getKey(), value);
            }
        });
        return target;
    }
}
