# Everything a comparison on Azure needs, in one resource group: infra-down takes it all away again.

data "azurerm_client_config" "current" {}

locals {
  suffix    = substr(sha256("${data.azurerm_client_config.current.subscription_id}/${var.name}/${var.location}"), 0, 6)
  operators = length(var.operator_object_ids) > 0 ? var.operator_object_ids : toset([data.azurerm_client_config.current.object_id])
  tags      = { project = "order-bench" }
}

resource "azurerm_resource_group" "main" {
  name     = "${var.name}-${var.location}"
  location = var.location
  tags     = local.tags
}
