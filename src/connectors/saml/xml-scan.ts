/**
 * Checks that an XML document is of the small strict kind that may reach the XML library: no DOCTYPE, no processing
 * instruction, no CDATA, no entity except XML's five, every prefix declared, sizes bounded. One pass from left to
 * right; builds nothing. The library repairs XML that is not well-formed. Attack: two parsers repair it differently,
 * which gets around a signature (CVE-2025-25291, CVE-2025-25292). So a document that needs repair is refused, and so is
 * anything that the scan does not understand.
 */

/** Why a document is refused. The caller puts its own prefix (such as `saml.`) before `check`. */
export interface XmlDefect {
  readonly check: 'doctype' | 'processing_instruction' | 'comment' | 'entity' | 'xml' | 'size';
  readonly detail: string;
}

/**
 * Limits of a document. The library and the canonicalization take quadratic time in several of them. With these, each
 * piece of work on one document stays below 50 milliseconds (`npx tsx scripts/measure-saml.ts`).
 */
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 2000;
const MAX_ATTRIBUTES = 4000;
const MAX_ATTRIBUTES_OF_ONE = 32;
const MAX_ELEMENT_NAMES = 128;
const MAX_PREFIXES_IN_SCOPE = 48;

const DECLARATION =
  /^<\?xml[ \t\r\n]+version=(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding=(?:"utf-8"|'utf-8'))?(?:[ \t\r\n]+standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/i;
const START = /<([A-Za-z_][A-Za-z0-9_.-]{0,127}(?::[A-Za-z_][A-Za-z0-9_.-]{0,127})?)/y;
const ATTRIBUTE =
  /[ \t\r\n]+([A-Za-z_][A-Za-z0-9_.-]{0,127}(?::[A-Za-z_][A-Za-z0-9_.-]{0,127})?)[ \t\r\n]*=[ \t\r\n]*(?:"([^<"]*)"|'([^<']*)')/y;
const START_END = /[ \t\r\n]*(\/?)>/y;
const END = /<\/([A-Za-z_][A-Za-z0-9_.-]{0,127}(?::[A-Za-z_][A-Za-z0-9_.-]{0,127})?)[ \t\r\n]*>/y;
/** Everything except the characters of XML 1.0 section 2.2. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const ENTITY = /&([^;&]{0,10};?)/g;
const REFERENCE = /^(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));$/;
/** The library parses elements of this namespace by the rules of HTML, in which markup may be text. */
const XHTML = 'http://www.w3.org/1999/xhtml';

const defect = (check: XmlDefect['check'], detail: string): XmlDefect => ({ check, detail });

/** Attack: entity bombs, external entities, and characters that one parser keeps and another drops. */
function checkReferences(text: string): XmlDefect | undefined {
  for (const [, name = ''] of text.matchAll(ENTITY)) {
    const found = REFERENCE.exec(name);
    if (found === null) return defect('entity', `&${name} is not one of the five entities of XML`);
    const [, decimal, hexadecimal] = found;
    const code =
      decimal !== undefined ? Number(decimal) : hexadecimal === undefined ? 0x20 : Number.parseInt(hexadecimal, 16);
    if (code > 0x10ffff || NO_CHARACTER.test(String.fromCodePoint(code)))
      return defect('entity', `&${name} is no character of XML`);
  }
  return undefined;
}

interface Open {
  readonly name: string;
  /** Number of namespace prefixes that were in scope before this element. */
  readonly prefixesBefore: number;
}

interface Scan {
  at: number;
  readonly text: string;
  readonly open: Open[];
  readonly prefixes: string[];
  readonly names: Set<string>;
  elements: number;
  attributes: number;
}

const prefixOf = (name: string): string | undefined =>
  name.includes(':') ? name.slice(0, name.indexOf(':')) : undefined;

/** Checks a namespace declaration: no prefix reserved by XML, none undeclared, and not HTML's namespace. */
function checkDeclaration(prefix: string, uri: string): XmlDefect | undefined {
  if (/^xml/i.test(prefix)) return defect('xml', `the prefix ${prefix} is reserved`);
  if (prefix !== '' && uri === '') return defect('xml', `the prefix ${prefix} is declared without a namespace`);
  // Attack: a reference hides a namespace's name from code that compares the text.
  if (uri === XHTML || uri.includes('&')) return defect('xml', 'this namespace is not read here');
  return undefined;
}

function readAttributes(scan: Scan): string[] | XmlDefect {
  const names: string[] = [];
  for (;;) {
    ATTRIBUTE.lastIndex = scan.at;
    const found = ATTRIBUTE.exec(scan.text);
    if (found === null) break;
    const [all, name = '', double, single] = found;
    scan.at += all.length;
    if (names.includes(name)) return defect('xml', `the attribute ${name} is there twice`);
    names.push(name);
    if (names.length > MAX_ATTRIBUTES_OF_ONE) return defect('size', 'an element has too many attributes');
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      const prefix = name.slice('xmlns:'.length);
      const wrong = checkDeclaration(prefix, double ?? single ?? '');
      if (wrong) return wrong;
      scan.prefixes.push(prefix);
    } else if (/^xmlns/i.test(name)) return defect('xml', `${name} is no attribute name`);
  }
  scan.attributes += names.length;
  return names;
}

