/**
 * Changes SAML answers at random, as somebody would who holds one valid answer and wants another: bytes, tags, values, whole elements moved,
 * doubled, wrapped, taken from another answer. The same seed gives the same changes.
 */
import { createHash } from 'node:crypto';
import { type Kit, VICTIM } from '../corpus/saml/kit.js';
import { ACS, ASSERTION, AUDIENCE, assertion, PERSON, response } from '../corpus/saml/kit-documents.js';
import { AES256_CBC } from '../corpus/saml/kit-encryption.js';
import { DSIG, EXCLUSIVE, INCLUSIVE } from '../corpus/saml/kit-signing.js';

/** Draws from a seed: SHA-256 of the seed and a counter. */
export class Draw {
  private count = 0;
  private bytes = Buffer.alloc(0);
  private at = 0;
  constructor(private readonly seed: number) {}

  /** A whole number from 0 on, below `end`. */
  below(end: number): number {
    if (this.at + 4 > this.bytes.length) {
      this.bytes = createHash('sha256')
        .update(`${this.seed}:${this.count++}`)
        .digest();
      this.at = 0;
    }
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return Math.floor((value / 2 ** 32) * end);
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }
}

/** An answer to start from; what is encrypted is changed before the encryption too. */
export interface Base {
  readonly name: string;
  readonly xml: string;
  /** Puts the changed text into its answer. */
  wrap(kit: Kit, xml: string): string;
}

const asItIs = (_kit: Kit, xml: string) => xml;

/** Valid answers of every form, all for the same login. */
export function createBases(kit: Kit): readonly Base[] {
  const prefixes = (xml: string) =>
    xml.replace(
      `<ds:Transform Algorithm="${EXCLUSIVE}">`,
      `<ds:Transform Algorithm="${EXCLUSIVE}"><ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="xs saml"></ec:InclusiveNamespaces>`,
    );
  const typed = '" xmlns:x="urn:x" x:type="x:string">mallory';
  const plain = assertion().replaceAll('saml:', '').replace('xmlns:saml=', 'xmlns=');
  return [
    { name: 'signed assertion', xml: kit.answer(), wrap: asItIs },
    { name: 'signed response', xml: kit.whole(), wrap: asItIs },
    { name: 'another person', xml: kit.answer({ person: 'eve@corp.example' }), wrap: asItIs },
    { name: 'both signed', xml: kit.sign(response(kit.signed()), { id: '_response' }), wrap: asItIs },
    { name: 'without KeyInfo', xml: kit.answer({}, { keyInfo: '' }), wrap: asItIs },
    { name: 'list of prefixes', xml: kit.answer({}, { signedInfo: prefixes }), wrap: asItIs },
    {
      name: 'declared in the name',
      xml: response(kit.sign(assertion().replace('">mallory', typed), { id: '_assertion' })),
      wrap: asItIs,
    },
    { name: 'default namespace', xml: response(kit.sign(plain, { id: '_assertion' })), wrap: asItIs },
    { name: 'encrypted', xml: kit.signed(), wrap: ({ encrypt }, xml) => response(encrypt(xml)) },
    {
      name: 'encrypted by CBC',
      xml: kit.signed(),
      wrap: ({ encrypt }, xml) => response(encrypt(xml, { algorithm: AES256_CBC })),
    },
    {
      name: 'encrypted in a signed response',
      xml: kit.sign(response(kit.encrypt(assertion())), { id: '_response' }),
      wrap: asItIs,
    },
  ];
}

