# The words of the pages.

resource "auth0_prompt_custom_text" "login" {
  prompt   = "login-id"
  language = "en"
  body = jsonencode({
    login-id = {
      title       = local.changed ? "Good day" : "Welcome"
      description = "Type your address at work"
    }
  })
}
