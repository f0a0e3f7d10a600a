{{/*
What every daprd is told, shared or sidecar, as the rig tells its own (local/rig/src/tools/daprd-arguments.ts). The app's
health is asked so that nothing is read before the app is well; a threshold of an hour, because a daprd that stops reading
hands orders back until they are dead letters: outages are the retries' (files/dapr-components/resiliency.yaml).
*/}}
{{- define "order-bench.daprSettings" -}}
app-protocol: http
app-health-check-path: {{ include "order-bench.appHealthPath" . }}
app-health-probe-interval: "1"
app-health-probe-timeout: "1000"
app-health-threshold: "3600"
# An order of 1 MiB can be several times as long inside a call to Dapr.
max-body-size: 16Mi
graceful-shutdown-seconds: "5"
log-level: {{ .Values.dapr.logLevel }}
{{- end }}

{{/* The same as annotations, for the injector. Takes root and role. */}}
{{- define "order-bench.daprAnnotations" -}}
dapr.io/enabled: "true"
dapr.io/app-id: {{ .role }}
dapr.io/app-port: {{ include "order-bench.appPort" .root | quote }}
dapr.io/config: order-bench
dapr.io/sidecar-image: {{ include "order-bench.daprImage" .root }}
{{- with .root.Values.dapr.resources.requests.cpu }}
dapr.io/sidecar-cpu-request: {{ . | quote }}
{{- end }}
{{- with .root.Values.dapr.resources.limits.cpu }}
dapr.io/sidecar-cpu-limit: {{ . | quote }}
{{- end }}
{{- with .root.Values.dapr.resources.requests.memory }}
dapr.io/sidecar-memory-request: {{ . | quote }}
{{- end }}
{{- with .root.Values.dapr.resources.limits.memory }}
dapr.io/sidecar-memory-limit: {{ . | quote }}
{{- end }}
dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
# For helm test, which asks for its blobs; a NetworkPolicy lets nobody else in.
dapr.io/sidecar-listen-addresses: 0.0.0.0
dapr.io/enable-api-logging: "false"
dapr.io/enable-app-health-check: "true"
dapr.io/disable-builtin-k8s-secret-store: "true"
{{- with .root.Values.dapr.apiTokenSecret }}
dapr.io/api-token-secret: {{ . | quote }}
{{- end }}
{{- with .root.Values.dapr.appApiTokenSecret }}
dapr.io/app-token-secret: {{ . | quote }}
{{- end }}
{{- range $name, $value := include "order-bench.daprSettings" .root | fromYaml }}
dapr.io/{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/*
Those tokens that are set, each from its Secret. Takes root, and as dapr, app and callers what they are called; without
callers that of the Order API's callers is left out.
*/}}
{{- define "order-bench.apiTokens" -}}
{{- $secrets := dict .dapr .root.Values.dapr.apiTokenSecret .app .root.Values.dapr.appApiTokenSecret }}
{{- with .callers }}
{{- $_ := set $secrets . $.root.Values.orderApi.tokenSecret }}
{{- end }}
{{- range $name, $secret := $secrets }}
{{- if $secret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret | quote }}
      key: token
{{- end }}
{{- end }}
{{- end }}

{{/*
The PEM certificates a shared daprd trusts sentry by: given, or read from the cluster. Rendered without a cluster there are
none to read; with one, their absence would only show as daprds that never start.
*/}}
{{- define "order-bench.trustAnchors" -}}
{{- if .Values.dapr.trustAnchors -}}
{{ .Values.dapr.trustAnchors }}
{{- else -}}
{{- $bundle := lookup "v1" "ConfigMap" .Values.dapr.controlPlaneNamespace "dapr-trust-bundle" -}}
{{- $anchors := dig "data" "ca.crt" "" $bundle -}}
{{- if and (not $anchors) (.Capabilities.APIVersions.Has "dapr.io/v1alpha1/Component") -}}
{{- fail (printf "dapr.controlPlaneNamespace is %s, where there is no ConfigMap dapr-trust-bundle with ca.crt: is Dapr installed there and its sentry running? (make cluster-up)" .Values.dapr.controlPlaneNamespace) -}}
{{- end -}}
{{ $anchors }}
{{- end -}}
{{- end }}
