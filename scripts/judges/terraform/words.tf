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

resource "auth0_prompt_custom_text" "logout" {
  prompt   = "logout"
  language = "en"
  body = jsonencode({
    logout = {
      title            = local.changed ? "Leaving?" : "Going?"
      acceptButtonText = "Yes"
    }
  })
}
