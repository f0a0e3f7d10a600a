output "resource_group" {
  description = "Resource group of everything here."
  value       = azurerm_resource_group.main.name
}

output "cluster_name" {
  description = "AKS cluster, for az aks get-credentials."
  value       = azurerm_kubernetes_cluster.main.name
}

output "registry_login_server" {
  description = "Registry that make images pushes to."
  value       = azurerm_container_registry.main.login_server
}

output "keda_client_id" {
  description = "Client id of KEDA's identity, for make cluster-up."
  value       = azurerm_user_assigned_identity.keda.client_id
}

output "keda" {
  description = "How KEDA is installed, for make cluster-up."
  value       = var.keda
}

output "tenant_id" {
  description = "Entra ID tenant of the identities."
  value       = data.azurerm_client_config.current.tenant_id
}

output "chart_values" {
  description = "Values of deploy/chart that come from here; infra.sh up writes them to deploy/values/infra.yaml."
  value = {
    azure = {
      serviceBusNamespace = "${azurerm_servicebus_namespace.main.name}.servicebus.windows.net"
      storageAccountName  = azurerm_storage_account.main.name
      workloadIdentity = {
        clientIds = { for role, identity in azurerm_user_assigned_identity.role : role => identity.client_id }
      }
    }
    keda = { identityClientId = azurerm_user_assigned_identity.keda.client_id }
  }
}

output "hourly_items" {
  description = "What is paid by the hour, for the cost shown before infra-up. Messages and blob operations of a run come on top."
  value = concat(
    [for pool, size in var.pools : { item = "nodes ${pool}", sku = size.vm_size, count = size.node_count }],
    [
      { item = "Service Bus messaging units", sku = "ServiceBusPremiumMessagingUnit", count = var.messaging_units },
      { item = "container registry", sku = "ContainerRegistryStandard", count = 1 },
      { item = "load balancer", sku = "LoadBalancerStandard", count = 1 },
      { item = "public address", sku = "PublicIPv4Standard", count = 1 },
    ],
  )
}
