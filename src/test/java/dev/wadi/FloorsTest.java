package dev.wadi;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The floors of the house: arrows point downward only, and the ground floor knows no framework. */
@AnalyzeClasses(packages = "dev.wadi", importOptions = ImportOption.DoNotIncludeTests.class)
class FloorsTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("doors")
            .definedBy("dev.wadi.web..", "dev.wadi.api..", "dev.wadi.cli..", "dev.wadi.local..")
            .layer("work")
            .definedBy(
                    "dev.wadi.route..",
                    "dev.wadi.poll..",
                    "dev.wadi.cdc..",
                    "dev.wadi.kafka..",
                    "dev.wadi.kpi..",
                    "dev.wadi.sql..",
                    "dev.wadi.generator..",
                    "dev.wadi.infer..",
                    "dev.wadi.lineage..",
                    "dev.wadi.upkeep..")
            .layer("core")
            .definedBy("dev.wadi.merge..")
            .layer("means")
            .definedBy(
                    "dev.wadi.table..", "dev.wadi.engine..", "dev.wadi.store..", "dev.wadi.index..", "dev.wadi.file..")
            .layer("words")
            .definedBy("dev.wadi.contract..", "dev.wadi.event..", "dev.wadi.yaml..")
            .whereLayer("doors")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("work")
            .mayOnlyBeAccessedByLayers("doors")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("work", "doors")
            .whereLayer("means")
            .mayOnlyBeAccessedByLayers("core", "work", "doors")
            .withOptionalLayers(true);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.wadi.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule WORDS_KNOW_NO_FRAMEWORK = ArchRuleDefinition.noClasses()
            .that()
            .resideInAnyPackage("dev.wadi.contract..", "dev.wadi.event..", "dev.wadi.yaml..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micronaut..", "org.apache.camel..", "io.delta..", "org.duckdb..", "jakarta..");

    @ArchTest
    static final ArchRule KERNEL_INTERNALS_IN_ONE_CLASS = ArchRuleDefinition.noClasses()
            .that()
            .doNotHaveSimpleName("KernelActions")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.delta.kernel.internal..");
}
