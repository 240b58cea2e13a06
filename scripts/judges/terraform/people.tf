# Connections, organizations, people, and who is in what.

resource "auth0_connection" "passwords" {
  name         = "Passwords"
  strategy     = "auth0"
  display_name = local.changed ? "E-mail and password" : null

  options {
    password_policy        = local.changed ? "excellent" : "good"
    brute_force_protection = true
    disable_signup         = local.changed

    authentication_methods {
      password {
        enabled = true
      }
      passkey {
        enabled = local.changed
      }
    }

    passkey_options {
      challenge_ui                   = local.changed ? "button" : "both"
      local_enrollment_enabled       = true
      progressive_enrollment_enabled = !local.changed
    }
  }
}

resource "auth0_connection" "company" {
  name           = "acme-oidc"
  strategy       = "oidc"
  display_name   = "Acme"
  show_as_button = local.changed

  options {
    client_id                = "vestibule-at-acme"
    client_secret            = "secret-of-the-company"
    type                     = "back_channel"
    issuer                   = "https://idp.acme.example"
    authorization_endpoint   = "https://idp.acme.example/authorize"
    token_endpoint           = "https://idp.acme.example/token"
    jwks_uri                 = "https://idp.acme.example/jwks"
    discovery_url            = "https://idp.acme.example/.well-known/openid-configuration"
    scopes                   = local.changed ? ["email", "openid", "profile"] : ["email", "openid"]
    domain_aliases           = local.changed ? ["acme.example", "acme-two.example"] : ["acme.example"]
    set_user_root_attributes = "on_each_login"
  }
}

resource "auth0_connection" "workforce" {
  name           = "acme-okta"
  strategy       = "okta"
  show_as_button = false

  options {
    client_id              = "vestibule-at-okta"
    client_secret          = "another-secret-of-the-company"
    domain                 = "acme.okta.example"
    issuer                 = "https://acme.okta.example"
    authorization_endpoint = "https://acme.okta.example/oauth2/v1/authorize"
    token_endpoint         = "https://acme.okta.example/oauth2/v1/token"
    userinfo_endpoint      = "https://acme.okta.example/oauth2/v1/userinfo"
    jwks_uri               = "https://acme.okta.example/oauth2/v1/keys"
    scopes                 = ["openid", "email", "profile"]
  }
}

resource "auth0_connection_clients" "passwords" {
  connection_id   = auth0_connection.passwords.id
  enabled_clients = local.changed ? [auth0_client.notebook.id, auth0_client.browser.id] : [auth0_client.notebook.id]
}

resource "auth0_connection_client" "company" {
  connection_id = auth0_connection.company.id
  client_id     = auth0_client.notebook.id
}

resource "auth0_connection_scim_configuration" "workforce" {
  connection_id = auth0_connection.workforce.id
}

resource "auth0_organization" "acme" {
  name         = "acme"
  display_name = local.changed ? "Acme and daughters" : "Acme"
  metadata     = local.changed ? { plan = "team", since = "2026" } : { plan = "team" }

  branding {
    logo_url = "https://acme.example/logo.png"
    colors = {
      primary         = local.changed ? "#0a7a5a" : "#0059d6"
      page_background = "#ffffff"
    }
  }
}

resource "auth0_organization_connections" "acme" {
  organization_id = auth0_organization.acme.id

  enabled_connections {
    connection_id              = auth0_connection.company.id
    assign_membership_on_login = local.changed
    show_as_button             = true
    organization_access_level  = local.changed ? "limited" : "readonly"
  }
  enabled_connections {
    connection_id              = auth0_connection.passwords.id
    assign_membership_on_login = true
    is_signup_enabled          = !local.changed
  }
}

resource "auth0_organization" "globex" {
  name         = "globex"
  display_name = "Globex"
}

resource "auth0_organization_connection" "globex" {
  organization_id            = auth0_organization.globex.id
  connection_id              = auth0_connection.workforce.id
  assign_membership_on_login = true
  show_as_button             = local.changed
  organization_access_level  = local.changed ? "none" : "limited"
}

