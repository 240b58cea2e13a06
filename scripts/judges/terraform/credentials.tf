# How applications show who they are.

resource "auth0_client_credentials" "notebook" {
  client_id             = auth0_client.notebook.id
  authentication_method = local.changed ? "client_secret_basic" : "client_secret_post"
}

resource "auth0_client_credentials" "browser" {
  client_id             = auth0_client.browser.id
  authentication_method = "none"
}

resource "auth0_client_credentials" "machine" {
  client_id             = auth0_client.machine.id
  authentication_method = "private_key_jwt"

  private_key_jwt {
    credentials {
      name            = "First key"
      credential_type = "public_key"
      algorithm       = "RS256"
      pem             = var.first_key
    }
    dynamic "credentials" {
      for_each = local.changed ? [1] : []
      content {
        name            = "Second key"
        credential_type = "public_key"
        algorithm       = "PS256"
        pem             = var.second_key
        expires_at      = "2050-05-13T09:33:13.000Z"
      }
    }
  }
}

# Public keys, in PEM.
variable "first_key" { type = string }
variable "second_key" { type = string }
