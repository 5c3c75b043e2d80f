package dev.wadi.delivery;

import static dev.wadi.delivery.Rendered.environment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
    @TempDir
    Path folder;

    /** What a shared lake cannot do without. */
    private static final Map<String, Object> SHARED = Map.of(
            "lake.kind", "shared", "rabbitmq.existingSecret", "rabbit", "postgres.existingSecret", "pg", "replicas", 3);

    static Stream<Arguments> matrix() {
        return Stream.of(
                Arguments.of("as it is", List.of(), Map.of()),
                Arguments.of("on kind", List.of("values-kind.yaml"), Map.of()),
                Arguments.of("in production", List.of("values-prod.yaml"), Map.of()),
                Arguments.of("shared", List.of(), SHARED),
                Arguments.of("shared, a claim that is there", List.of(), and(SHARED, "lake.existingClaim", "theirs")),
                Arguments.of("shared, scaled", List.of(), and(SHARED, "autoscaling.enabled", true)),
                Arguments.of(
                        "seen", List.of(), Map.of("ingress.enabled", true, "ingress.hosts[0].host", "w.example.com")),
                Arguments.of("watched", List.of(), Map.of("serviceMonitor.enabled", true)),
                Arguments.of("open", List.of(), Map.of("networkPolicy.enabled", false)),
                Arguments.of("with Kafka", List.of(), Map.of("strimzi.enabled", true, "strimzi.replicas", 3)),
                Arguments.of("with a Kafka of theirs", List.of(), Map.of("kafka.bootstrapServers", "k:9092")),
                Arguments.of(
                        "with accounts",
                        List.of(),
                        Map.of("blob.existingSecret", "blob", "rabbitmq.existingSecret", "r")),
                Arguments.of(
                        "by digest, on chosen nodes",
                        List.of(),
                        Map.of(
                                "image.digest", "sha256:" + "a".repeat(64),
                                "nodeSelector.disk", "ssd",
                                "tolerations[0].operator", "Exists",
                                "image.pullSecrets[0]", "pull",
                                "podLabels.team", "lake",
                                "podAnnotations.note", "x")),
                Arguments.of("with ConfigMaps of theirs", List.of(), Map.of("config.existing.kpis", "our-kpis")),
                Arguments.of("with more settings", List.of(), Map.of("settings.WADI_VACUUM_RETENTION", "30d")),
                Arguments.of("named", List.of(), Map.of("fullnameOverride", "x", "serviceAccount.create", false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("matrix")
    void everyObjectIsOneOfItsKindAndKeepsToTheRules(String name, List<String> files, Map<String, Object> values) {
        Rendered rendered = Rendered.with(files, values);
        assertThat(rendered.names()).doesNotHaveDuplicates();
        for (HasMetadata object : rendered.objects()) {
            assertThat(object.getMetadata().getName()).matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
        }
        assertThat(rendered.pods()).isNotEmpty().allSatisfy(pod -> {
            restricted(pod);
            mounted(pod);
        });
        selected(rendered);
    }

    /** The Pod Security Standard "restricted", and a little more. */
    private static void restricted(PodSpec pod) {
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getVolumes())
                .allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
        for (Container container : pod.getContainers()) {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        }
    }

    /** Every mount has its volume; a ConfigMap is mounted as a folder, because a single file would not follow it. */
    private static void mounted(PodSpec pod) {
        TreeSet<String> volumes =
                pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toCollection(TreeSet::new));
        for (VolumeMount mount : pod.getContainers().getFirst().getVolumeMounts()) {
            assertThat(mount.getSubPath()).isNull();
            if (!mount.getName().equals("data")) {
                assertThat(volumes).contains(mount.getName());
            }
        }
    }

    /** What selects pods selects some, and every pod is led to by the service or is work. */
    private static void selected(Rendered rendered) {
        List<Map<String, String>> pods = Stream.concat(
                        rendered.all(StatefulSet.class).stream()
                                .map(set -> set.getSpec().getTemplate()),
                        rendered.all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()))
                .map(template -> template.getMetadata().getLabels())
                .toList();
        Stream.of(
                        rendered.all(Service.class).stream()
                                .map(service -> service.getSpec().getSelector()),
                        rendered.all(PodDisruptionBudget.class).stream()
                                .map(budget -> budget.getSpec().getSelector().getMatchLabels()),
                        rendered.all(NetworkPolicy.class).stream()
                                .map(policy -> policy.getSpec().getPodSelector().getMatchLabels()))
                .flatMap(selectors -> selectors)
                .forEach(selector ->
                        assertThat(pods).anyMatch(labels -> labels.entrySet().containsAll(selector.entrySet())));
    }

    @Test
    void theChartIsLintedStrictly() {
        LintResult result = new Helm(Rendered.CHART).lint().strict().call();
        assertThat(result.isFailed()).describedAs("%s", result.getMessages()).isFalse();
    }

    @Test
    void aLakeOnADiskIsOnePodWithAllInside() {
        Rendered rendered = Rendered.with(Map.of());
        assertThat(rendered.all(Deployment.class)).isEmpty();
        assertThat(rendered.all(PodDisruptionBudget.class)).isEmpty();
        StatefulSet set = rendered.one(StatefulSet.class, "rel-wadi");
        assertThat(set.getSpec().getReplicas()).isEqualTo(1);
        assertThat(set.getSpec().getVolumeClaimTemplates()).singleElement().satisfies(claim -> {
            assertThat(claim.getMetadata().getName()).isEqualTo("data");
            assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
        });
        Map<String, String> environment =
                environment(set.getSpec().getTemplate().getSpec());
        assertThat(environment)
                .containsEntry("WADI_LAKE", "/data/lake")
                .containsEntry("WADI_SINGLE_ROUTES", "true")
                .containsEntry("WADI_STOP_DELAY", "5s")
                .doesNotContainKeys("RABBITMQ_URI", "JDBC_URL", "KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void aSharedLakeIsDoorsAndOnePodForTheWork() {
        Rendered rendered = Rendered.with(
                and(SHARED, "autoscaling.enabled", true, "blob.existingSecret", "azure", "sql.existingSecret", "sql"));
        assertThat(rendered.all(StatefulSet.class)).isEmpty();
        Deployment doors = rendered.one(Deployment.class, "rel-wadi");
        Deployment work = rendered.one(Deployment.class, "rel-wadi-work");
        assertThat(doors.getSpec().getReplicas())
                .describedAs("left to the autoscaler")
                .isNull();
        assertThat(work.getSpec().getReplicas()).isEqualTo(1);
        assertThat(work.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(environment(doors.getSpec().getTemplate().getSpec()))
                .containsEntry("WADI_SINGLE_ROUTES", "false")
                .containsEntry("WADI_LAKE", "/lake")
                .containsEntry("RABBITMQ_URI", "secret rabbit/uri")
                .containsEntry("JDBC_URL", "secret pg/jdbc-url")
                .containsEntry("WADI_SQL_TOKEN", "secret sql/token")
                .containsEntry("AZURE_STORAGE_CONNECTION_STRING", "secret azure/connection-string");
        assertThat(environment(work.getSpec().getTemplate().getSpec())).containsEntry("WADI_SINGLE_ROUTES", "true");
        PersistentVolumeClaim lake = rendered.one(PersistentVolumeClaim.class, "rel-wadi-lake");
        assertThat(lake.getSpec().getAccessModes()).containsExactly("ReadWriteMany");
        assertThat(lake.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
        assertThat(rendered.one(HorizontalPodAutoscaler.class, "rel-wadi")
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo("rel-wadi");
        assertThat(rendered.one(Service.class, "rel-wadi").getSpec().getSelector())
                .containsEntry("app.kubernetes.io/component", "doors");
    }

    @Test
    void theProbesAskWhatTheServerAnswersAndAStopHasTime() {
        PodSpec pod = Rendered.with(Map.of("stopDelaySeconds", 7, "terminationGracePeriodSeconds", 20))
                .pods()
                .getFirst();
        Container wadi = pod.getContainers().getFirst();
        assertThat(wadi.getStartupProbe().getHttpGet().getPath()).isEqualTo("/livez");
        assertThat(wadi.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
        assertThat(wadi.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(wadi.getReadinessProbe().getPeriodSeconds())
                .describedAs("seen to be red before the doors close")
                .isLessThan(7);
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(20);
        assertThat(environment(pod)).containsEntry("WADI_STOP_DELAY", "7s");
    }

    /** They are followed where they are mounted. */
    @Test
    void changedFilesStartNoPodAnew() {
        String before = pod(Map.of());
        assertThat(pod(Map.of("config.kpis.x\\.kpi\\.yaml", "name: x"))).isEqualTo(before);
        assertThat(pod(Map.of("config.tables.x\\.odcs\\.yaml", "name: x"))).isEqualTo(before);
        assertThat(pod(Map.of("stopDelaySeconds", 7))).isNotEqualTo(before);
    }

    @Test
    void filesAreAddedReplacedAndLeftOut() {
        ConfigMap kpis = Rendered.with(Map.of(
                        "config.kpis.mine\\.kpi\\.yaml", "name: mine",
                        "config.kpis.revenue\\.kpi\\.yaml", "name: revenue",
                        "config.kpis.orders\\.kpi\\.yaml", ""))
                .one(ConfigMap.class, "rel-wadi-kpis");
        assertThat(kpis.getData())
                .containsEntry("mine.kpi.yaml", "name: mine")
                .containsEntry("revenue.kpi.yaml", "name: revenue")
                .containsKey("funnel.kpi.yaml")
                .doesNotContainKey("orders.kpi.yaml");
    }

    @Test
    void aConfigMapOfTheirsIsTakenAndNoneIsMade() {
        Rendered rendered = Rendered.with(Map.of("config.existing.kpis", "our-kpis"));
        assertThat(rendered.all(ConfigMap.class))
                .extracting(map -> map.getMetadata().getName())
                .containsExactlyInAnyOrder(
                        "rel-wadi-ingest", "rel-wadi-transform", "rel-wadi-tables", "rel-wadi-seeds");
        assertThat(rendered.pods().getFirst().getVolumes())
                .filteredOn(volume -> volume.getName().equals("kpis"))
                .singleElement()
                .satisfies(volume -> assertThat(volume.getConfigMap().getName()).isEqualTo("our-kpis"));
    }

    /** Helm reads them from files as fractions: 1.00066e+09 is no user, and no size. */
    @Test
    void largeNumbersOfAValuesFileStayWhole() throws Exception {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                runAsUser: 1000660000
                settings: {WADI_COMPACTION_TARGET_FILE_BYTES: 268435456, WADI_VACUUM_RETENTION: 30d, WADI_POSTGRES_EXPORT: false, TOPIC: clicks}
                """);
        PodSpec pod = Rendered.with(List.of(values.toString()), Map.of()).pods().getFirst();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(1_000_660_000);
        assertThat(environment(pod))
                .containsEntry("WADI_COMPACTION_TARGET_FILE_BYTES", "268435456")
                .containsEntry("WADI_VACUUM_RETENTION", "30d")
                .containsEntry("WADI_POSTGRES_EXPORT", "false")
                .containsEntry("TOPIC", "clicks");
    }

    @Test
    void noPasswordIsInAnythingTheChartMakes() {
        for (Arguments each : matrix().toList()) {
            @SuppressWarnings("unchecked")
            Rendered rendered = Rendered.with((List<String>) each.get()[1], (Map<String, Object>) each.get()[2]);
            assertThat(rendered.names()).noneMatch(name -> name.startsWith("Secret/"));
        }
    }

    @Test
    void kafkaOfStrimziIsTheOneThatPodsUse() {
        Rendered rendered = Rendered.with(List.of("values-kind.yaml"), Map.of("strimzi.replicas", 3));
        Kafka kafka = rendered.one(Kafka.class, "rel-wadi-kafka");
        assertThat(kafka.getSpec().getKafka().getConfig()).containsEntry("min.insync.replicas", 2);
        assertThat(rendered.all(KafkaTopic.class))
                .extracting(topic -> topic.getSpec().getTopicName())
                .containsExactly("topic_0", "user-activity-logs");
        assertThat(environment(rendered.pods().getFirst()))
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "rel-wadi-kafka-kafka-bootstrap:9092");
    }

    @Test
    void theIngressLeadsToTheServiceAndTheMonitorToAllPods() {
        Rendered rendered = Rendered.with(List.of("values-prod.yaml"), Map.of());
        Ingress ingress = rendered.one(Ingress.class, "rel-wadi");
        assertThat(ingress.getSpec()
                        .getRules()
                        .getFirst()
                        .getHttp()
                        .getPaths()
                        .getFirst()
                        .getBackend()
                        .getService()
                        .getName())
                .isEqualTo("rel-wadi");
        ServiceMonitor monitor = rendered.one(ServiceMonitor.class, "rel-wadi");
        Service metrics = rendered.one(Service.class, "rel-wadi-metrics");
        assertThat(metrics.getMetadata().getLabels())
                .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
        assertThat(metrics.getSpec().getSelector()).doesNotContainKey("app.kubernetes.io/component");
    }

    @Test
    void theTestHookIsATestAndNoDoor() throws Exception {
        Pod hook = (Pod) Rendered.typed(
                Rendered.documents(Rendered.hook(folder)).findFirst().orElseThrow());
        assertThat(hook.getMetadata().getName()).isEqualTo("rel-wadi-test");
        assertThat(hook.getMetadata().getAnnotations()).containsEntry("helm.sh/hook", "test");
        assertThat(hook.getMetadata().getLabels()).doesNotContainKey("app.kubernetes.io/name");
        assertThat(environment(hook.getSpec())).containsEntry("WADI", "http://rel-wadi:80");
        restricted(hook.getSpec());
    }

    @Test
    void theNotesSayWhatIsUsed() {
        assertThat(Rendered.notes(Map.of()))
                .contains("one pod with its lake on its own disk")
                .contains("RabbitMQ    embedded in the pod")
                .contains("edit configmap rel-wadi-kpis");
        assertThat(Rendered.notes(and(SHARED, "networkPolicy.enabled", false)))
                .contains("doors on a shared lake")
                .contains("as the Secret rabbit says")
                .contains("anyone in the cluster can read and write");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(Map.of("replicas", 2), "set replicas to 1, or lake.kind to shared"),
                Arguments.of(Map.of("replicas", 0), "replicas"),
                Arguments.of(Map.of("autoscaling.enabled", true), "disable it, or set lake.kind to shared"),
                Arguments.of(Map.of("lake.existingClaim", "c"), "set lake.kind to shared"),
                Arguments.of(Map.of("lake.kind", "s3"), "kind"),
                Arguments.of(Map.of("lake.size", "big"), "size"),
                Arguments.of(
                        Map.of("lake.kind", "shared"),
                        "rabbitmq.existingSecret is empty, but several pods cannot share"),
                Arguments.of(
                        Map.of("lake.kind", "shared", "rabbitmq.existingSecret", "r"),
                        "postgres.existingSecret is empty"),
                Arguments.of(Map.of("strimzi.enabled", true, "kafka.bootstrapServers", "k:9092"), "there is one Kafka"),
                Arguments.of(Map.of("kafka.bootstrapServers", "k"), "bootstrapServers"),
                Arguments.of(
                        Map.of("stopDelaySeconds", 30),
                        "a stop takes stopDelaySeconds (30) and up to 10 s more: set it to 40"),
                Arguments.of(
                        and(SHARED, "autoscaling.enabled", true, "autoscaling.minReplicas", 9),
                        "the least must not be more than the most"),
                Arguments.of(Map.of("ingress.enabled", true), "hosts"),
                Arguments.of(Map.of("image.digest", "latest"), "digest"),
                Arguments.of(Map.of("image.repository", ""), "repository"),
                Arguments.of(Map.of("service.type", "Open"), "type"),
                Arguments.of(Map.of("runAsUser", 0), "runAsUser"),
                Arguments.of(Map.of("replica", 2), "replica"),
                Arguments.of(Map.of("rabbitmq.password", "secret"), "password"),
                Arguments.of(Map.of("settings.RABBITMQ_URI", "amqp://me:secret@h"), "RABBITMQ_URI"),
                Arguments.of(Map.of("settings.WADI_SQL_TOKEN", "secret"), "WADI_SQL_TOKEN"),
                Arguments.of(Map.of("settings.WADI_VACUM_RETENTION", "30d"), "WADI_VACUM_RETENTION"),
                Arguments.of(Map.of("settings.wadi", "x"), "wadi"),
                Arguments.of(Map.of("config.kpis.a/b", "x"), "a/b"),
                Arguments.of(Map.of("duckdb.memory", "much"), "memory"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void badValuesAreRefused(Map<String, Object> values, String says) {
        assertThatThrownBy(() -> Rendered.text(List.of(), values)).hasMessageContaining(says);
    }

    private static Map<String, Object> and(Map<String, Object> values, Object... more) {
        Map<String, Object> all = new HashMap<>(values);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    private static String pod(Map<String, Object> values) {
        return Rendered.with(values)
                .one(StatefulSet.class, "rel-wadi")
                .getSpec()
                .getTemplate()
                .toString();
    }
}
