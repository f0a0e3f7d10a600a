terraform {
  # Terraform or OpenTofu.
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "5.2.0"
    }
  }

  # Where the state lives is given at init (-backend-config=backend.hcl), which ./infra.sh state writes.
  backend "azurerm" {}
}

provider "azurerm" {
  # The container calls go through Azure Resource Manager and Entra ID: the storage account takes no keys.
  storage_use_azuread = true

  # azurerm 5 registers nothing by itself ("5.0 Upgrade Guide"); preflight checks that somebody did.
  resource_provider_registrations = "none"

  features {
    storage {
      # No queue or static website properties here, so no call to the account's own endpoints is needed.
      data_plane_available = false
    }
  }
}
