/**
 * Parses XML into a tree and reads it. Every document passes {@link scanXml} first, and any error of the library stops
 * the parsing. Text is read only from elements that hold nothing else, so no part of a value can be hidden. Never
 * fetches anything: entities and document types are unknown here.
 */
import { DOMParser } from '@xmldom/xmldom';
import { scanXml, type XmlDefect } from './xml-scan.js';

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';

export interface XmlDocument {
  readonly ok: true;
  readonly root: Element;
  /** The text that was parsed, with the line ends of XML. */
  readonly xml: string;
}

/** Parses a document; returns a defect where the scan or the library finds one. Never throws. */
export function parseXml(
  text: string,
  comments: 'refused' | 'allowed' = 'refused',
): XmlDocument | ({ readonly ok: false } & XmlDefect) {
  const found = scanXml(text, comments);
  if (found) return { ok: false, ...found };
  const xml = text.replace(/\r\n?/g, '\n');
  const stop = (message: string): never => {
    throw new Error(message);
  };
  try {
    const parser = new DOMParser({ errorHandler: { warning: stop, error: stop, fatalError: stop } });
    const root = parser.parseFromString(xml, 'text/xml').documentElement;
    if (root) return { ok: true, root, xml };
  } catch {
    // Falls through: the library's message may repeat the document.
  }
  return { ok: false, check: 'xml', detail: 'the document is not well-formed' };
}

/**
 * Decodes strict base64, in which IdPs may break lines; undefined for anything else, such as a second spelling of the
 * same bytes.
 */
export function parseBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  if (compact === '' || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return bytes.toString('base64') === compact ? bytes : undefined;
}

const isElement = (node: Node): node is Element => node.nodeType === 1;

/** Returns the child elements in document order. */
export function childrenOf(element: Element): Element[] {
  return Array.from(element.childNodes).filter(isElement);
}

/** Returns the child elements of this name. */
export function findChildren(element: Element, namespace: string, name: string): Element[] {
  return childrenOf(element).filter((child) => isNamed(child, namespace, name));
}

/** Returns the only child element of this name; undefined for none or several. */
export function findOnly(element: Element, namespace: string, name: string): Element | undefined {
  const found = findChildren(element, namespace, name);
  return found.length === 1 ? found[0] : undefined;
}

/** True for an element of this namespace and name. */
export function isNamed(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** Returns the text of an element that holds only text; undefined for any other. */
export function textOf(element: Element | undefined): string | undefined {
  if (element === undefined) return undefined;
  const nodes = Array.from(element.childNodes);
  return nodes.every((node) => node.nodeType === 3) ? nodes.map((node) => node.nodeValue ?? '').join('') : undefined;
}

/** Returns an attribute without a namespace; undefined where it is absent. */
export function attributeOf(element: Element, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined;
}

/** Yields an element and all its descendants, in document order. The scan bounds the depth. */
export function* elementsOf(element: Element): Generator<Element> {
  yield element;
  for (const child of childrenOf(element)) yield* elementsOf(child);
}
