/**
 * One server and one cast for all tests of a scenario file, and what its tests ask again and again: what the application was
 * told, what the person read, what the log says about it.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import type { DoubleFacts } from '../../src/double/facts.js';
import type { Clock } from '../../src/kernel/clock.js';
import { type Cast, createCast, Visitor } from './cast.js';
import { createCertificate, type TestCertificate } from './certificate.js';
import type { HttpBrowser, Visit } from './http-browser.js';
import { type Instance, type Json, startInstance } from './instance.js';
import { trustAuthority } from './trust.js';

export interface LogLine {
  readonly log_id: string;
  readonly type: string;
  readonly description?: string;
  readonly organization_id?: string;
  readonly user_id?: string;
  readonly details: Json & {
    readonly code?: string;
    readonly reference?: string;
    readonly rule?: string;
    readonly trace?: readonly { stage: string; rule: string; answer: string; evidence: Json }[];
  };
}

export interface Stage {
  readonly instance: Instance;
  readonly cast: Cast;
  /** PEM file of the authority of a stage that speaks https. */
  readonly authority: string;
  visitor(browser?: HttpBrowser): Visitor;
  /** Newest first, at most 100. */
  logs(): Promise<readonly LogLine[]>;
  /** The log's line about what this answer or page refuses, found by its reference number. */
  refusal(visit: Visit): Promise<LogLine>;
  /** The code that was mailed to the address last. */
  mailedCode(email: string): Promise<string>;
  enablement(changes: Json, organizationId?: string, connectionId?: string): Promise<void>;
}

export interface StageOptions {
  readonly clock?: Clock;
  /** The server speaks https, as the auth0 package insists on, with a certificate that Actions and this process trust. */
  readonly https?: boolean;
  readonly environment?: Record<string, string>;
  /** The server is the double of a tenant of Auth0's. */
  readonly profile?: 'auth0';
  /** The double's switches. */
  readonly facts?: Partial<DoubleFacts>;
}

function httpsEnvironment({ ca, cert, key }: TestCertificate): Record<string, string> {
  return { VESTIBULE_TLS_CERT: cert, VESTIBULE_TLS_KEY: key, NODE_EXTRA_CA_CERTS: ca };
}

/** Sets server and cast up before the tests of the file and takes them down afterwards. */
export function useStage(options: Parameters<typeof createCast>[1] & StageOptions = {}): Stage {
  let instance: Instance;
  let cast: Cast;
  let certificate: TestCertificate | undefined;
  let distrust: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    if (options.https) {
      certificate = createCertificate();
      distrust = trustAuthority(certificate.ca);
    }
    instance = await startInstance({
      ...(options.clock !== undefined && { clock: options.clock }),
      profile: options.profile,
      facts: options.facts,
      environment: { ...(certificate && httpsEnvironment(certificate)), ...options.environment },
    });
    cast = await createCast(instance, options);
  });
  afterAll(async () => {
    await cast?.stop();
    await instance?.stop();
    await distrust?.();
    certificate?.remove();
  });
  const logs = () => instance.api<LogLine[]>('GET', '/logs?per_page=100');
  return {
    get instance() {
      return instance;
    },
    get cast() {
      return cast;
    },
    get authority() {
      if (certificate === undefined) throw new Error('the stage speaks plain http');
      return certificate.ca;
    },
    visitor: (browser) => new Visitor(cast, browser),
    logs,
    async refusal(visit) {
      const reference = referenceOf(visit);
      const [line] = await instance.api<LogLine[]>('GET', `/logs?q=${encodeURIComponent(`reference:${reference}`)}`);
      if (!line) throw new Error(`the log has no line with reference ${reference}`);
      return line;
    },
    async mailedCode(email) {
      const found = (await instance.mail()).find(({ mail }) => mail.to === email && mail.template === 'proof_code');
      if (!found) throw new Error(`no code was mailed to ${email}`);
      return found.mail.model.code as string;
    },
    async enablement(changes, organizationId = cast.acme.id, connectionId = cast.acme.connectionId) {
      await instance.api('PATCH', `/organizations/${organizationId}/enabled_connections/${connectionId}`, changes);
    },
  };
}

/** Parameters of an answer in the query; fails with what the person reads when the walk did not end at the application. */
export function answerOf(visit: Visit): Readonly<Record<string, string>> {
  expect(visit.status, `not at the application but at ${visit.url.href}: ${wordsOf(visit)}`).toBe(0);
  return Object.fromEntries(visit.url.searchParams);
}

/** The reference number that was sent to the application or shown to the person. */
export function referenceOf(visit: Visit): string {
  const reference = visit.url.searchParams.get('error_reference') ?? /V-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(visit.text)?.[0];
  if (!reference) throw new Error(`no reference number at ${visit.url.href}: ${wordsOf(visit)}`);
  return reference;
}

/** Returns the text that a person reads on a page. */
export function wordsOf(visit: Visit): string {
  return visit.text
    .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Where a link with these words leads. */
export function linkOf(visit: Visit, words: string): string {
  for (const [, href = '', label = ''] of visit.text.matchAll(/<a\b[^>]*\shref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)) {
    if (label.replace(/<[^>]+>/g, '').includes(words)) return new URL(href.replaceAll('&amp;', '&'), visit.url).href;
  }
  throw new Error(`no link "${words}" on ${visit.url.href}: ${wordsOf(visit)}`);
}

/** The words of the links that a page offers for going on, in their order. */
export function linksOf(visit: Visit): readonly string[] {
  const ways = visit.text.slice(visit.text.indexOf('class="reference"'));
  const found = [...ways.matchAll(/<a\b[^>]*>([\s\S]*?)<\/a>/g)];
  return found.map(([, label = '']) => label.replace(/<[^>]+>/g, '').trim());
}

/** A page without what differs from one request to the next: addresses, the transaction, nonces, reference numbers. */
export function sameForAll(visit: Visit, ...personal: readonly string[]): string {
  let text = visit.text
    .replace(/state=[A-Za-z0-9]+/g, 'state=*')
    .replace(/nonce="[^"]*"/g, 'nonce="*"')
    .replace(/V-[2-9A-Z]{4}-[2-9A-Z]{4}/g, 'V-*');
  for (const word of personal) text = text.replaceAll(word, '*');
  return text;
}

/** On the proof page: types the code. */
export function proveByCode(visitor: Pick<Visitor, 'browser'>, page: Visit, code: string): Promise<Visit> {
  return visitor.browser.submit(page, { code, action: 'code' });
}

/** On the proof page: changes over to the password and types it. */
export async function proveByPassword(visitor: Visitor, page: Visit, password: string): Promise<Visit> {
  const other = await visitor.browser.visit(linkOf(page, 'I have a password here'));
  return visitor.browser.submit(other, { password, action: 'password' });
}

/** A code that is not the one that was mailed. */
export function wrongCode(code: string): string {
  return code === '000000' ? '000001' : '000000';
}
