{{/* Labels and annotations of an app's pods, whichever object makes them. Take root and role. */}}
{{- define "order-bench.appPodLabels" -}}
{{- if and (eq .root.Values.dapr.mode "sidecar") .root.Values.azure.workloadIdentity.enabled -}}
azure.workload.identity/use: "true"
{{- end }}
{{- end }}

{{- define "order-bench.appPodAnnotations" -}}
{{- if eq .root.Values.dapr.mode "sidecar" }}
{{ include "order-bench.daprAnnotations" . }}
{{- if .root.Values.azure.workloadIdentity.enabled }}
# Azure's token is daprd's, not the app's.
azure.workload.identity/skip-containers: {{ include "order-bench.appContainer" . }}
{{- end }}
# daprd reads its manifests once, as it starts.
checksum/dapr: {{ include (print .root.Template.BasePath "/dapr-components.yaml") .root | sha256sum }}
{{- end }}
{{- if eq .root.Values.runtime "spin" }}
checksum/runtime-config: {{ include "order-bench.runtimeConfig" .root | sha256sum }}
{{- end }}
{{- with .root.Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name of the app's container. spin-operator names it as the SpinApp. */}}
{{- define "order-bench.appContainer" -}}
{{- if and (eq .root.Values.runtime "spin") (eq .root.Values.spin.mode "spinapp") }}{{ include "order-bench.roleName" . }}{{ else }}app{{ end }}
{{- end }}

{{/*
What a role's app is told beside its tokens, by the names of Spin's variables; a program has the Order API's in capitals. Takes
root and role.
*/}}
{{- define "order-bench.variables" -}}
{{- $dapr := printf "http://%s:3500" (include "order-bench.daprHost" .) }}
{{- if hasPrefix "orders-" .role }}
dapr_url: {{ $dapr }}
{{- with .root.Values.orderApi }}
allowed_origins: {{ join " " .allowedOrigins | quote }}
webhook_origin: {{ .webhooks.origin | quote }}
webhook_hosts: {{ .webhooks.hosts | quote }}
{{- end }}
{{- else }}
{{ .role | replace "-" "_" }}_dapr_url: {{ $dapr }}
{{- if .root.Values.orderApi.enabled }}
events: "on"
{{- end }}
{{- end }}
{{- end }}

{{- define "order-bench.runtimeConfigSecret" -}}
{{ .Release.Name }}-runtime-config
{{- end }}

{{- define "order-bench.runtimeConfig" -}}
[outbound_http]
connection_pooling = {{ .Values.spin.outboundConnectionPooling }}
{{- end }}
