locals {
  # Names and limits as in apps/orders/src/names.ts and limits.ts; ../test holds them equal.
  queues = toset(["q-order-ingress", "q-order-express", "q-order-standard"])

  # Of the Order API (deploy/chart, orderApi), and of a contender by topics (transport): paid by what goes through them, so nothing
  # while neither is installed. A subscription has the name of the app id that reads it; what nobody could take is kept for a person.
  api_queues    = toset(["q-webhooks", "q-jobs"])
  topics        = toset(["orders", "orders-dead", "t-order-ingress", "t-order-express", "t-order-standard", "t-order-dead"])
  subscriptions = toset(["orders/orders-view", "orders/orders-worker", "orders-dead/kept", "t-order-ingress/distributor", "t-order-express/receiver-express", "t-order-standard/receiver-standard", "t-order-dead/kept"])
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
  for_each = setunion(local.queues, local.api_queues)

  name         = each.key
  namespace_id = azurerm_servicebus_namespace.main.id

  lock_duration                 = "PT1M"
  max_delivery_count            = 10
  max_message_size_in_kilobytes = 1024
}

resource "azurerm_servicebus_topic" "orders" {
  for_each = local.topics

  name         = each.key
  namespace_id = azurerm_servicebus_namespace.main.id

  max_message_size_in_kilobytes = 1024
}

resource "azurerm_servicebus_subscription" "orders" {
  for_each = local.subscriptions

  name     = split("/", each.key)[1]
  topic_id = azurerm_servicebus_topic.orders[split("/", each.key)[0]].id

  lock_duration      = "PT1M"
  max_delivery_count = 10
}
