package dev.wadi.delivery;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the chart renders for some values, each object as its typed model. A field that its model does not know is an error. */
record Rendered(List<HasMetadata> objects) {
    static final Path CHART = Path.of("charts", "wadi");

    /** Every kind that may appear, by apiVersion and kind. */
    private static final Map<String, Class<? extends HasMetadata>> MODELS = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("v1/Pod", Pod.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
            Map.entry("kafka.strimzi.io/v1beta2/Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaTopic", KafkaTopic.class));

    /** The models keep unknown fields for later; here these are typing mistakes. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            })
            .build();

    /** Renders with values files of the chart, by name, and then single values. */
    static Rendered with(List<String> files, Map<String, ?> values) {
        return new Rendered(documents(text(files, values)).map(Rendered::typed).toList());
    }

    static Rendered with(Map<String, ?> values) {
        return with(List.of(), values);
    }

    static String text(List<String> files, Map<String, ?> values) {
        TemplateCommand template =
                new Helm(CHART).template().withName("rel").withNamespace("lake").withKubeVersion("1.33.0");
        files.forEach(file -> template.withValuesFile(CHART.resolve(file)));
        values.forEach(template::set);
        return template.call();
    }

    /** What a person reads after an installation. */
    static String notes(Map<String, ?> values) {
        InstallCommand install = new Helm(CHART)
                .install()
                .withName("rel")
                .withNamespace("lake")
                .withKubeVersion("1.33.0")
                .clientOnly()
                .dryRun();
        values.forEach(install::set);
        return install.call().getOutput();
    }

    /** The text of the test hook. Helm renders hooks when it runs them; here a copy of it is rendered, as an object among others. */
    static String hook(Path folder) throws IOException {
        Path copy = folder.resolve("wadi");
        Files.createDirectories(copy.resolve("templates"));
        for (String file : List.of("Chart.yaml", "values.yaml", "templates/_helpers.tpl")) {
            Files.copy(CHART.resolve(file), copy.resolve(file));
        }
        String text = Files.readString(CHART.resolve("templates/tests/answers.yaml"));
        Files.writeString(copy.resolve("templates/answers.yaml"), text.replace("helm.sh/hook", "held/hook"));
        return new Helm(copy)
                .template()
                .withName("rel")
                .withKubeVersion("1.33.0")
                .call()
                .replace("held/hook", "helm.sh/hook");
    }

    static Stream<Map<?, ?>> documents(String text) {
        List<Map<?, ?>> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            if (document instanceof Map<?, ?> map) {
                documents.add(map);
            }
        }
        return documents.stream();
    }

    static HasMetadata typed(Map<?, ?> document) {
        String kind = document.get("apiVersion") + "/" + document.get("kind");
        Class<? extends HasMetadata> model = Objects.requireNonNull(
                MODELS.get(kind), () -> "the chart renders " + kind + ", which no model is named for");
        JsonNode tree = STRICT.valueToTree(document);
        try {
            return STRICT.treeToValue(tree, model);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("%s is no %s: %s".formatted(document.get("metadata"), kind, e.getMessage()), e);
        }
    }

    <T extends HasMetadata> List<T> all(Class<T> model) {
        return objects.stream().filter(model::isInstance).map(model::cast).toList();
    }

    <T extends HasMetadata> T one(Class<T> model, String name) {
        return all(model).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no %s %s among %s".formatted(model.getSimpleName(), name, names())));
    }

    /** What the first container of a pod is given, by name; {@code secret NAME/KEY} for what comes from a Secret. */
    static Map<String, String> environment(PodSpec pod) {
        Map<String, String> environment = new TreeMap<>();
        for (EnvVar variable : pod.getContainers().getFirst().getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null
                            ? variable.getValue()
                            : "secret %s/%s"
                                    .formatted(
                                            variable.getValueFrom()
                                                    .getSecretKeyRef()
                                                    .getName(),
                                            variable.getValueFrom()
                                                    .getSecretKeyRef()
                                                    .getKey()));
        }
        return environment;
    }

    /** {@code Kind/name}, in the order of the text. */
    List<String> names() {
        return objects.stream()
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
    }

    /** Everything that runs: what stays, and the hook. */
    List<PodSpec> pods() {
        List<PodSpec> pods = new ArrayList<>();
        all(StatefulSet.class)
                .forEach(each -> pods.add(each.getSpec().getTemplate().getSpec()));
        all(Deployment.class)
                .forEach(each -> pods.add(each.getSpec().getTemplate().getSpec()));
        all(Pod.class).forEach(each -> pods.add(each.getSpec()));
        return pods;
    }

    /**
     * The files of a ConfigMap, put into a folder as a kubelet does it: a hidden folder, a link to it that is swapped in one step, and
     * a link for each file.
     */
    static void mount(Map<String, String> files, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path data = Files.createTempDirectory(folder, "..2026_11_21_");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(data.resolve(file.getKey()), file.getValue());
        }
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String name : files.keySet()) {
            if (!Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
            }
        }
    }
}
