# The tenant as a whole: Actions, settings, prompts.

resource "auth0_action" "greet" {
  name    = "Greet"
  runtime = "node22"
  deploy  = true
  code    = <<-EOT
    exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('https://notes.example/greeting', '${local.changed ? "Good day" : "Hello"}');
    };
  EOT

  supported_triggers {
    id      = "post-login"
    version = "v3"
  }

  secrets {
    name  = "TONE"
    value = local.changed ? "warm" : "plain"
  }
}

resource "auth0_action" "check" {
  name   = "Check"
  deploy = true
  code   = <<-EOT
    exports.onExecutePostLogin = async (event, api) => {};
  EOT

  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
}

resource "auth0_trigger_actions" "login" {
  trigger = "post-login"

  dynamic "actions" {
    for_each = local.changed ? [auth0_action.check, auth0_action.greet] : [auth0_action.greet, auth0_action.check]
    content {
      id           = actions.value.id
      display_name = actions.value.name
    }
  }
}

resource "auth0_action" "machine" {
  name   = "Machine"
  deploy = true
  code   = <<-EOT
    exports.onExecuteCredentialsExchange = async (event, api) => {};
  EOT

  supported_triggers {
    id      = "credentials-exchange"
    version = "v2"
  }
}

resource "auth0_trigger_action" "machine" {
  trigger      = "credentials-exchange"
  action_id    = auth0_action.machine.id
  display_name = local.changed ? "Machines" : "Machine"
}

resource "auth0_tenant" "here" {
  friendly_name           = local.changed ? "Acme Notes 2" : "Acme Notes"
  picture_url             = "https://notes.example/logo.png"
  support_email           = "help@notes.example"
  support_url             = "https://notes.example/help"
  allowed_logout_urls     = local.changed ? ["https://notes.example", "https://notes.example/bye"] : ["https://notes.example"]
  session_lifetime        = local.changed ? 200 : 168
  idle_session_lifetime   = 72
  enabled_locales         = local.changed ? ["en", "de"] : ["en"]
  default_redirection_uri = "https://notes.example/login"
  sandbox_version         = "22"

  session_cookie {
    mode = "persistent"
  }

  error_page {
    show_log_link = local.changed
    url           = "https://notes.example/error"
    html          = ""
  }

  flags {
    disable_clickjack_protection_headers = false
  }

  sessions {
    oidc_logout_prompt_enabled = true
  }
}

resource "auth0_prompt" "here" {
  universal_login_experience     = "new"
  identifier_first               = true
  webauthn_platform_first_factor = false
}
