package dev.holdfast.db.reverse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamingRulesTest {
    private static final String RULES = """
            package: some.models
            codes:
              Kind:
                column: tbl_knd.knd_cd
                constants: {A: APPLE, B: BANANA}
            tables:
              tbl_knd:
                class: KindCode
                columns: {knd_cd: kind Kind}
              tbl_frt:
                class: Fruit
                columns:
                  frt_id: id
                  actv_flg: active flag
                  qta_nbr: quota long
                  knd_cd: kind Kind
            """;

    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>(Map.of(
            "tbl_knd", new LinkedHashMap<>(Map.of("knd_cd", "character(1)")),
            "tbl_frt",
                    new LinkedHashMap<>(Map.of(
                            "frt_id", "integer",
                            "actv_flg", "character(1)",
                            "qta_nbr", "numeric(12,0)",
                            "knd_cd", "character(1)"))));

    @TempDir
    Path directory;

    private List<String> codes = List.of("A", "B");

    @Test
    void saysNothingWhenAllFits() throws IOException {
        assertThat(violations(RULES)).isEmpty();
    }

    @Test
    void aNewTableIsNamedWithItsColumnsAndWhereToAddIt() throws IOException {
        tables.put("tbl_new", Map.of("new_id", "integer"));

        assertThat(violations(RULES))
                .containsExactly("tbl_new has no rule: add it under `tables`, with a class and its columns new_id.");
    }

    @Test
    void aNewColumnIsNamedWithItsTypeAndWhereToAddIt() throws IOException {
        tables.get("tbl_frt").put("clr_cd", "character(3)");

        assertThat(violations(RULES))
                .containsExactly("tbl_frt.clr_cd (character(3)) has no rule: add it under `tables`, tbl_frt, columns.");
    }

    @Test
    void aNewCodeIsNamed() throws IOException {
        codes = List.of("A", "B", "C");

        assertThat(violations(RULES))
                .containsExactly(
                        "tbl_knd.knd_cd has the code C, which has no rule: add it under `codes`, Kind, constants.");
    }

    @Test
    void rulesThatFitNothingAreNamed() throws IOException {
        tables.get("tbl_frt").remove("qta_nbr");
        codes = List.of("A");

        assertThat(violations(RULES + "  tbl_old: {class: Old, columns: {old_id: id}}\n"))
                .containsExactlyInAnyOrder(
                        "tables/tbl_old fits nothing in the schema: take it away, or correct it.",
                        "tables/tbl_frt/columns/qta_nbr fits nothing in the schema: take it away, or correct it.",
                        "codes/Kind/constants/B is no code of tbl_knd.knd_cd: take it away, or correct it.");
    }

    @Test
    void aTypeThatDoesNotFitIsNamed() throws IOException {
        tables.get("tbl_frt").put("actv_flg", "boolean");
        tables.get("tbl_frt").put("qta_nbr", "numeric(12,2)");

        assertThat(violations(RULES.replace("kind Kind\n", "kind Sort\n")))
                .hasSize(3)
                .anySatisfy(one -> assertThat(one).contains("tbl_frt.actv_flg is a flag by its rule, but boolean"))
                .anySatisfy(one -> assertThat(one).contains("tbl_frt.qta_nbr is a long by its rule, but numeric(12,2)"))
                .anySatisfy(one -> assertThat(one).contains("tbl_frt.knd_cd has the type Sort, which is none"));
    }

    @Test
    void twoOfOneNameAreNamed() throws IOException {
        assertThat(violations(RULES.replace("quota long", "id long").replace("KindCode", "Fruit")))
                .hasSize(2)
                .anySatisfy(one -> assertThat(one).contains("both called id"))
                .anySatisfy(one -> assertThat(one).contains("both called Fruit"));
    }

    @Test
    void aFileThatIsNotUnderstoodIsSaidWhere() {
        assertThatThrownBy(() -> violations(RULES.replace("frt_id: id", "frt_id: The Id of it")))
                .isInstanceOf(ReverseException.class)
                .hasMessageContaining("naming.yaml")
                .hasMessageContaining("The Id of it");
        assertThatThrownBy(() -> violations(RULES.replace("class: Fruit", "klass: Fruit")))
                .isInstanceOf(ReverseException.class)
                .hasMessageContaining("Missing creator property 'class'");
    }

    private List<String> violations(String rules) throws IOException {
        Naming naming = Naming.read(Files.writeString(directory.resolve("naming.yaml"), rules));
        return NamingRules.violations(naming, new Catalogue(tables, Map.of("tbl_knd.knd_cd", codes)));
    }
}
