package dev.wadi.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every function that DuckDB has is allowed or refused by name: one that a new DuckDB brings makes these fail. */
class AllowedFunctionsTest {
    @Test
    void everyFunctionOfDuckDbIsJudged() throws Exception {
        Set<String> judged = new TreeSet<>(AllowedFunctions.OF_VALUES);
        judged.addAll(AllowedFunctions.OF_TABLES);
        judged.addAll(refused());

        assertThat(judged).containsAll(functions("true"));
    }

    @Test
    void nothingIsBothAllowedAndRefused() throws Exception {
        Set<String> both = new TreeSet<>(AllowedFunctions.OF_VALUES);
        both.retainAll(refused());

        // as a function of a table these read or repeat; as one of values they compute
        assertThat(both).isEqualTo(Set.of("histogram", "repeat"));
    }

    @Test
    void whatGivesRowsReadsNothingButItsArguments() throws Exception {
        assertThat(AllowedFunctions.OF_TABLES)
                .containsExactly("generate_series", "json_each", "json_tree", "range", "unnest");
    }

    @Test
    void nothingThatIsAllowedIsOfTheCatalogTheSystemOrItsInside() throws Exception {
        assertThat(AllowedFunctions.OF_VALUES)
                .noneMatch(
                        name -> name.matches(
                                ".*(read_|glob|getenv|setting|secret|duckdb_|pragma|__internal|aggregate_state|sleep|write_log|nextval|setval|query|serialize|current_(user|role|schema|database)).*"));
    }

    private static Set<String> functions(String where) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE " + where)) {
            while (rows.next()) {
                names.add(rows.getString(1).toLowerCase(Locale.ROOT));
            }
        }
        assertThat(names).hasSizeGreaterThan(900);
        names.removeAll(Set.of("is distinct from", "is not distinct from"));
        return names;
    }

    private static Set<String> refused() throws IOException {
        try (var file =
                Objects.requireNonNull(AllowedFunctionsTest.class.getResourceAsStream("/sql/refused-functions.txt"))) {
            return Arrays.stream(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\\s+"))
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
