# The judge's configuration: every kind of thing of Auth0's provider that this server has. `stage` 1 is made first, `stage` 2 changes it.

terraform {
  required_providers {
    auth0 = { source = "auth0/auth0" }
  }
}

variable "stage" {
  type    = number
  default = 1
}


locals {
  changed = var.stage == 2
}
