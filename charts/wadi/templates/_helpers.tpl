{{- define "wadi.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "wadi.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "wadi.name" . -}}
{{- contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "wadi.selector" -}}
app.kubernetes.io/name: {{ include "wadi.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "wadi.labels" -}}
{{ include "wadi.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "wadi.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "wadi.fullname" .) "default") -}}
{{- end -}}

{{- define "wadi.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository ($image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "wadi.kafka" -}}
{{- if .Values.strimzi.enabled -}}
{{- printf "%s-kafka-kafka-bootstrap:9092" (include "wadi.fullname" .) -}}
{{- else -}}
{{- .Values.kafka.bootstrapServers -}}
{{- end -}}
{{- end -}}

{{- /* The files of one folder: those of the chart, with what the values add, replace or leave out. */ -}}
{{- define "wadi.files" -}}
{{- $files := dict -}}
{{- range $path, $text := .root.Files.Glob (printf "files/%s/*" .folder) -}}
{{- $_ := set $files (base $path) (toString $text) -}}
{{- end -}}
{{- range $name, $text := index .root.Values.config .folder -}}
{{- if $text -}}
{{- $_ := set $files $name $text -}}
{{- else -}}
{{- $_ := unset $files $name -}}
{{- end -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{- define "wadi.configMap" -}}
{{- index .root.Values.config.existing .folder | default (printf "%s-%s" (include "wadi.fullname" .root) .folder) -}}
{{- end -}}

{{- /* What no schema can say in a sentence. */ -}}
{{- define "wadi.check" -}}
{{- $v := .Values -}}
{{- if eq $v.lake.kind "disk" -}}
{{- if gt (int $v.replicas) 1 -}}
{{- fail (printf "replicas is %v, but a lake on the disk of one pod has one replica: set replicas to 1, or lake.kind to shared with a volume that several pods can mount." $v.replicas) -}}
{{- end -}}
{{- if $v.autoscaling.enabled -}}
{{- fail "autoscaling is enabled, but a lake on the disk of one pod has one replica: disable it, or set lake.kind to shared with a volume that several pods can mount." -}}
{{- end -}}
{{- if $v.lake.existingClaim -}}
{{- fail "lake.existingClaim is set, but a lake on the disk of one pod has a claim of its own: leave it out, or set lake.kind to shared." -}}
{{- end -}}
{{- else -}}
{{- range $part := list "rabbitmq" "postgres" -}}
{{- if not (index $v $part).existingSecret -}}
{{- fail (printf "%s.existingSecret is empty, but several pods cannot share a %s that is embedded in one: name the Secret with its address." $part $part) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.strimzi.enabled $v.kafka.bootstrapServers -}}
{{- fail "strimzi.enabled and kafka.bootstrapServers are both set: there is one Kafka. Leave one of them out." -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas is %v and maxReplicas %v: the least must not be more than the most." $v.autoscaling.minReplicas $v.autoscaling.maxReplicas) -}}
{{- end -}}
{{- if lt (int $v.terminationGracePeriodSeconds) (add 10 (int $v.stopDelaySeconds) | int) -}}
{{- fail (printf "terminationGracePeriodSeconds is %v, but a stop takes stopDelaySeconds (%v) and up to 10 s more: set it to %v or more." $v.terminationGracePeriodSeconds $v.stopDelaySeconds (add 10 (int $v.stopDelaySeconds))) -}}
{{- end -}}
{{- end -}}

{{- /* The pod. role: what its label says; single: whether routes run in it that only one process should run;
       lake: whether the lake is a volume beside the data folder; data: whether the data folder is a volume that stays. */ -}}
{{- define "wadi.pod" -}}
{{- $root := .root -}}
{{- $v := $root.Values -}}
metadata:
  labels:
    {{- include "wadi.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
    {{- with $v.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $v.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "wadi.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $v.terminationGracePeriodSeconds }}
  {{- with $v.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    # whole: a large number of a values file is a fraction to Helm
    runAsUser: {{ int64 $v.runAsUser }}
    runAsGroup: {{ int64 $v.runAsUser }}
    fsGroup: {{ int64 $v.runAsUser }}
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: wadi
      image: {{ include "wadi.image" $root | quote }}
      imagePullPolicy: {{ $v.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      ports:
        - {name: http, containerPort: 8080}
      env:
        - {name: WADI_HTTP_HOST, value: 0.0.0.0}
        - {name: WADI_HTTP_PORT, value: "8080"}
        - {name: WADI_DATA_DIR, value: /data}
        - {name: WADI_LAKE, value: {{ .lake | ternary "/lake" "/data/lake" }}}
        - {name: WADI_ROUTES_DIR, value: /config/routes}
        - {name: WADI_SCHEMAS_DIR, value: /config/schemas}
        - {name: WADI_SINGLE_ROUTES, value: {{ .single | quote }}}
        - {name: WADI_STOP_DELAY, value: {{ printf "%vs" $v.stopDelaySeconds }}}
        - {name: WADI_DUCKDB_MEMORY, value: {{ $v.duckdb.memory | quote }}}
        - {name: WADI_DUCKDB_THREADS, value: {{ $v.duckdb.threads | quote }}}
        - {name: WADI_BLOB_EMBEDDED, value: "false"}
        - {name: WADI_BLOB_CONTAINER, value: {{ $v.blob.container | quote }}}
        - {name: JDK_JAVA_OPTIONS, value: {{ $v.javaOptions | quote }}}
        {{- with $v.rabbitmq.existingSecret }}
        - name: RABBITMQ_URI
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $v.rabbitmq.key }}}}
        {{- end }}
        {{- with $v.postgres.existingSecret }}
        - name: JDBC_URL
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $v.postgres.key }}}}
        {{- end }}
        {{- with $v.sql.existingSecret }}
        - name: WADI_SQL_TOKEN
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $v.sql.key }}}}
        {{- end }}
        {{- with $v.blob.existingSecret }}
        - name: AZURE_STORAGE_CONNECTION_STRING
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $v.blob.key }}}}
        {{- end }}
        {{- with include "wadi.kafka" $root }}
        - {name: KAFKA_BOOTSTRAP_SERVERS, value: {{ . | quote }}}
        {{- end }}
        {{- with $v.kafka.schemaRegistryUrl }}
        - {name: SCHEMA_REGISTRY_URL, value: {{ . | quote }}}
        {{- end }}
        {{- range $name, $value := $v.settings }}
        - {name: {{ $name }}, value: {{ kindIs "float64" $value | ternary (int64 $value) $value | quote }}}
        {{- end }}
      # The port opens when everything behind it has started.
      startupProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 3
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 3
        timeoutSeconds: 2
        failureThreshold: 1
      resources:
        {{- toYaml $v.resources | nindent 8 }}
      volumeMounts:
        - {name: data, mountPath: /data}
        {{- if .lake }}
        - {name: lake, mountPath: /lake}
        {{- end }}
        # native parts of libraries are unpacked there and run from there
        - {name: tmp, mountPath: /tmp}
        # whole folders, no subPath: only these follow their ConfigMaps
        - {name: ingest, mountPath: /config/routes/ingest, readOnly: true}
        - {name: transform, mountPath: /config/routes/transform, readOnly: true}
        - {name: tables, mountPath: /config/schemas/tables, readOnly: true}
        - {name: kpis, mountPath: /config/schemas/kpis, readOnly: true}
        - {name: seeds, mountPath: /config/schemas/seeds, readOnly: true}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if not .data }}
    - name: data
      emptyDir: {}
    {{- end }}
    {{- if .lake }}
    - name: lake
      persistentVolumeClaim: {claimName: {{ $v.lake.existingClaim | default (printf "%s-lake" (include "wadi.fullname" $root)) }}}
    {{- end }}
    {{- range $folder := list "ingest" "transform" "tables" "kpis" "seeds" }}
    - name: {{ $folder }}
      configMap: {name: {{ include "wadi.configMap" (dict "root" $root "folder" $folder) }}}
    {{- end }}
  {{- with $v.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if and $v.topologySpread (eq .role "doors") }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "wadi.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ .role }}
  {{- end }}
{{- end -}}
