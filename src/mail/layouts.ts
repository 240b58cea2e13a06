/**
 * The two forms of a mail, in Liquid: plain text and HTML. The HTML is for mail programs: tables, inline style, no
 * script, and it fetches nothing except the organization's logo. The engine escapes every value.
 */

export const TEXT_LAYOUT = `{{ heading }}

{% for line in lead %}{{ line }}

{% endfor %}{% if code %}    {{ code }}

{% endif %}{% if button %}{{ button }}:
{{ url }}

{% endif %}{% for line in notes %}{{ line }}

{% endfor %}-- 
{{ footer }}
`;

const PARAGRAPH = 'margin:16px 0 0;font-size:16px;line-height:24px';
const NOTE = 'margin:12px 0 0;font-size:14px;line-height:20px;color:#5a626d';

export const HTML_LAYOUT = `<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{ subject }}</title>
<style>
@media (prefers-color-scheme: dark) {
  .ground { background: #0f1114 !important }
  .card { background: #16181c !important; border-color: #33383f !important; color: #eef0f3 !important }
  .muted, .note { color: #a3abb7 !important }
  .code { background: #23272d !important }
  .button { background: {{ accentDark }} !important; color: #16181c !important }
  .link { color: {{ accentDark }} !important }
}
@media (max-width: 480px) { .ground { padding: 0 !important } .card { border-width: 0 !important; border-radius: 0 !important; padding: 24px !important } }
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f4f5f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="ground" align="center" style="padding:40px 16px;background:#f4f5f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px"><tr><td class="card" align="left" style="padding:40px;background:#ffffff;border:1px solid #e1e4e8;border-radius:12px;color:#16191d;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere;word-break:break-word">
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
{% if logoUrl %}<td><img src="{{ logoUrl }}" alt="{{ title }}" height="40" style="display:block;height:40px;max-width:200px;border:0"></td>{% else %}<td width="40" height="40" align="center" valign="middle" style="width:40px;height:40px;border-radius:9px;background:{{ ground }};color:{{ ink }};font-size:20px;font-weight:600;line-height:40px">{{ initial }}</td>
<td style="padding-left:12px;font-size:16px;line-height:24px;font-weight:600"><bdi>{{ title }}</bdi></td>{% endif %}
</tr></table>
<h1 style="margin:24px 0 0;font-size:22px;line-height:30px;font-weight:600" dir="auto">{{ heading }}</h1>
{% for line in lead %}<p style="${PARAGRAPH}">{{ line }}</p>
{% endfor %}{% if code %}<p class="code" style="margin:24px 0 0;padding:16px;border-radius:8px;background:#f1f2f4;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:30px;line-height:36px;font-weight:600;letter-spacing:6px;text-align:center">{{ code }}</p>
{% endif %}{% if button %}<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0 0"><tr><td>
<a class="button" href="{{ url }}" style="display:inline-block;padding:11px 24px;border-radius:8px;background:{{ accent }};color:#ffffff;font-size:16px;line-height:22px;font-weight:600;text-decoration:none">{{ button }}</a>
</td></tr></table>
<p class="note" style="margin:16px 0 0;font-size:14px;line-height:20px;color:#5a626d">{{ buttonHint }}<br><a class="link" href="{{ url }}" style="color:{{ accent }};word-break:break-all">{{ url }}</a></p>
{% endif %}{% for line in notes %}<p class="note" style="${NOTE}">{{ line }}</p>
{% endfor %}</td></tr>
<tr><td class="muted" align="center" style="padding:16px;color:#5a626d;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:14px;line-height:20px">{{ footer }}</td></tr></table>
</td></tr></table>
</body>
</html>
`;
