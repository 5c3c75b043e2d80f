package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contracts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpisTest {
    private static final String GOOD = """
            name: spend
            title: Spend
            description: Money.
            unit: amount
            owner: sales
            table: gold.fact_orders
            measure: sum(amount)
            time: booked_date
            grains: [day, month]
            filter: status <> 'cancelled'
            alwaysBy: [currency]
            dimensions:
              currency: currency
              country: {table: gold.dim_customer, foreignKey: customer_key, key: customer_key, column: country}
            """;

    @TempDir
    Path folder;

    @Test
    void the_kpis_that_are_shipped_fit_the_gold_tables() {
        assertThat(Gold.kpis().names())
                .containsExactly("active-users", "average-order-value", "events", "orders", "revenue");
    }

    @Test
    void the_kpis_that_are_shipped_fit_the_contracts_that_are_shipped() {
        assertThat(Kpis.load(Path.of("schemas", "kpis"), Contracts.load(Path.of("schemas", "tables")))
                        .names())
                .hasSize(5);
    }

    @Test
    void a_definition_is_read_as_it_is_written() throws IOException {
        write("a/spend.kpi.yaml", GOOD);

        Kpi kpi = load().find("spend").orElseThrow();

        assertThat(kpi.measure()).isEqualTo("sum(amount)");
        assertThat(kpi.grains()).containsExactly(Grain.DAY, Grain.MONTH);
        assertThat(kpi.dimensionNames()).containsExactly("currency", "country");
        assertThat(kpi.dimension("country").orElseThrow().join())
                .hasToString("Join[table=gold.dim_customer, foreignKey=customer_key, key=customer_key]");
    }

    @Test
    void without_a_folder_there_are_no_kpis() {
        assertThat(Kpis.load(folder.resolve("none"), Gold.contracts()).all()).isEmpty();
    }

    /** Each changes one piece of a good definition and says where and how that is told. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: spend                 | name: Spend It                 | :1: the name 'Spend It' cannot stand in an address. Write it in lower case with - between words
            name: spend                 | nam: spend                     | :1: unknown key 'nam'. Use only name, title,
            name: spend                 | nam: spend                     | :1: 'name' is missing. Write name: average-order-value.
            title: Spend                | title:                         | :2: 'title' has no text. Write title: Revenue.
            unit: amount                | title: Again                   | :4: a KPI definition: the key 'title' is there already, in line 2. Keep one of them.
            table: gold.fact_orders     | table: gold.fact_order         | :6: no contract describes a table 'gold.fact_order'. Use one of gold.dim_customer, gold.dim_product, gold.fact_events, gold.fact_orders,
            table: gold.fact_orders     | table: Orders                  | :6: no contract describes a table 'Orders'.
            measure: sum(amount)        | measure: sum(amout)            | :7: DuckDB does not take the measure: Binder Error: Referenced column "amout" not found in FROM clause! Candidate bindings: "amount"
            measure: sum(amount)        | measure: amount                | :7: DuckDB does not take the measure: Binder Error: column "amount" must appear in the GROUP BY clause
            measure: sum(amount)        | measure: sum(amount            | :7: DuckDB does not take the measure: Parser Error
            measure: sum(amount)        | measure: max(status)           | :7: the measure is a VARCHAR, not a number. Write an SQL aggregate over the columns of gold.fact_orders
            time: booked_date           | time: booked                   | :8: gold.fact_orders has no column 'booked'. Use one of booking_id,
            time: booked_date           | time: booked_at                | :8: the column 'booked_at' of gold.fact_orders is a TIMESTAMPTZ, not a date. Name a column of type DATE.
            grains: [day, month]        | grains: [day, months]          | :9: unknown grain 'months'. Use only day, week, month, quarter, year.
            grains: [day, month]        | grains: day                    | :9: 'grains' is not a list. Write grains: [day, month].
            grains: [day, month]        | grains: [day, day]             | :9: the grain 'day' is there twice. Keep one of them.
            filter: status <> 'cancelled'| filter: state = 'x'           | :10: DuckDB does not take the filter: Binder Error: Referenced column "state" not found
            filter: status <> 'cancelled'| filter: amount + 1            | not a condition. Write an SQL condition on the columns of gold.fact_orders.
            alwaysBy: [currency]        | alwaysBy: [money]              | :11: alwaysBy names 'money', which is no dimension. Use one of currency, country, or add it under dimensions.
            currency: currency          | currency: curency              | :13: gold.fact_orders has no column 'curency'.
            currency: currency          | value: currency                | :13: 'value' cannot name a dimension.
            currency: currency          | currency: [currency]           | :13: the dimension 'currency' is neither a column nor a mapping. Write currency: column.
            column: country             | column: land                   | :14: gold.dim_customer has no column 'land'. Use one of customer_id, name, email, country,
            key: customer_key,          | key: customer,                 | has no column 'customer'.
            table: gold.dim_customer,   | table: gold.customer,          | :14: no contract describes a table 'gold.customer'.
            table: gold.dim_customer,   | tables: gold.dim_customer,     | :14: unknown key 'tables'. Use only column, table, foreignKey, key, example.
            title: Spend                | title: "Spend                  | not YAML:
            """)
    void a_mistake_is_told_with_line_problem_and_cure(String right, String wrong, String told) throws IOException {
        assertThat(GOOD).contains(right);
        Path file = write("spend.kpi.yaml", GOOD.replace(right, wrong));

        assertThatThrownBy(this::load)
                .isInstanceOf(KpiException.class)
                .hasMessageContaining(file + ":")
                .hasMessageContaining(told);
    }

    @Test
    void all_mistakes_of_all_files_are_told_at_once() throws IOException {
        Path one = write("one.kpi.yaml", GOOD.replace("day", "days").replace("currency: currency", "currency: money"));
        Path two = write("two.kpi.yaml", "- no\n");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("The KPI definitions have 3 mistakes:")
                .hasMessageContaining(one + ":9: unknown grain 'days'")
                .hasMessageContaining(one + ":13: gold.fact_orders has no column 'money'")
                .hasMessageContaining(two + ":1: a KPI definition is expected here");
    }

    @Test
    void two_definitions_of_one_name_are_a_mistake() throws IOException {
        Path one = write("one.kpi.yaml", GOOD);
        Path two = write("two.kpi.yaml", "\n" + GOOD);

        assertThatThrownBy(this::load)
                .hasMessageContaining(
                        "%s:2: %s:1 has the name 'spend' already. Give one of them another name.".formatted(two, one));
    }

    @Test
    void a_file_that_is_no_utf8_is_a_mistake() throws IOException {
        Path file = folder.resolve("x.kpi.yaml");
        Files.write(file, "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(this::load).hasMessageContaining(file + ":1: not UTF-8. Save the file as UTF-8.");
    }

    private Kpis load() {
        return Kpis.load(folder, Gold.contracts());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
