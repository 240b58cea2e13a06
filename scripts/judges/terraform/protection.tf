# The limits of attempts, and who is asked for a second factor.

resource "auth0_attack_protection" "here" {
  brute_force_protection {
    enabled      = true
    mode         = "count_per_identifier_and_ip"
    max_attempts = local.changed ? 8 : 10
    shields      = ["block", "user_notification"]
    allowlist    = ["127.0.0.1"]
  }

  suspicious_ip_throttling {
    enabled   = true
    shields   = ["block", "admin_notification"]
    allowlist = ["203.0.113.0/24"]

    pre_login {
      max_attempts = local.changed ? 50 : 100
      rate         = 864000
    }

    pre_user_registration {
      max_attempts = 50
      rate         = 1200
    }
  }
}

# The provider sends the policy before the factors.
resource "auth0_guardian" "here" {
  policy        = "all-applications"
  otp           = true
  recovery_code = local.changed

  webauthn_roaming {
    enabled           = true
    user_verification = local.changed ? "required" : "preferred"
  }

  webauthn_platform {
    enabled = local.changed
  }
}
