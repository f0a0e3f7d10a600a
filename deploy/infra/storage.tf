locals {
  containers = toset(["testdata", "express-outbox", "standard-outbox"])
  # What the Order API knows of orders, callers' keys, jobs and webhooks.
  api_containers = toset(["orders-state"])
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
  for_each = setunion(local.containers, local.api_containers)

  name               = each.key
  storage_account_id = azurerm_storage_account.main.id
}

# An Idempotency-Key is remembered for two days, and then for as long as Azure takes, which looks once a day.
resource "azurerm_storage_management_policy" "main" {
  storage_account_id = azurerm_storage_account.main.id

  rule {
    name    = "idempotency-keys"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["orders-state/idem-"]
    }

    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = 2
      }
    }
  }
}
