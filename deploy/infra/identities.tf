locals {
  # What each role of the pipeline and of the Order API may do, and no more: its own queues, topics, subscriptions and containers.
  roles = {
    distributor       = { receives = ["q-order-ingress", "t-order-ingress/distributor"], sends = ["q-order-express", "q-order-standard", "t-order-dead", "t-order-express", "t-order-standard"], reads = [], writes = [] }
    receiver-express  = { receives = ["q-order-express", "t-order-express/receiver-express"], sends = ["orders", "t-order-dead"], reads = [], writes = ["express-outbox"] }
    receiver-standard = { receives = ["q-order-standard", "t-order-standard/receiver-standard"], sends = ["orders", "t-order-dead"], reads = [], writes = ["standard-outbox"] }
    orders-api        = { receives = [], sends = ["q-jobs", "q-order-ingress", "q-webhooks"], reads = ["express-outbox", "standard-outbox"], writes = ["orders-state"] }
    orders-view       = { receives = ["orders/orders-view"], sends = ["orders-dead"], reads = ["express-outbox", "standard-outbox"], writes = ["orders-state"] }
    orders-worker     = { receives = ["orders/orders-worker", "q-jobs", "q-webhooks"], sends = ["orders-dead", "q-jobs", "q-order-ingress", "q-webhooks"], reads = [], writes = ["orders-state"] }
  }

  queue_id = { for name, queue in azurerm_servicebus_queue.orders : name => queue.id }
  sent_to_id = merge(
    local.queue_id,
    { for name, topic in azurerm_servicebus_topic.orders : name => topic.id },
  )
  received_from_id = merge(
    local.queue_id,
    { for name, subscription in azurerm_servicebus_subscription.orders : name => subscription.id },
  )
  container_id = { for name, container in azurerm_storage_container.orders : name => container.id }

  # One ServiceAccount a role of a contender, in the contender's namespace. Dapr runs as it, or as the app's sidecar.
  service_accounts = {
    for pair in setproduct(var.contenders, keys(local.roles)) : "${pair[0]}-${pair[1]}" => {
      role    = pair[1]
      subject = "system:serviceaccount:order-bench-${pair[0]}:${pair[0]}-${pair[1]}"
    }
  }

  role_grants = merge([
    for role, may in local.roles : merge(
      { for name in may.receives : "${role}/receives/${name}" => {
        role = role, definition = "Azure Service Bus Data Receiver", scope = local.received_from_id[name]
      } },
      { for name in may.sends : "${role}/sends/${name}" => {
        role = role, definition = "Azure Service Bus Data Sender", scope = local.sent_to_id[name]
      } },
      { for container in may.reads : "${role}/reads/${container}" => {
        role = role, definition = "Storage Blob Data Reader", scope = local.container_id[container]
      } },
      { for container in may.writes : "${role}/writes/${container}" => {
        role = role, definition = "Storage Blob Data Contributor", scope = local.container_id[container]
      } },
    )
  ]...)

  # The operator schedules orders, reads counts and dead letters (a management right, so Owner, but of the queues alone),
  # stores the dataset, reads and empties the outboxes, pushes images and administers the cluster.
  operator_scopes = merge(
    { for name in setunion(local.queues, local.api_queues) : "queue/${name}" => { definition = "Azure Service Bus Data Owner", scope = local.queue_id[name] } },
    { for name, topic in azurerm_servicebus_topic.orders : "topic/${name}" => { definition = "Azure Service Bus Data Owner", scope = topic.id } },
    { for name in setunion(local.containers, local.api_containers) : "container/${name}" => { definition = "Storage Blob Data Contributor", scope = local.container_id[name] } },
    {
      "registry"        = { definition = "AcrPush", scope = azurerm_container_registry.main.id }
      "cluster/user"    = { definition = "Azure Kubernetes Service Cluster User Role", scope = azurerm_kubernetes_cluster.main.id }
      "cluster/objects" = { definition = "Azure Kubernetes Service RBAC Cluster Admin", scope = azurerm_kubernetes_cluster.main.id }
    },
  )
  operator_grants = merge([
    for operator in local.operators : {
      for name, grant in local.operator_scopes : "${operator}/${name}" => merge(grant, { operator = operator })
    }
  ]...)
}

resource "azurerm_user_assigned_identity" "role" {
  for_each = local.roles

  name                = "${var.name}-${each.key}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_federated_identity_credential" "role" {
  for_each = local.service_accounts

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.role[each.value.role].id
  audience                  = ["api://AzureADTokenExchange"]
  issuer                    = azurerm_kubernetes_cluster.main.oidc_issuer_url
  subject                   = each.value.subject
}

resource "azurerm_role_assignment" "role" {
  for_each = local.role_grants

  scope                = each.value.scope
  role_definition_name = each.value.definition
  principal_id         = azurerm_user_assigned_identity.role[each.value.role].principal_id
  # Named, so that a fresh identity need not be found in Entra ID first.
  principal_type = "ServicePrincipal"
}

# KEDA reads the lengths of queues and subscriptions through the management operations, which the receiver's role does not cover.
resource "azurerm_user_assigned_identity" "keda" {
  name                = "${var.name}-keda"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_federated_identity_credential" "keda" {
  name                      = "keda-operator"
  user_assigned_identity_id = azurerm_user_assigned_identity.keda.id
  audience                  = ["api://AzureADTokenExchange"]
  issuer                    = azurerm_kubernetes_cluster.main.oidc_issuer_url
  # The add-on lives where AKS's others do.
  subject = "system:serviceaccount:${var.keda == "add-on" ? "kube-system" : "keda"}:keda-operator"
}

resource "azurerm_role_assignment" "keda" {
  for_each = toset(flatten([for role in ["distributor", "receiver-express", "receiver-standard"] : local.roles[role].receives]))

  scope                = local.received_from_id[each.key]
  role_definition_name = "Azure Service Bus Data Owner"
  principal_id         = azurerm_user_assigned_identity.keda.principal_id
  principal_type       = "ServicePrincipal"
}

# Nodes pull images; nothing in the cluster holds a password for the registry.
resource "azurerm_role_assignment" "nodes_pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "operator" {
  for_each = local.operator_grants

  scope                = each.value.scope
  role_definition_name = each.value.definition
  principal_id         = each.value.operator
}
