resource "azurerm_container_registry" "main" {
  name                = "${var.name}${local.suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Standard"
  # No shared password.
  admin_enabled = false
  tags          = local.tags
}
