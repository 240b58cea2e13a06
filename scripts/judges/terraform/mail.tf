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
