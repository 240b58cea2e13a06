# The colours of the house.

resource "auth0_branding" "here" {
  logo_url    = "https://notes.example/logo.png"
  favicon_url = "https://notes.example/favicon.png"

  colors {
    primary         = local.changed ? "#0a7a5a" : "#0059d6"
    page_background = "#ffffff"
  }

  font {
    url = "https://notes.example/font.woff2"
  }
}

resource "auth0_branding_theme" "here" {
  display_name = local.changed ? "House 2" : "House"

  borders {
    button_border_radius = local.changed ? 8 : 4
    button_border_weight = 1
    buttons_style        = "rounded"
    input_border_radius  = 4
    input_border_weight  = 1
    inputs_style         = "rounded"
    show_widget_shadow   = true
    widget_border_weight = 1
    widget_corner_radius = 4
  }
  colors {
    body_text                 = "#1e212a"
    error                     = "#d03c38"
    header                    = "#1e212a"
    icons                     = "#65676e"
    input_background          = "#ffffff"
    input_border              = "#c9cace"
    input_filled_text         = "#000000"
    input_labels_placeholders = "#65676e"
    links_focused_components  = "#635dff"
    primary_button            = "#0059d6"
    primary_button_label      = "#ffffff"
    secondary_button_border   = "#c9cace"
    secondary_button_label    = "#1e212a"
    success                   = "#13a688"
    widget_background         = "#ffffff"
    widget_border             = "#c9cace"
  }
  fonts {
    font_url            = ""
    links_style         = "normal"
    reference_text_size = 16

    body_text {
      bold = false
      size = 87.5
    }
    buttons_text {
      bold = false
      size = 100
    }
    input_labels {
      bold = false
      size = 100
    }
    links {
      bold = true
      size = 87.5
    }
    title {
      bold = false
      size = 150
    }
    subtitle {
      bold = false
      size = 87.5
    }
  }
  page_background {
    background_color     = "#f4f4f4"
    background_image_url = ""
    page_layout          = "center"
  }
  widget {
    header_text_alignment = "center"
    logo_height           = 52
    logo_position         = "center"
    logo_url              = ""
    social_buttons_layout = "bottom"
  }
}