const TOKENS = [
  '<!-- -->',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x y?>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x>',
  '<!DOCTYPE x [',
  '&lt;',
  '&#0;',
  '&x;',
  '&#x6d;',
  '&',
  '<',
  '>',
  '"',
  "'",
  '=',
  '/',
  ' ',
  '\n',
  '\r',
  '\t',
  '\0',
  '\ufeff',
  '\u0085',
  '\u2028',
  'é',
  ':',
  'xmlns=""',
  ` xmlns="${ASSERTION}"`,
  ' xmlns:saml="urn:evil"',
  ' xmlns:x="urn:x"',
  ' ID="_assertion"',
  ' Id="_assertion"',
  ' id="_response"',
  ' xml:id="_assertion"',
  ' a="b"',
  '<saml:x>',
  '</saml:x>',
  '<saml:x/>',
  '<samlp:Extensions>',
  '</samlp:Extensions>',
  '</saml:NameID>',
  '<saml:NameID>',
  '<saml:Assertion>',
  '</saml:Assertion>',
  '<ds:Object>',
  '</ds:Object>',
  '<saml:Advice>',
  '</saml:Advice>',
  PERSON,
  VICTIM,
] as const;

const VALUES = [
  '',
  ' ',
  '_assertion',
  '_response',
  '_evil',
  '#_assertion',
  '#_response',
  '#',
  '2.0',
  '1.1',
  VICTIM,
  PERSON,
  ACS,
  AUDIENCE,
  EXCLUSIVE,
  INCLUSIVE,
  ASSERTION,
  DSIG,
  `${DSIG}enveloped-signature`,
  `${DSIG}rsa-sha1`,
  `${DSIG}hmac-sha1`,
  `${EXCLUSIVE}WithComments`,
  '2099-01-01T00:00:00Z',
  'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
  "urn:x' y='",
  'urn:x" y="z',
  'urn:x&quot; y=&quot;z',
] as const;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The elements of a text that may be broken: from each start tag to the end tag that closes it. */
function elementsIn(xml: string): readonly Span[] {
  const open: { readonly name: string; readonly start: number }[] = [];
  const found: Span[] = [];
  for (const tag of xml.matchAll(/<(\/?)([\w:.-]+)(?:[^<>"']|"[^"]*"|'[^']*')*>/g)) {
    const [text, slash, name = ''] = tag;
    const end = tag.index + text.length;
    if (slash === '') {
      if (text.endsWith('/>')) found.push({ start: tag.index, end });
      else open.push({ name, start: tag.index });
    } else {
      const at = open.findLastIndex((one) => one.name === name);
      const [first] = at < 0 ? [] : open.splice(at);
      if (first) found.push({ start: first.start, end });
    }
  }
  return found.length === 0 ? [{ start: 0, end: xml.length }] : found;
}

const cut = (xml: string, { start, end }: Span, by = '') => xml.slice(0, start) + by + xml.slice(end);
const put = (xml: string, at: number, text: string) => xml.slice(0, at) + text + xml.slice(at);

/** A place at the border of an element, or anywhere. */
function placeIn(draw: Draw, xml: string): number {
  const { start, end } = draw.of(elementsIn(xml));
  return draw.of([start, end, xml.indexOf('>', start) + 1, xml.lastIndexOf('<', end), draw.below(xml.length + 1)]);
}

function valuesIn(xml: string): readonly Span[] {
  const found = [...xml.matchAll(/="([^"]*)"/g)].map((match) => ({
    start: match.index + 2,
    end: match.index + 2 + (match[1] ?? '').length,
  }));
  return found.length === 0 ? [{ start: 0, end: 0 }] : found;
}

function textsIn(xml: string): readonly Span[] {
  const found = [...xml.matchAll(/>([^<>]+)</g)].map((match) => ({
    start: match.index + 1,
    end: match.index + 1 + (match[1] ?? '').length,
  }));
  return found.length === 0 ? [{ start: 0, end: 0 }] : found;
}

const textOf = (xml: string, { start, end }: Span) => xml.slice(start, end);

type Change = (draw: Draw, xml: string, other: string) => string;

function changeByte(draw: Draw, xml: string): string {
  const bytes = Buffer.from(xml);
  const at = draw.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << draw.below(8));
  return bytes.toString();
}

function moveElement(draw: Draw, xml: string): string {
  const span = draw.of(elementsIn(xml));
  const rest = cut(xml, span);
  return put(rest, placeIn(draw, rest), textOf(xml, span));
}

