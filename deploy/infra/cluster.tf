locals {
  # The pools that orders pass through. Their taint keeps everything else, add-ons too, on the system pool; the chart and
  # the Shim of ../cluster select and tolerate by the same key.
  pool_key      = "order-bench/pool"
  measured_pool = { spin = var.pools.spin, classic = var.pools.classic, dapr = var.pools.dapr }
  zones         = var.zone == null ? null : [var.zone]

  # Fits the local disk of the smallest size with one (75 GiB on 2 vCPUs).
  os_disk_size_gb = 60
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "${var.name}-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "${var.name}-${local.suffix}"
  kubernetes_version  = var.kubernetes_version
  # The API server is not on an order's way; no uptime promise is bought for it.
  sku_tier = "Free"

  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  # Entra ID only: no client certificate that outlives a person's rights.
  local_account_disabled = true
  azure_active_directory_role_based_access_control {
    tenant_id          = data.azurerm_client_config.current.tenant_id
    azure_rbac_enabled = true
  }

  # A cluster that upgrades itself in the middle of a comparison measures the upgrade.
  node_os_upgrade_channel = "None"

  # Known before the cluster is, for it must already be able to put nodes into the subnet.
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  dynamic "api_server_access_profile" {
    for_each = local.closed ? [true] : []
    content {
      # AKS adds the address that its own nodes come from.
      authorized_ip_ranges = [for network in var.client_networks : strcontains(network, "/") ? network : "${network}/32"]
    }
  }

  # Pools are fixed below and not provisioned on demand: scaling would blur the comparison. azurerm 5 requires the block.
  node_provisioning_profile {
    mode = "Manual"
  }

  default_node_pool {
    name            = "system"
    vm_size         = var.pools.system.vm_size
    node_count      = var.pools.system.node_count
    os_sku          = "AzureLinux3"
    os_disk_type    = "Ephemeral"
    os_disk_size_gb = local.os_disk_size_gb
    zones           = local.zones
    vnet_subnet_id  = azurerm_subnet.nodes.id
    # Not only critical add-ons: cert-manager, SpinKube, Dapr's control plane and KEDA run here as well.
    temporary_name_for_rotation = "systemtmp"

    upgrade_settings {
      max_surge = "10%"
    }
  }

  dynamic "workload_autoscaler_profile" {
    for_each = var.keda == "add-on" ? [true] : []
    content {
      keda_enabled = true
    }
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = var.network_data_plane
    # Without one, the chart's NetworkPolicies would be accepted and do nothing.
    network_policy = var.network_data_plane == "cilium" ? "cilium" : "calico"
  }

  tags = local.tags

  depends_on = [azurerm_role_assignment.cluster_joins]
}

resource "azurerm_kubernetes_cluster_node_pool" "measured" {
  for_each = local.measured_pool

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  mode                  = "User"
  vm_size               = each.value.vm_size
  node_count            = each.value.node_count
  os_sku                = "AzureLinux3"
  os_disk_type          = "Ephemeral"
  os_disk_size_gb       = local.os_disk_size_gb
  zones                 = local.zones
  vnet_subnet_id        = azurerm_subnet.nodes.id

  node_labels                 = { (local.pool_key) = each.key }
  node_taints                 = ["${local.pool_key}=${each.key}:NoSchedule"]
  temporary_name_for_rotation = "${each.key}tmp"

  upgrade_settings {
    max_surge = "10%"
  }

  tags = local.tags
}
