package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question to a KPI on fixed rows, with the answer that is expected. {@link KpiTrial} runs it.
 *
 * @param name what it shows, for people
 * @param rows of each table, the texts of some of its columns; a column that is left out is null
 * @param ask the parameters of the question, as in an address
 * @param expect the rows of the answer in order, as texts; a row need not name every member
 */
record KpiTest(
        String name,
        Map<TableName, List<Map<String, @Nullable String>>> rows,
        Map<String, List<String>> ask,
        List<Map<String, @Nullable String>> expect,
        Path file,
        int line) {}