function swap(draw: Draw, xml: string, spans: readonly Span[]): string {
  const [one, two] = [draw.of(spans), draw.of(spans)].sort((a, b) => a.start - b.start) as [Span, Span];
  if (one.end > two.start) return xml;
  return cut(cut(xml, two, textOf(xml, one)), one, textOf(xml, two));
}

function wrapElement(draw: Draw, xml: string): string {
  const span = draw.of(elementsIn(xml));
  const tag = draw.of(['samlp:Extensions', 'samlp:Response', 'saml:Advice', 'saml:Assertion', 'ds:Object', 'saml:x']);
  return cut(xml, span, `<${tag}>${textOf(xml, span)}</${tag}>`);
}

/** An attribute that goes out of sight: into the name of a namespace of the same element. */
function hideInNamespace(draw: Draw, xml: string): string {
  const found = [...xml.matchAll(/ xmlns:[a-z]+="([^"]*)"/g)];
  if (found.length === 0) return xml;
  const match = draw.of(found);
  const start = match.index;
  const rest = /^"(?: [\w:]+="[^"]*"){0,2}/.exec(xml.slice(start + match[0].length - 1))?.[0] ?? '"';
  const all = match[0].slice(0, -1) + rest;
  return cut(xml, { start, end: start + all.length }, `${all.replace('="', "='").slice(0, -1)}'`);
}

const CHANGES: readonly Change[] = [
  changeByte,
  (draw, xml) => cut(xml, { start: draw.below(xml.length), end: draw.below(xml.length) }),
  (draw, xml) => put(xml, placeIn(draw, xml), draw.of(TOKENS)),
  (draw, xml) => put(xml, placeIn(draw, xml), draw.of(TOKENS)),
  (draw, xml) => cut(xml, draw.of(elementsIn(xml))),
  (draw, xml) => put(xml, placeIn(draw, xml), textOf(xml, draw.of(elementsIn(xml)))),
  (draw, xml) => cut(xml, draw.of(elementsIn(xml)), textOf(xml, draw.of(elementsIn(xml)))),
  moveElement,
  wrapElement,
  hideInNamespace,
  (draw, xml) => swap(draw, xml, valuesIn(xml)),
  (draw, xml) => swap(draw, xml, textsIn(xml)),
  (draw, xml) => swap(draw, xml, elementsIn(xml)),
  (draw, xml) => cut(xml, draw.of(valuesIn(xml)), draw.of(VALUES)),
  (draw, xml) => cut(xml, draw.of(textsIn(xml)), draw.of(VALUES)),
  (draw, xml) =>
    xml.replaceAll(
      PERSON,
      draw.of([VICTIM, `${VICTIM}<!---->${PERSON}`, `<![CDATA[${PERSON}]]>`, `&#x6d;${PERSON.slice(1)}`]),
    ),
  (draw, xml, other) => put(xml, placeIn(draw, xml), textOf(other, draw.of(elementsIn(other)))),
  (draw, xml, other) => cut(xml, draw.of(elementsIn(xml)), textOf(other, draw.of(elementsIn(other)))),
];

/** `xml` after one to four changes, with parts of `others` in some. */
export function changeText(draw: Draw, xml: string, others: readonly string[]): string {
  let text = xml;
  for (let left = 1 + draw.below(4); left > 0; left--)
    text = draw.of(CHANGES)(draw, text, draw.of(others)).slice(0, 60_000);
  return text;
}

/** The posted answer of this seed: a base after one to four changes, or with the base64 itself changed. */
export function mutate(
  kit: Kit,
  bases: readonly Base[],
  evil: string,
  seed: number,
): { readonly posted: string; readonly base: string } {
  const draw = new Draw(seed);
  const base = draw.of(bases);
  const xml = changeText(draw, base.xml, [evil, draw.of(bases).xml]);
  let outer = base.wrap(kit, xml);
  if (base.wrap !== asItIs && draw.below(2) === 0) outer = draw.of(CHANGES)(draw, outer, evil);
  const posted = Buffer.from(outer).toString('base64');
  return {
    posted: draw.below(50) === 0 ? put(posted, draw.below(posted.length), draw.of(TOKENS)) : posted,
    base: base.name,
  };
}
