# APIs, applications with their credentials and grants, roles.

resource "auth0_resource_server" "notes" {
  name                                            = local.changed ? "Notes of everybody" : "Notes"
  identifier                                      = "https://notes.example/"
  signing_alg                                     = "RS256"
  token_lifetime                                  = local.changed ? 2592000 : 7200
  allow_offline_access                            = true
  skip_consent_for_verifiable_first_party_clients = true
  enforce_policies                                = true
  token_dialect                                   = "access_token_authz"
}

resource "auth0_resource_server_scopes" "notes" {
  resource_server_identifier = auth0_resource_server.notes.identifier

  dynamic "scopes" {
    for_each = local.changed ? ["read:notes", "share:notes", "write:notes"] : ["read:notes", "write:notes"]
    content {
      name        = scopes.value
      description = "May ${replace(scopes.value, ":", " ")}"
    }
  }
}

resource "auth0_resource_server" "files" {
  name       = "Files"
  identifier = "https://files.example/"
}

resource "auth0_resource_server_scope" "files" {
  resource_server_identifier = auth0_resource_server.files.identifier
  scope                      = "read:files"
  description                = local.changed ? "Opens files" : "Reads files"
}

resource "auth0_client" "notebook" {
  name                          = local.changed ? "Notebook 2" : "Notebook"
  description                   = "Where notes are written"
  app_type                      = "regular_web"
  is_first_party                = true
  oidc_conformant               = true
  callbacks                     = local.changed ? ["https://notebook.example/callback", "https://two.example/callback"] : ["https://notebook.example/callback"]
  allowed_logout_urls           = ["https://notebook.example"]
  web_origins                   = ["https://notebook.example"]
  allowed_origins               = ["https://notebook.example"]
  initiate_login_uri            = "https://notebook.example/login"
  logo_uri                      = "https://notebook.example/logo.png"
  organization_usage            = "require"
  organization_require_behavior = local.changed ? "no_prompt" : "post_login_prompt"
  grant_types                   = ["authorization_code", "refresh_token"]
  client_metadata               = local.changed ? { team = "writers", tier = "2" } : { team = "writers" }

  jwt_configuration {
    alg                 = "RS256"
    lifetime_in_seconds = 3600
  }

  refresh_token {
    rotation_type                = "rotating"
    expiration_type              = "expiring"
    leeway                       = 15
    token_lifetime               = local.changed ? 31557600 : 2592000
    idle_token_lifetime          = 1296000
    infinite_token_lifetime      = false
    infinite_idle_token_lifetime = false
  }

  oidc_logout {
    backchannel_logout_urls = ["https://notebook.example/backchannel"]
    backchannel_logout_initiators {
      mode = "all"
    }
  }
}

# An application where customers administer their organization.
resource "auth0_client" "browser" {
  name     = "Notes in the browser"
  app_type = "spa"

  my_organization_configuration {
    connection_profile_id        = auth0_connection_profile.customers.id
    user_attribute_profile_id    = auth0_user_attribute_profile.customers.id
    allowed_strategies           = local.changed ? ["oidc", "okta", "samlp"] : ["oidc", "samlp"]
    connection_deletion_behavior = local.changed ? "allow" : "allow_if_empty"
    invitation_landing_client_id = auth0_client.notebook.id
  }
}

resource "auth0_client" "machine" {
  name        = "Nightly copy"
  app_type    = "non_interactive"
  grant_types = ["client_credentials"]
}

resource "auth0_client_grant" "machine" {
  client_id = auth0_client.machine.id
  audience  = auth0_resource_server.notes.identifier
  scopes    = local.changed ? ["read:notes", "write:notes"] : ["read:notes"]

  organization_usage = local.changed ? "require" : "allow"

  depends_on = [auth0_resource_server_scopes.notes]
}

resource "auth0_organization_client_grant" "machine" {
  organization_id = auth0_organization.acme.id
  grant_id        = auth0_client_grant.machine.id
}

resource "auth0_client_grant" "people" {
  client_id        = auth0_client.notebook.id
  audience         = auth0_resource_server.notes.identifier
  subject_type     = "user"
  allow_all_scopes = true
}

resource "auth0_role" "editor" {
  name        = "editor"
  description = local.changed ? "May write and share" : "May write"
}

resource "auth0_role_permissions" "editor" {
  role_id = auth0_role.editor.id

  dynamic "permissions" {
    for_each = local.changed ? ["read:notes", "share:notes", "write:notes"] : ["read:notes", "write:notes"]
    content {
      name                       = permissions.value
      resource_server_identifier = auth0_resource_server.notes.identifier
    }
  }

  depends_on = [auth0_resource_server_scopes.notes]
}

resource "auth0_role" "reader" {
  name = "reader"
}

resource "auth0_role_permission" "reader" {
  role_id                    = auth0_role.reader.id
  permission                 = auth0_resource_server_scope.files.scope
  resource_server_identifier = auth0_resource_server.files.identifier
}
