locals {
  # Whether cluster, Service Bus and storage are closed to all but the nodes and var.client_networks.
  closed = length(var.client_networks) > 0
}

# A network of its own: AKS's would have no endpoints by which Service Bus and storage know the nodes.
resource "azurerm_virtual_network" "main" {
  name                = "${var.name}-network"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.224.0.0/16"]
  tags                = local.tags
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  # Nodes alone; pods have the overlay's addresses.
  address_prefixes = ["10.224.0.0/22"]

  service_endpoint {
    service = "Microsoft.ServiceBus"
  }

  service_endpoint {
    service = "Microsoft.Storage"
  }
}

resource "azurerm_user_assigned_identity" "cluster" {
  name                = "${var.name}-cluster"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_role_assignment" "cluster_joins" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}
