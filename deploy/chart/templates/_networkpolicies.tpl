{{- define "order-bench.testSelector" -}}
{{ include "order-bench.selector" (dict "root" . "role" "helm-test" "part" "test") }}
{{- end }}

{{/* daprd's counts, for whoever measures; they say nothing of an order. */}}
{{- define "order-bench.metricsIngress" -}}
- ports:
    - protocol: TCP
      port: 9090
{{- end }}

{{- define "order-bench.dnsEgress" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
  ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- end }}

{{/*
AMQP to Service Bus, HTTPS to blobs and Entra ID; their addresses change, and a NetworkPolicy knows no names. Stand-ins are
known by their namespace.
*/}}
{{- define "order-bench.daprEgress" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.dapr.controlPlaneNamespace | quote }}
- to:
    {{- if .Values.standIns.namespace }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.standIns.namespace | quote }}
  ports:
    - protocol: TCP
      port: 5672
    - protocol: TCP
      port: 10000
    {{- else }}
    - ipBlock:
        cidr: 0.0.0.0/0
  ports:
    - protocol: TCP
      port: 443
    - protocol: TCP
      port: 5671
    {{- end }}
{{- end }}

{{/*
Partners, whose addresses nobody knows beforehand. Never one inside, whatever a partner's name leads to: private, shared, loopback
and link-local addresses (RFC 1918, 6598, 1122, 3927), behind the last of which clouds tell a node's secrets.
*/}}
{{- define "order-bench.webhooksEgress" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: [0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
  ports:
    - protocol: TCP
      port: 443
{{- end }}
