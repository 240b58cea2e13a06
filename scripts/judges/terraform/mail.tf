# The mail server and the mails.

resource "auth0_email_provider" "smtp" {
  name                 = "smtp"
  enabled              = true
  default_from_address = local.changed ? "notes@notes.example" : "login@notes.example"

  credentials {
    smtp_host = "smtp.notes.example"
    smtp_port = 587
    smtp_user = "vestibule"
    smtp_pass = "password-of-the-mail"
  }
}

resource "auth0_email_template" "invitation" {
  template                = "user_invitation"
  body                    = "<html><body><a href=\"{{ url }}\">Join</a></body></html>"
  from                    = "login@notes.example"
  subject                 = local.changed ? "Join us at Notes" : "Join us"
  syntax                  = "liquid"
  url_lifetime_in_seconds = 432000
  enabled                 = true

  depends_on = [auth0_email_provider.smtp]
}