resource "auth0_organization_discovery_domains" "globex" {
  organization_id = auth0_organization.globex.id

  discovery_domains {
    domain = "globex.example"
    status = "verified"
  }
  dynamic "discovery_domains" {
    for_each = local.changed ? ["globex-two.example"] : []
    content {
      domain = discovery_domains.value
      status = "pending"
    }
  }
}

resource "auth0_user" "dana" {
  connection_name = auth0_connection.passwords.name
  email           = "dana@acme.example"
  email_verified  = true
  password        = "correct-horse-battery-9-staple"
  name            = local.changed ? "Dana Member" : "Dana"
  given_name      = "Dana"
  nickname        = "dana"
  user_metadata   = jsonencode({ language = "en" })
  app_metadata    = jsonencode(local.changed ? { desk = 4 } : { desk = 3 })
}

resource "auth0_user" "leo" {
  connection_name = auth0_connection.passwords.name
  email           = "leo@acme.example"
  password        = "correct-horse-battery-8-staple"
  blocked         = local.changed
}

resource "auth0_organization_members" "acme" {
  organization_id = auth0_organization.acme.id
  members         = local.changed ? [auth0_user.dana.id, auth0_user.leo.id] : [auth0_user.dana.id]
}

resource "auth0_organization_member_roles" "dana" {
  organization_id = auth0_organization.acme.id
  user_id         = auth0_user.dana.id
  roles           = local.changed ? [auth0_role.editor.id, auth0_role.reader.id] : [auth0_role.editor.id]

  depends_on = [auth0_organization_members.acme]
}

resource "auth0_organization_member" "dana" {
  organization_id = auth0_organization.globex.id
  user_id         = auth0_user.dana.id
}

resource "auth0_organization_member_role" "dana" {
  organization_id = auth0_organization.globex.id
  user_id         = auth0_user.dana.id
  role_id         = auth0_role.reader.id

  depends_on = [auth0_organization_member.dana]
}

resource "auth0_user_roles" "dana" {
  user_id = auth0_user.dana.id
  roles   = local.changed ? [auth0_role.editor.id, auth0_role.reader.id] : [auth0_role.reader.id]
}

resource "auth0_user_role" "leo" {
  user_id = auth0_user.leo.id
  role_id = auth0_role.reader.id
}

# Has no role: permissions of roles are listed among the person's own.
resource "auth0_user" "mo" {
  connection_name = auth0_connection.passwords.name
  email           = "mo@acme.example"
  password        = "correct-horse-battery-7-staple"
}

resource "auth0_user_permissions" "mo" {
  user_id = auth0_user.mo.id

  dynamic "permissions" {
    for_each = local.changed ? ["share:notes", "write:notes"] : ["write:notes"]
    content {
      name                       = permissions.value
      resource_server_identifier = auth0_resource_server.notes.identifier
    }
  }

  depends_on = [auth0_resource_server_scopes.notes]
}

resource "auth0_user_permission" "leo" {
  user_id                    = auth0_user.leo.id
  permission                 = auth0_resource_server_scope.files.scope
  resource_server_identifier = auth0_resource_server.files.identifier
}

resource "auth0_self_service_profile" "customers" {
  name               = local.changed ? "Customers of ours" : "Customers"
  description        = "Administrators connect their provider"
  allowed_strategies = ["oidc", "samlp"]

  user_attributes {
    name        = "email"
    description = "The address"
    is_optional = false
  }
}

resource "auth0_connection_profile" "customers" {
  name                            = local.changed ? "Customers of ours" : "Customers"
  connection_name_prefix_template = "con-{org_id}-"
  enabled_features                = local.changed ? ["scim", "universal_logout"] : ["scim"]

  organization {
    show_as_button             = "optional"
    assign_membership_on_login = local.changed ? "optional" : "none"
  }
}

resource "auth0_user_attribute_profile" "customers" {
  name = local.changed ? "Customers of ours" : "Customers"

  user_attributes {
    name             = "email"
    label            = "Email"
    description      = "The address at work"
    profile_required = local.changed
    auth0_mapping    = "email"
    saml_mapping     = ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"]
    scim_mapping     = "emails[primary eq true].value"

    oidc_mapping {
      mapping      = "email"
      display_name = "Email"
    }
  }
}
