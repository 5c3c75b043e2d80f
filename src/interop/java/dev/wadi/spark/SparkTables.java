package dev.wadi.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import scala.jdk.javaapi.CollectionConverters;

/** Spark in this process, on two threads, with Delta as its catalog. Tables are named {@code delta.`/folder`}. */
final class SparkTables implements AutoCloseable {
    private final SparkSession spark;

    /** @param compile whether queries become bytecode, which pays for large tables only */
    SparkTables(boolean compile) {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                // VACUUM lists folders in so many tasks
                .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
                .config("spark.databricks.delta.snapshotPartitions", "2")
                .config("spark.sql.codegen.wholeStage", Boolean.toString(compile))
                .config("spark.sql.codegen.factoryMode", compile ? "FALLBACK" : "NO_CODEGEN")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                // by default VACUUM refuses to delete what is younger than a week
                .config("spark.databricks.delta.retentionDurationCheck.enabled", "false")
                .getOrCreate();
    }

    /** Rows as {@link Text}, and how many data files were read for them. */
    record Result(List<List<String>> rows, long files) {}

    Result run(String sql) {
        Dataset<Row> answer = spark.sql(sql);
        List<List<String>> rows = new ArrayList<>();
        for (Row row : answer.collectAsList()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                values.add(Text.of(row.get(i)));
            }
            rows.add(values);
        }
        return new Result(rows, filesRead(answer));
    }

    private static long filesRead(Dataset<Row> answer) {
        SparkPlan plan = ((org.apache.spark.sql.classic.Dataset<Row>) answer)
                .queryExecution()
                .executedPlan();
        if (plan instanceof AdaptiveSparkPlanExec adaptive) {
            plan = adaptive.executedPlan();
        }
        long files = 0;
        for (SparkPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
            if (leaf instanceof FileSourceScanExec scan) {
                files += scan.metrics().apply("numFiles").value();
            }
        }
        return files;
    }

    @Override
    public void close() {
        spark.stop();
    }
}
