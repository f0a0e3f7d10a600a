{{/* The pipeline's three roles: Dapr app ids, Spin components and values of APP_ID alike. */}}
{{- define "order-bench.pipelineRoles" -}}
{{- list "distributor" "receiver-express" "receiver-standard" | toJson -}}
{{- end }}

{{/* Those of the Order API, where it is part of the release. */}}
{{- define "order-bench.apiRoles" -}}
{{- ternary (list "orders-api" "orders-view" "orders-worker") list .Values.orderApi.enabled | toJson -}}
{{- end }}

{{- define "order-bench.roles" -}}
{{- concat (include "order-bench.pipelineRoles" . | fromJsonArray) (include "order-bench.apiRoles" . | fromJsonArray) | toJson -}}
{{- end }}

{{/* What a role's app is: the part of values with its image, replicas and resources. Takes root and role. */}}
{{- define "order-bench.app" -}}
{{- if has .role (include "order-bench.apiRoles" .root | fromJsonArray) -}}
{{- .root.Values.orderApi | toJson -}}
{{- else -}}
{{- merge (dict "image" .root.Values.image) .root.Values.app | toJson -}}
{{- end -}}
{{- end }}

{{/* Name of a role's objects. Takes root and role. */}}
{{- define "order-bench.roleName" -}}
{{ .root.Release.Name }}-{{ .role }}
{{- end }}

{{/* The ServiceAccount that may reach Azure as this role: daprd runs as it. */}}
{{- define "order-bench.serviceAccount" -}}
{{ include "order-bench.roleName" . }}
{{- end }}

{{/* The ServiceAccount of apps whose daprd is apart: it may do nothing. */}}
{{- define "order-bench.appServiceAccount" -}}
{{- if eq .root.Values.dapr.mode "sidecar" }}{{ include "order-bench.serviceAccount" . }}{{ else }}{{ .root.Release.Name }}-app{{ end }}
{{- end }}

{{/* The contender that a release is: by it bench finds its pods. */}}
{{- define "order-bench.contender" -}}
{{ .Values.contender | default .Release.Name }}
{{- end }}

{{/* Of every object. Takes root; also role and part where the object is of a role's app or daprd. */}}
{{- define "order-bench.labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: order-bench
{{- with (include "order-bench.app" . | fromJson).image.tag }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- if .role }}
{{ include "order-bench.selector" . }}
{{- else }}
app.kubernetes.io/name: {{ include "order-bench.contender" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end }}
{{- end }}

{{/* Of pods: without the chart's version, which would replace them where nothing of theirs has changed. */}}
{{- define "order-bench.podLabels" -}}
{{ include "order-bench.selector" . }}
app.kubernetes.io/part-of: order-bench
{{- end }}

{{/* What tells pods apart, and finds them. Takes root, role and part (app, dapr or test). */}}
{{- define "order-bench.selector" -}}
app.kubernetes.io/name: {{ include "order-bench.contender" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .role }}
order-bench/part: {{ .part }}
{{- end }}

{{/* How many pods a Deployment has when it is not scaled to 0: bench scales the contenders that do not run. */}}
{{- define "order-bench.ownReplicas" -}}
order-bench/replicas: {{ . | quote }}
{{- end }}

{{/* Takes root and role. */}}
{{- define "order-bench.image" -}}
{{- with (include "order-bench.app" . | fromJson).image -}}
{{ .repository }}:{{ .tag }}@{{ .digest }}
{{- end -}}
{{- end }}

{{- define "order-bench.daprImage" -}}
{{ .Values.dapr.image.repository }}:{{ .Values.dapr.image.tag }}{{ with .Values.dapr.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The port that an app listens on inside its pod. 80 is what spin-operator gives to a SpinApp. */}}
{{- define "order-bench.appPort" -}}
{{- if and (eq .Values.runtime "spin") (eq .Values.spin.mode "spinapp") }}80{{ else }}3000{{ end }}
{{- end }}

{{- define "order-bench.appHealthPath" -}}
{{- if eq .Values.runtime "spin" }}/.well-known/spin/health{{ else }}/healthz{{ end }}
{{- end }}

{{/* Where daprd finds its app. Whole names need no search through the resolver's list of suffixes. */}}
{{- define "order-bench.appAddress" -}}
{{ include "order-bench.roleName" . }}.{{ .root.Release.Namespace }}.svc.cluster.local
{{- end }}

{{/* Where an app finds its daprd. */}}
{{- define "order-bench.daprHost" -}}
{{- if eq .root.Values.dapr.mode "sidecar" -}}
127.0.0.1
{{- else -}}
{{ include "order-bench.roleName" . }}-dapr.{{ .root.Release.Namespace }}.svc.cluster.local
{{- end -}}
{{- end }}

{{/* The queue or topic that orders reach a role by. Takes root and role. */}}
{{- define "order-bench.input" -}}
{{- $orders := get (dict "distributor" "ingress" "receiver-express" "express" "receiver-standard" "standard") .role -}}
{{ ternary "t" "q" (eq .root.Values.transport "topics") }}-order-{{ $orders }}
{{- end }}

{{/* What the emulators of Service Bus and Blob Storage all have, and is no secret (local/broker, local/blob). */}}
{{- define "order-bench.standInAccess" -}}
serviceBusConnectionString: Endpoint=sb://broker.{{ .Values.standIns.namespace }}.svc.cluster.local:5672;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;
storageAccountName: devstoreaccount1
storageAccountKey: Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==
storageEndpoint: http://blob.{{ .Values.standIns.namespace }}.svc.cluster.local:10000
{{- end }}

{{- define "order-bench.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "order-bench.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Where pods run, and how their images are fetched. Takes root, and as "of" the part of values with nodeSelector and tolerations. */}}
{{- define "order-bench.scheduling" -}}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* One role's pods on as many nodes as there are. */}}
{{- define "order-bench.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    nodeTaintsPolicy: Honor
    labelSelector:
      matchLabels:
        {{- include "order-bench.selector" . | nindent 8 }}
{{- end }}

{{/* A pod is replaced before it is added: the pools have no room for one more pod of a core. */}}
{{- define "order-bench.strategy" -}}
type: RollingUpdate
rollingUpdate:
  maxSurge: 0
  maxUnavailable: 1
{{- end }}
