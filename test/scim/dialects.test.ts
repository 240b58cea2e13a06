/**
 * The requests that Microsoft Entra and Okta document, in the order in which they send them; each step of the fixtures names its page. The
 * bodies are those of the pages with other names of people. Differences on purpose: docs/guides/scim.md.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';
import { ALL_SCOPES, type Company, startCompany } from './support.js';

interface Step {
  readonly name: string;
  readonly source: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** The name under which later steps have the id of the answer. */
  readonly saves?: string;
  readonly shows?: Readonly<Record<string, unknown>>;
  readonly hides?: readonly string[];
}

const stage = useStage();

describe.each(['entra', 'okta'])('%s', (dialect) => {
  const steps = JSON.parse(
    readFileSync(new URL(`./fixtures/${dialect}.json`, import.meta.url), 'utf8'),
  ) as readonly Step[];
  const ids: Record<string, string> = {};
  let company: Company;
  beforeAll(async () => {
    const place = await stage.cast.createPlace(dialect, stage.cast.people);
    company = await startCompany(stage.instance, place.connectionId, { token: { scopes: ALL_SCOPES } });
  });

  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => ids[name] ?? whole);
  const filledJson = <T>(value: T): T => JSON.parse(filled(JSON.stringify(value)));
  const toUrl = (path: string) => {
    const [before = '', query] = path.split('?');
    const place = before.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
    return query === undefined ? place : `${place}?${encodeURI(filled(query))}`;
  };

  test.each(steps)('$name', async ({ method, path, body, status, saves, shows, hides, source }) => {
    expect(source).toMatch(/^https:\/\/(learn\.microsoft\.com|developer\.okta\.com)\//);
    const answer = await company.call(method, toUrl(path), body === undefined ? undefined : filledJson(body));
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    if (status === 204) expect(answer.body).toBeUndefined();
    if (shows !== undefined) expect(answer.body).toMatchObject(filledJson(shows));
    for (const name of hides ?? []) expect(answer.body).not.toHaveProperty(name);
    if (saves !== undefined) ids[saves] = answer.body.id;
  });
});
