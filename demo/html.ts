/** HTML by tagged template. Escapes every inserted value, unless this function made it. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that can be inserted into other markup without escaping. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Html | string | number | undefined | false | null | readonly Part[];

function render(part: Part): string {
  if (part === undefined || part === null || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** The template tag that builds markup. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : '')).join(''));
}

/**
 * Renders a whole page in the style of the demo's small pages. `stage` is the origin that serves style sheet and
 * autopilot.
 */
export function page(options: {
  readonly title: string;
  readonly kind: 'application' | 'idp' | 'mail';
  readonly stage: string;
  readonly body: Html;
}): string {
  const { title, kind, stage, body } = options;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${stage}/places.css">
<link rel="icon" href="data:,">
<script src="${stage}/autopilot.js" defer></script>
</head>
<body class="${kind}">${body}</body>
</html>`.text;
}
