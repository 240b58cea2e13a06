# Lines of the log, sent to an address.

resource "auth0_log_stream" "webhook" {
  name   = local.changed ? "To the archive" : "To our logs"
  type   = "http"
  status = "active"

  filters = [
    { type = "category", name = "auth.login.fail" },
    { type = "category", name = "auth.login.success" },
  ]

  sink {
    http_endpoint       = "https://logs.notes.example/in"
    http_content_type   = "application/json"
    http_content_format = "JSONLINES"
    http_authorization  = "Bearer of-the-log-stream"
    http_custom_headers = [{ header = "X-From", value = local.changed ? "archive" : "logs" }]
  }
}
