# What configurations of others have beside: more strategies, more settings of an application, and data sources.

resource "auth0_connection" "saml" {
  name           = "acme-saml"
  strategy       = "samlp"
  display_name   = "Acme by SAML"
  show_as_button = local.changed

  options {
    signing_cert        = var.certificate
    sign_in_endpoint    = "https://saml.acme.example/sign_in"
    sign_out_endpoint   = "https://saml.acme.example/sign_out"
    disable_sign_out    = !local.changed
    sign_saml_request   = true
    signature_algorithm = "rsa-sha256"
    digest_algorithm    = "sha256"
    protocol_binding    = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    entity_id           = "https://saml.acme.example"
    user_id_attribute   = "https://saml.acme.example/claims/id"
    domain_aliases      = ["saml.acme.example"]
    icon_url            = "https://saml.acme.example/logo.png"
    debug               = false

    fields_map = jsonencode({
      email      = ["emailaddress", "nameidentifier"]
      given_name = local.changed ? "givenname" : "firstname"
    })

    idp_initiated {
      client_id              = auth0_client.notebook.id
      client_protocol        = "oauth2"
      client_authorize_query = "scope=openid"
      enabled                = true
    }
  }
}

resource "auth0_connection" "entra" {
  name           = "acme-entra"
  strategy       = "waad"
  show_as_button = true

  options {
    identity_api                           = "microsoft-identity-platform-v2.0"
    client_id                              = "123456"
    client_secret                          = "secret-at-entra"
    app_id                                 = "app-id-123"
    tenant_domain                          = "acme.onmicrosoft.com"
    domain                                 = "acme.onmicrosoft.com"
    domain_aliases                         = local.changed ? ["entra.acme.example", "two.acme.example"] : ["entra.acme.example"]
    icon_url                               = "https://acme.example/logo.png"
    use_wsfed                              = false
    waad_protocol                          = "openid-connect"
    waad_common_endpoint                   = false
    user_id_attribute                      = "oid"
    api_enable_users                       = false
    set_user_root_attributes               = "on_each_login"
    should_trust_email_verified_connection = "never_set_emails_as_verified"
    scopes                                 = ["basic_profile", "ext_profile"]
    upstream_params = jsonencode({
      screen_name = { alias = "login_hint" }
    })
  }
}

resource "auth0_connection" "google" {
  name     = "acme-google"
  strategy = "google-apps"

  options {
    client_id                = "google-client"
    client_secret            = "secret-at-google"
    domain                   = "google.acme.example"
    tenant_domain            = "google.acme.example"
    domain_aliases           = ["google.acme.example"]
    api_enable_users         = false
    scopes                   = ["ext_profile"]
    set_user_root_attributes = local.changed ? "on_first_login" : "on_each_login"
  }
}

resource "auth0_connection" "mapped" {
  name     = "acme-mapped"
  strategy = "oidc"

  options {
    client_id              = "mapped-client"
    client_secret          = "secret-at-mapped"
    type                   = "back_channel"
    issuer                 = "https://mapped.example"
    authorization_endpoint = "https://mapped.example/authorize"
    token_endpoint         = "https://mapped.example/token"
    userinfo_endpoint      = "https://mapped.example/userinfo"
    jwks_uri               = "https://mapped.example/jwks"
    scopes                 = ["email", "openid"]
    icon_url               = "https://mapped.example/logo.png"
    tenant_domain          = "mapped.example"

    connection_settings {
      pkce = "auto"
    }
    attribute_map {
      mapping_mode   = "use_map"
      userinfo_scope = "openid email profile"
      attributes = jsonencode({
        email = "$${context.tokenset.email}"
        name  = local.changed ? "$${context.tokenset.nickname}" : "$${context.tokenset.name}"
      })
    }
  }
}

