/**
 * Converts an HTML mail to text, for mail programs without HTML: words and addresses, one line per block. Reads each
 * character once; never fails, whatever the HTML.
 */
const BLOCK = /^\/?(?:p|div|tr|table|h[1-6]|ul|ol|li|br|hr|blockquote|section|header|footer|article|title)$/;
/** Elements whose content readers never see. */
const UNREAD = new Set(['style', 'script', 'head']);
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', copy: '©', hellip: '…', ndash: '–', mdash: '—' },
};

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal);
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** Returns the address of a link if it is http(s) or mailto. */
function hrefOf(tag: string): string | undefined {
  const [, double, single] = /\shref=(?:"([^"]{1,2048})"|'([^']{1,2048})')/i.exec(tag) ?? [];
  const href = decode(double ?? single ?? '');
  return /^(?:https?|mailto):/i.test(href) ? href : undefined;
}

interface Reading {
  text: string;
  /** The name of the element whose content is skipped, until its end tag. */
  skipping: string | undefined;
  link: { readonly href: string; readonly start: number } | undefined;
}

function endLink(reading: Reading): void {
  const { link, text } = reading;
  if (link === undefined) return;
  const label = text.slice(link.start).trim();
  // Writes a button as its label and its address, and a visible address only once.
  if (label !== link.href) reading.text += label === '' ? link.href : ` (${link.href})`;
  reading.link = undefined;
}

function readTag(reading: Reading, tag: string): void {
  const name = /^\/?[a-z][a-z0-9]*/i.exec(tag)?.[0].toLowerCase() ?? '';
  if (reading.skipping !== undefined) {
    if (name === `/${reading.skipping}`) reading.skipping = undefined;
    return;
  }
  if (UNREAD.has(name)) {
    reading.skipping = name;
    return;
  }
  if (name === 'a') {
    endLink(reading);
    const href = hrefOf(` ${tag}`);
    if (href !== undefined) reading.link = { href, start: reading.text.length };
  }
  if (name === '/a') endLink(reading);
  if (BLOCK.test(name)) reading.text += '\n';
}

/** Removes unneeded spaces and repeated empty lines. */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  return `${lines
    .filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''))
    .join('\n')
    .trim()}\n`;
}

/** Converts `html` into plain text. */
export function toPlainText(html: string): string {
  const reading: Reading = { text: '', skipping: undefined, link: undefined };
  for (const [index, piece] of html.split('<').entries()) {
    const end = index === 0 ? -1 : piece.indexOf('>');
    if (index > 0) {
      if (end === -1) continue;
      readTag(reading, piece.slice(0, end));
    }
    // Line breaks of the source are no line breaks of the text.
    if (reading.skipping === undefined) reading.text += decode(piece.slice(end + 1).replaceAll(/\s+/g, ' '));
  }
  return tidy(reading.text);
}
