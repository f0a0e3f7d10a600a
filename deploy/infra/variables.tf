variable "location" {
  description = "Azure region of everything, for example westeurope. It needs the sizes in pools in the zone below."
  type        = string

  validation {
    # Their names end otherwise (servicebus.chinacloudapi.cn), which neither the chart nor Dapr's components know.
    condition     = !can(regex("^(china|us(gov|dod|sec|nat))", lower(replace(var.location, " ", ""))))
    error_message = "location must be a region of Azure's public cloud."
  }
}

variable "name" {
  description = "Start of every resource's name. A hash of the subscription, this name and the region follows where a name must be unique in the world."
  type        = string
  default     = "orderbench"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,11}$", var.name))
    error_message = "name must be 3 to 12 lower-case letters and digits and start with a letter: the storage account and the registry take no more."
  }
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes; AKS chooses the patch. 1.36 was generally available in AKS release 2026-09-04."
  type        = string
  default     = "1.36"

  validation {
    condition     = can(regex("^1\\.[0-9]+$", var.kubernetes_version))
    error_message = "kubernetes_version must be a minor version such as 1.36."
  }
}

variable "zone" {
  description = "The one availability zone of all nodes, so that each contender is as far from Dapr as the other; null in a region without zones."
  type        = string
  default     = "1"

  validation {
    condition     = var.zone == null || contains(["1", "2", "3"], coalesce(var.zone, "1"))
    error_message = "zone must be 1, 2, 3 or null."
  }
}

variable "keda" {
  description = "How KEDA is installed: helm, at the version of deploy/cluster/versions.sh, or add-on, AKS's own, whose version follows kubernetes_version. Every result of bench scale names both."
  type        = string
  default     = "helm"

  validation {
    condition     = contains(["helm", "add-on"], var.keda)
    error_message = "keda must be helm or add-on."
  }
}

variable "network_data_plane" {
  description = "azure (iptables, policies by Calico) or cilium (eBPF). Part of what is compared: record it."
  type        = string
  default     = "azure"

  validation {
    condition     = contains(["azure", "cilium"], var.network_data_plane)
    error_message = "network_data_plane must be azure or cilium."
  }
}

variable "pools" {
  description = "VM size and node count of each pool. spin and classic are the same, for a vCPU of an arm64 size is a core and of an amd64 size a hyperthread; a node of 4 vCPUs has room for three pods of one core beside AKS's own, so that three nodes have room for the six of a contender and for those that an upgrade adds."
  type = object({
    system  = optional(object({ vm_size = optional(string, "Standard_D4ds_v5"), node_count = optional(number, 2) }), {})
    spin    = optional(object({ vm_size = optional(string, "Standard_D4pds_v5"), node_count = optional(number, 3) }), {})
    classic = optional(object({ vm_size = optional(string, "Standard_D4pds_v5"), node_count = optional(number, 3) }), {})
    dapr    = optional(object({ vm_size = optional(string, "Standard_D4pds_v5"), node_count = optional(number, 2) }), {})
  })
  default = {}

  validation {
    condition     = alltrue([for pool in values(var.pools) : can(regex("^Standard_D[0-9]+[a-z]*d[a-z]*_v[0-9]+$", pool.vm_size))])
    error_message = "pools: each vm_size must be of a D series with a local disk (a d after the number, as in Standard_D4ds_v5), for the operating system's disk is put there."
  }

  validation {
    condition     = alltrue([for pool in values(var.pools) : pool.node_count >= 1 && floor(pool.node_count) == pool.node_count])
    error_message = "pools: each node_count must be a whole number of at least 1."
  }

  validation {
    condition     = var.unequal_pools || (var.pools.spin.vm_size == var.pools.classic.vm_size && var.pools.spin.node_count == var.pools.classic.node_count)
    error_message = "pools: spin and classic differ, so a difference between contenders may be one between machines. Set unequal_pools to measure that on purpose."
  }
}

variable "unequal_pools" {
  description = "Whether spin and classic may differ in size or number. Every result names the VM size and processor of its nodes."
  type        = bool
  default     = false
}

variable "messaging_units" {
  description = "Messaging units of the Service Bus Premium namespace: 1, 2, 4, 8 or 16."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 4, 8, 16], var.messaging_units)
    error_message = "messaging_units must be 1, 2, 4, 8 or 16."
  }
}

variable "contenders" {
  description = "Contenders that may be installed, by the chart's value contender. Each gets a federated credential a role for its ServiceAccounts in its namespace order-bench-<contender>."
  type        = set(string)
  default     = ["spin", "spin-current", "spin-rust", "express", "express-fetch", "express-bulk", "null", "warp-rust", "warp-rust-static"]

  validation {
    condition     = length(var.contenders) >= 1 && length(var.contenders) <= 20
    error_message = "contenders must name 1 to 20: Entra ID takes no more than 20 federated credentials an identity."
  }

  validation {
    condition     = alltrue([for contender in var.contenders : can(regex("^[a-z][a-z0-9-]{0,30}$", contender))])
    error_message = "contenders must each be lower-case letters, digits and hyphens: they become part of a namespace's name."
  }
}

variable "operator_object_ids" {
  description = "Entra ID object ids of the people or pipelines that install and measure. Empty: whoever runs this."
  type        = set(string)
  default     = []
}

variable "client_networks" {
  description = "Public IPv4 addresses and ranges (at most /30) from which cluster, Service Bus and storage may be reached beside the cluster's own nodes: where you install and measure. Empty: from everywhere, with a token of Entra ID. The registry takes no such list below Premium."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for network in var.client_networks : can(cidrhost(strcontains(network, "/") ? network : "${network}/32", 0)) && !can(regex(":|/3[12]$|/0$", network))])
    error_message = "client_networks must be IPv4 addresses (203.0.113.7) or ranges from /1 to /30 (203.0.113.0/24): storage takes no others."
  }
}
