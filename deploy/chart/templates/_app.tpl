{{/* Labels and annotations of an app's pods, whichever object makes them. Take root and role. */}}
{{- define "appPodLabels" -}}
{{- if and (eq .root.Values.dapr.mode "sidecar") .root.Values.azure.workloadIdentity.enabled -}}
azure.workload.identity/use: "true"
{{- end }}
{{- end }}

{{- define "appPodAnnotations" -}}
{{- if eq .root.Values.dapr.mode "sidecar" }}
{{ include "daprAnnotations" . }}
{{- if .root.Values.azure.workloadIdentity.enabled }}
# Azure's token is daprd's, not the app's.
azure.workload.identity/skip-containers: {{ include "appContainer" . }}
{{- end }}
# daprd reads its manifests once, as it starts.
checksum/dapr: {{ include (print .root.Template.BasePath "/dapr-components.yaml") .root | sha256sum }}
{{- end }}
{{- if include "onSpin" .root }}
checksum/runtime-config: {{ include "runtimeConfig" .root | sha256sum }}
{{- end }}
{{- end }}

{{/* Name of the app's container. spin-operator names it as the SpinApp. */}}
{{- define "appContainer" -}}
{{- if and (include "onSpin" .root) (eq .root.Values.spin.mode "spinapp") }}{{ include "name" . }}{{ else }}app{{ end }}
{{- end }}

{{- define "runtimeConfigSecret" -}}
{{ .Values.contender }}-runtime-config
{{- end }}

{{- define "runtimeConfig" -}}
[outbound_http]
connection_pooling = {{ .Values.spin.outboundConnectionPooling }}
{{- end }}