resource "auth0_connection" "strict" {
  name                 = "Strict-passwords"
  strategy             = "auth0"
  is_domain_connection = false
  realms               = ["Strict-passwords"]
  metadata             = { owner = "security" }

  options {
    password_policy                = "excellent"
    requires_username              = true
    import_mode                    = false
    enabled_database_customization = false
    strategy_version               = 2

    validation {
      username {
        min = 5
        max = 40
      }
    }
    password_history {
      enable = local.changed
      size   = 5
    }
    password_no_personal_info {
      enable = true
    }
    password_dictionary {
      enable     = true
      dictionary = local.changed ? ["acme", "notes"] : ["acme"]
    }
    password_complexity_options {
      min_length = local.changed ? 14 : 12
    }
    mfa {
      active                 = true
      return_enroll_settings = true
    }
    authentication_methods {
      password {
        enabled = true
      }
      passkey {
        enabled = false
      }
    }
  }
}

resource "auth0_client" "phone" {
  name                                  = "Notes on the phone"
  app_type                              = "native"
  oidc_conformant                       = true
  callbacks                             = ["com.acme.notes://callback"]
  organization_usage                    = "allow"
  sso_disabled                          = false
  cross_origin_auth                     = false
  custom_login_page_on                  = true
  is_token_endpoint_ip_header_trusted   = false
  require_proof_of_possession           = false
  require_pushed_authorization_requests = false
  organization_discovery_methods        = ["email"]
  organization_require_behavior         = "no_prompt"
  grant_types                           = ["authorization_code", "refresh_token"]

  mobile {
    android {
      app_package_name         = "com.acme.notes"
      sha256_cert_fingerprints = ["DE:AD:BE:EF"]
    }
    ios {
      team_id               = "9JA89QQLNQ"
      app_bundle_identifier = "com.acme.notes"
    }
  }
  native_social_login {
    apple {
      enabled = false
    }
    facebook {
      enabled = false
    }
  }
  jwt_configuration {
    alg                 = "RS256"
    lifetime_in_seconds = local.changed ? 600 : 300
    secret_encoded      = true
  }
  refresh_token {
    rotation_type                = "non-rotating"
    expiration_type              = "non-expiring"
    leeway                       = 0
    token_lifetime               = 31557600
    infinite_token_lifetime      = true
    infinite_idle_token_lifetime = true
    idle_token_lifetime          = 2592000
    policies {
      audience = auth0_resource_server.notes.identifier
      scope    = ["read:notes"]
    }
  }
}

resource "auth0_client" "defaults" {
  name               = "With the house's organization"
  app_type           = "regular_web"
  organization_usage = "allow"
  default_organization {
    flows           = ["client_credentials"]
    organization_id = auth0_organization.acme.id
  }
}

resource "auth0_action" "packages" {
  name   = "With a package"
  deploy = true
  code   = <<-EOT
    const { ManagementClient } = require('auth0');
    exports.onExecutePreUserRegistration = async (event, api) => { new ManagementClient({ domain: 'x', token: 'y' }); };
  EOT

  supported_triggers {
    id      = "pre-user-registration"
    version = "v2"
  }
  dependencies {
    name    = "auth0"
    version = "7.1.0"
  }
}

data "auth0_client" "notebook" { client_id = auth0_client.notebook.id }
data "auth0_clients" "web" {
  app_types  = ["regular_web"]
  depends_on = [auth0_client.notebook]
}
data "auth0_client_grants" "machine" {
  client_id  = auth0_client.machine.id
  depends_on = [auth0_client_grant.machine]
}
data "auth0_connection" "company" { name = auth0_connection.company.name }
data "auth0_connection_scim_configuration" "workforce" {
  connection_id = auth0_connection_scim_configuration.workforce.id
}
data "auth0_organization" "acme" { name = auth0_organization.acme.name }
data "auth0_resource_server" "notes" { identifier = auth0_resource_server.notes.identifier }
data "auth0_role" "editor" { name = auth0_role.editor.name }
data "auth0_user" "dana" { user_id = auth0_user.dana.id }
data "auth0_user" "by_search" {
  query      = "email:leo@acme.example"
  depends_on = [auth0_user.leo]
}
data "auth0_tenant" "here" { depends_on = [auth0_tenant.here] }
data "auth0_action" "greet" { id = auth0_action.greet.id }
data "auth0_self_service_profile" "customers" { id = auth0_self_service_profile.customers.id }

# The certificate of a company's identity provider, in PEM.
variable "certificate" { type = string }
