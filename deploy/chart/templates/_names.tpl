{{/* The three roles: Dapr app ids, Spin components and values of APP_ID alike. */}}
{{- define "roles" -}}
{{- list "distributor" "receiver-express" "receiver-standard" | toJson -}}
{{- end }}

{{/* Name of a role's objects. Takes root and role. */}}
{{- define "name" -}}
{{ .root.Values.contender }}-{{ .role }}
{{- end }}

{{/* The ServiceAccount that may reach Azure as this role: daprd runs as it. */}}
{{- define "serviceAccount" -}}
{{ include "name" . }}
{{- end }}

{{/* The ServiceAccount of apps whose daprd is apart: it may do nothing. */}}
{{- define "appServiceAccount" -}}
{{- if eq .root.Values.dapr.mode "sidecar" }}{{ include "serviceAccount" . }}{{ else }}{{ .root.Values.contender }}-app{{ end }}
{{- end }}

{{- define "labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: order-bench
{{- with .root.Values.image.tag }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- end }}

{{/* What tells pods apart, and finds them. Takes root, role and part (app, dapr or test). */}}
{{- define "selector" -}}
app.kubernetes.io/name: {{ .root.Values.contender | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .role }}
order-bench/part: {{ .part }}
{{- end }}

{{/* How many pods a Deployment has when it is not scaled to 0: bench scales the contenders that do not run. */}}
{{- define "ownReplicas" -}}
order-bench/replicas: {{ . | quote }}
{{- end }}

{{- define "image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}@{{ .Values.image.digest }}
{{- end }}

{{- define "daprImage" -}}
{{ .Values.dapr.image.repository }}:{{ .Values.dapr.image.tag }}{{ with .Values.dapr.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The port that an app listens on inside its pod. 80 is what spin-operator gives to a SpinApp. */}}
{{- define "appPort" -}}
{{- if and (eq .Values.contender "spin") (eq .Values.spin.mode "spinapp") }}80{{ else }}3000{{ end }}
{{- end }}

{{- define "appHealthPath" -}}
{{- if eq .Values.contender "spin" }}/.well-known/spin/health{{ else }}/healthz{{ end }}
{{- end }}

{{/* Where daprd finds its app. Whole names need no search through the resolver's list of suffixes. */}}
{{- define "appAddress" -}}
{{ include "name" . }}.{{ .root.Release.Namespace }}.svc.cluster.local
{{- end }}

{{/* Where an app finds its daprd. */}}
{{- define "daprHost" -}}
{{- if eq .root.Values.dapr.mode "sidecar" -}}
127.0.0.1
{{- else -}}
{{ include "name" . }}-dapr.{{ .root.Release.Namespace }}.svc.cluster.local
{{- end -}}
{{- end }}

{{/* The input queue of a role. */}}
{{- define "queue" -}}
{{- get (dict "distributor" "q-order-ingress" "receiver-express" "q-order-express" "receiver-standard" "q-order-standard") . -}}
{{- end }}

{{/* What the emulators of Service Bus and Blob Storage all have, and is no secret (local/broker, local/blob). */}}
{{- define "standInAccess" -}}
serviceBusConnectionString: Endpoint=sb://broker.{{ .Values.standIns.namespace }}.svc.cluster.local:5672;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;
storageAccountName: devstoreaccount1
storageAccountKey: Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==
storageEndpoint: http://blob.{{ .Values.standIns.namespace }}.svc.cluster.local:10000
{{- end }}

{{/* Requested and the limit: nothing is lent and nothing taken. Takes cpu and memory. */}}
{{- define "resources" -}}
requests:
  cpu: {{ .cpu | quote }}
  memory: {{ .memory }}
limits:
  cpu: {{ .cpu | quote }}
  memory: {{ .memory }}
{{- end }}

{{- define "containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Nodes of a pool of deploy/infra, and its taint. */}}
{{- define "pool" -}}
nodeSelector:
  order-bench/pool: {{ . | quote }}
tolerations:
  - key: order-bench/pool
    operator: Equal
    value: {{ . | quote }}
    effect: NoSchedule
{{- end }}

{{/* One role's pods on as many nodes as there are. */}}
{{- define "spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    nodeTaintsPolicy: Honor
    labelSelector:
      matchLabels:
        {{- include "selector" . | nindent 8 }}
{{- end }}

{{/* A pod is replaced before it is added: the pools have no room for one more pod of a core. */}}
{{- define "strategy" -}}
type: RollingUpdate
rollingUpdate:
  maxSurge: 0
  maxUnavailable: 1
{{- end }}
