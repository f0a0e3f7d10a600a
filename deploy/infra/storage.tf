locals {
  containers = toset(["testdata", "express-outbox", "standard-outbox"])
}

resource "azurerm_storage_account" "main" {
  name                = "${var.name}${local.suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = "LRS"

  # No keys and no signatures made from them: Entra ID only.
  shared_access_key_enabled       = false
  default_to_oauth_authentication = true
  local_user_enabled              = false
  allow_nested_items_to_be_public = false
  https_traffic_only_enabled      = true
  min_tls_version                 = "TLS1_2"

  network_rules {
    default_action             = local.closed ? "Deny" : "Allow"
    bypass                     = ["None"]
    ip_rules                   = var.client_networks
    virtual_network_subnet_ids = [azurerm_subnet.nodes.id]
  }

  tags = local.tags
}

resource "azurerm_storage_container" "orders" {
  for_each = local.containers

  name               = each.key
  storage_account_id = azurerm_storage_account.main.id
}