function checkBounds(scan: Scan): XmlDefect | undefined {
  if (scan.open.length > MAX_DEPTH) return defect('size', `more than ${MAX_DEPTH} elements inside each other`);
  if (scan.elements > MAX_ELEMENTS) return defect('size', `more than ${MAX_ELEMENTS} elements`);
  if (scan.attributes > MAX_ATTRIBUTES) return defect('size', `more than ${MAX_ATTRIBUTES} attributes`);
  if (scan.names.size > MAX_ELEMENT_NAMES) return defect('size', `more than ${MAX_ELEMENT_NAMES} names of elements`);
  if (scan.prefixes.length > MAX_PREFIXES_IN_SCOPE) return defect('size', 'too many namespace declarations');
  return undefined;
}

function readStart(scan: Scan): XmlDefect | undefined {
  START.lastIndex = scan.at;
  const name = START.exec(scan.text)?.[1];
  if (name === undefined) return defect('xml', `no element begins at character ${scan.at}`);
  if (scan.open.length === 0 && scan.elements > 0) return defect('xml', 'there is more than one root');
  scan.at += name.length + 1;
  scan.elements += 1;
  scan.names.add(name);
  const prefixesBefore = scan.prefixes.length;
  const attributes = readAttributes(scan);
  if (!Array.isArray(attributes)) return attributes;
  scan.open.push({ name, prefixesBefore });
  const unknown = [name, ...attributes.filter((one) => !one.startsWith('xmlns'))]
    .map(prefixOf)
    .find((prefix) => prefix !== undefined && prefix !== 'xml' && !scan.prefixes.includes(prefix));
  if (unknown !== undefined) return defect('xml', `the prefix ${unknown} is not declared`);
  const over = checkBounds(scan);
  if (over) return over;
  START_END.lastIndex = scan.at;
  const end = START_END.exec(scan.text);
  if (end === null) return defect('xml', `the tag of ${name} is not well-formed`);
  scan.at += end[0].length;
  if (end[1] === '/') closeElement(scan);
  return undefined;
}

function closeElement(scan: Scan): string | undefined {
  const closed = scan.open.pop();
  if (closed !== undefined) scan.prefixes.length = closed.prefixesBefore;
  return closed?.name;
}

function readEnd(scan: Scan): XmlDefect | undefined {
  END.lastIndex = scan.at;
  const found = END.exec(scan.text);
  if (found === null || closeElement(scan) !== found[1])
    return defect('xml', `an end tag at character ${scan.at} closes nothing`);
  scan.at += found[0].length;
  return undefined;
}

/** Reads markup that begins with `<!`: only a comment can be allowed. */
function readDeclaration(scan: Scan, comments: 'refused' | 'allowed'): XmlDefect | undefined {
  if (!scan.text.startsWith('<!--', scan.at)) {
    return scan.text.startsWith('<![', scan.at)
      ? defect('xml', 'a CDATA section is not read here')
      : defect('doctype', 'a document type declaration is not read here');
  }
  if (comments === 'refused') return defect('comment', 'a comment is not read here');
  const end = scan.text.indexOf('--', scan.at + 4);
  if (end < 0 || scan.text.charAt(end + 2) !== '>') return defect('xml', 'a comment is not well-formed');
  scan.at = end + 3;
  return undefined;
}

/** Reads the text up to the next markup; outside of the root only white space is allowed. */
function readText(scan: Scan): XmlDefect | undefined {
  const next = scan.text.indexOf('<', scan.at);
  const end = next < 0 ? scan.text.length : next;
  const text = scan.text.slice(scan.at, end);
  if (scan.open.length === 0 && /[^ \t\r\n]/.test(text)) return defect('xml', 'there is text outside of the root');
  if (text.includes(']]>')) return defect('xml', ']]> is not allowed in text');
  scan.at = end;
  return undefined;
}

function readNext(scan: Scan, comments: 'refused' | 'allowed'): XmlDefect | undefined {
  if (scan.text.charAt(scan.at) !== '<') return readText(scan);
  switch (scan.text.charAt(scan.at + 1)) {
    case '/':
      return readEnd(scan);
    case '!':
      return readDeclaration(scan, comments);
    case '?':
      return defect('processing_instruction', 'a processing instruction is not read here');
    default:
      return readStart(scan);
  }
}

/**
 * Returns the first defect of a document; undefined where it is well-formed and within the limits. Comments are refused
 * in a signed message: they are not part of the signed bytes, and several libraries read the text around one in parts
 * (CVE-2017-11427 and its relatives, CVE-2025-29775). `text` has no byte order mark.
 */
export function scanXml(text: string, comments: 'refused' | 'allowed'): XmlDefect | undefined {
  if (NO_CHARACTER.test(text)) return defect('xml', 'the document has a character that XML does not allow');
  const wrong = checkReferences(text);
  if (wrong) return wrong;
  const at = DECLARATION.exec(text)?.[0].length ?? 0;
  const scan: Scan = { at, text, open: [], prefixes: [], names: new Set(), elements: 0, attributes: 0 };
  while (scan.at < text.length) {
    const found = readNext(scan, comments);
    if (found) return found;
  }
  return scan.elements === 0 || scan.open.length > 0 ? defect('xml', 'the document is not complete') : undefined;
}
