# What every pod of the chart must keep to: Kubernetes' restricted profile, limits, a root folder nobody writes to, images
# that are named for good. conftest gives one object at a time as input.
package main

import rego.v1

# The pods of an object, whichever object makes them.
pods contains pod if {
	input.kind in {"Deployment", "Job", "DaemonSet", "StatefulSet"}
	pod := input.spec.template.spec
}

pods contains pod if {
	input.kind == "CronJob"
	pod := input.spec.jobTemplate.spec.template.spec
}

pods contains pod if {
	input.kind == "Pod"
	pod := input.spec
}

containers contains {"pod": pod, "container": container} if {
	some pod in pods
	some container in array.concat(pod.containers, object.get(pod, "initContainers", []))
}

# The Spin shim writes into the container's root folder, which is root's; without a capability it may do no more.
is_spin(pod) if pod.runtimeClassName == "wasmtime-spin-v2"

name := sprintf("%s %s", [input.kind, input.metadata.name])

deny contains message if {
	some entry in containers
	container := entry.container
	container.securityContext.privileged
	message := sprintf("%s: container %s is privileged", [name, container.name])
}

deny contains message if {
	some entry in containers
	container := entry.container
	object.get(container, ["securityContext", "allowPrivilegeEscalation"], true) != false
	message := sprintf("%s: container %s may escalate its privileges", [name, container.name])
}

deny contains message if {
	some entry in containers
	container := entry.container
	object.get(container, ["securityContext", "capabilities", "drop"], []) != ["ALL"]
	message := sprintf("%s: container %s does not drop all capabilities", [name, container.name])
}

deny contains message if {
	some entry in containers
	container := entry.container
	count(object.get(container, ["securityContext", "capabilities", "add"], [])) > 0
	message := sprintf("%s: container %s adds capabilities", [name, container.name])
}

deny contains message if {
	some entry in containers
	not is_spin(entry.pod)
	container := entry.container
	object.get(container, ["securityContext", "readOnlyRootFilesystem"], false) != true
	message := sprintf("%s: container %s may write to its root folder", [name, container.name])
}

deny contains message if {
	some pod in pods
	not is_spin(pod)
	object.get(pod, ["securityContext", "runAsNonRoot"], false) != true
	message := sprintf("%s: may run as root", [name])
}

deny contains message if {
	some pod in pods
	not is_spin(pod)
	not is_number(object.get(pod, ["securityContext", "runAsUser"], null))
	message := sprintf("%s: names no user by number", [name])
}

deny contains message if {
	some pod in pods
	not object.get(pod, ["securityContext", "seccompProfile", "type"], "") in {"RuntimeDefault", "Localhost"}
	message := sprintf("%s: has no seccomp profile", [name])
}

deny contains message if {
	some pod in pods
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	pod[field]
	message := sprintf("%s: uses the node's own %s", [name, field])
}

deny contains message if {
	some pod in pods
	some volume in object.get(pod, "volumes", [])
	count(object.keys(volume) - {"name", "configMap", "secret", "projected", "emptyDir", "downwardAPI", "csi", "ephemeral", "persistentVolumeClaim"}) > 0
	message := sprintf("%s: volume %s is of a kind that the restricted profile forbids", [name, volume.name])
}

deny contains message if {
	some entry in containers
	container := entry.container
	some kind in ["requests", "limits"]
	some resource in ["cpu", "memory"]
	not object.get(container, ["resources", kind, resource], false)
	message := sprintf("%s: container %s has no %s %s", [name, container.name, resource, kind])
}

deny contains message if {
	some entry in containers
	container := entry.container
	not is_pinned(container.image)
	message := sprintf("%s: image %s is not named for good", [name, container.image])
}

deny contains message if {
	input.kind == "SpinApp"
	not is_pinned(input.spec.image)
	message := sprintf("%s: image %s is not named for good", [name, input.spec.image])
}

deny contains message if {
	input.kind == "SpinApp"
	some kind in ["requests", "limits"]
	some resource in ["cpu", "memory"]
	not object.get(input.spec, ["resources", kind, resource], false)
	message := sprintf("%s: has no %s %s", [name, resource, kind])
}

deny contains message if {
	template := input.spec.template
	annotations := object.get(template, ["metadata", "annotations"], {})
	annotations["dapr.io/enabled"] == "true"
	some field in ["sidecar-cpu-request", "sidecar-cpu-limit", "sidecar-memory-request", "sidecar-memory-limit", "sidecar-seccomp-profile-type"]
	not annotations[sprintf("dapr.io/%s", [field])]
	message := sprintf("%s: its daprd has no %s", [name, field])
}

# By digest: what a tag names can change.
is_pinned(image) if regex.match(`@sha256:[0-9a-f]{64}$`, image)

deny contains message if {
	some pod in pods
	not no_token(pod)
	message := sprintf("%s: may get a token for Kubernetes", [name])
}

# Said by the pod itself: a ServiceAccount's word is another object's, and changes apart.
no_token(pod) if pod.automountServiceAccountToken == false

deny contains message if {
	input.kind == "ServiceAccount"
	object.get(input, "automountServiceAccountToken", true) != false
	message := sprintf("%s: its pods get a token for Kubernetes", [name])
}

deny contains message if {
	input.kind in {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}
	message := sprintf("%s: nothing here needs rights in Kubernetes", [name])
}
