package dev.holdfast.db.reverse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReverseTest {
    @TempDir
    Path directory;

    private Path scripts;
    private Path rules;
    private Path target;

    @BeforeEach
    void prepare() throws IOException {
        scripts = Files.createDirectories(directory.resolve("scripts"));
        rules = directory.resolve("naming.yaml");
        target = directory.resolve("generated");
        Files.writeString(scripts.resolve("V1__fruit.sql"), """
                CREATE TABLE tbl_frt (frt_id int PRIMARY KEY, actv_flg char(1) NOT NULL);
                """);
        Files.writeString(rules, """
                package: some.models
                codes: {}
                tables:
                  tbl_frt:
                    class: Fruit
                    columns:
                      frt_id: id
                      actv_flg: active flag
                """);
    }

    @Test
    void writesModelsOnceAndAgainWhenSomethingChanges() throws Exception {
        // Given
        assertThat(reverse()).isTrue();
        assertThat(Files.readString(target.resolve("some/models/tables/Fruit.java")))
                .contains("Field<Record, Boolean> ACTIVE", "DSL.name(\"actv_flg\")");
        assertThat(Files.readString(target.resolve("mapping.md")))
                .contains("| `actv_flg` | character(1) | no | `ACTIVE`");
        assertThat(reverse()).as("nothing changed").isFalse();

        // When: a DBA adds a column
        Files.writeString(scripts.resolve("V2__colour.sql"), "ALTER TABLE tbl_frt ADD clr_nm varchar(20);");

        // Then
        assertThatThrownBy(this::reverse)
                .isInstanceOf(ReverseException.class)
                .hasMessageContaining("naming.yaml")
                .hasMessageContaining("tbl_frt.clr_nm (character varying(20)) has no rule");
        assertThatThrownBy(this::reverse).as("still wrong").isInstanceOf(ReverseException.class);
        Files.writeString(rules, Files.readString(rules) + "      clr_nm: colour\n");
        assertThat(reverse()).isTrue();
        assertThat(Files.readString(target.resolve("some/models/tables/Fruit.java")))
                .contains("Field<Record, String> COLOUR");
    }

    private boolean reverse() throws Exception {
        return new Reverse("vendor_master", scripts, rules, target).run();
    }
}
