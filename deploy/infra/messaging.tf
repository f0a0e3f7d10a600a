locals {
  # Names and limits as in apps/orders/src/names.ts and limits.ts; ../test holds them equal.
  queues = toset(["q-order-ingress", "q-order-express", "q-order-standard"])
}

resource "azurerm_servicebus_namespace" "main" {
  name                = "sb-${var.name}-${local.suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  # Standard throttles a burst of 10,000.
  sku      = "Premium"
  capacity = var.messaging_units
  # One partition: an unpartitioned namespace, where a queue is one queue.
  premium_messaging_partitions = 1

  # No connection strings: Entra ID only.
  local_auth_enabled  = false
  minimum_tls_version = "1.2"

  network_rule_set {
    default_action = local.closed ? "Deny" : "Allow"
    ip_rules       = var.client_networks

    network_rules {
      subnet_id = azurerm_subnet.nodes.id
    }
  }

  tags = local.tags
}

resource "azurerm_servicebus_queue" "orders" {
  for_each = local.queues

  name         = each.key
  namespace_id = azurerm_servicebus_namespace.main.id

  lock_duration                 = "PT1M"
  max_delivery_count            = 10
  max_message_size_in_kilobytes = 1024
}
