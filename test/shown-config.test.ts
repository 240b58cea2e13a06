/** The part of the environment that operators are shown: every variable of the document, and no secret of any. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { examineConfig } from '../src/config/config.js';
import { listVariables } from '../src/config/shown-config.js';
import { VARIABLE_GROUPS } from '../src/console/pages/settings/environment-words.js';

const SECRETS = {
  DATABASE_URL: 'postgres://vestibule:datapass@db.internal.example:5432/people',
  VESTIBULE_SECRET_KEY: Buffer.alloc(32, 'a').toString('base64'),
  VESTIBULE_SECRET_KEY_FORMER: Buffer.alloc(32, 'b').toString('base64'),
  VESTIBULE_MANAGEMENT_CLIENT_ID: 'deploy',
  VESTIBULE_MANAGEMENT_CLIENT_SECRET: 'machinepass',
  SMTP_URL: 'smtp://mailuser:mailpass@mail.example:587',
};

function show(env: Readonly<Record<string, string>>) {
  const { config, problems } = examineConfig(env);
  expect(problems).toEqual([]);
  return Object.fromEntries(listVariables(config as NonNullable<typeof config>).map((one) => [one.name, one]));
}

describe('the shown configuration', () => {
  test('case=every-variable-of-the-document-that-a-server-reads', () => {
    const rows = readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm);
    const documented = [...rows].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
    const { known } = examineConfig({});
    expect(Object.keys(show({})).sort()).toEqual(documented.filter((name) => known.has(name)).sort());
  });

  test('case=every-shown-variable-has-a-label-in-the-console', () => {
    const labelled = VARIABLE_GROUPS.flatMap(({ variables }) => variables.map(({ name }) => name));
    expect(labelled.sort()).toEqual(Object.keys(show({})).sort());
  });

  test('attack=a-reader-of-settings-reads-a-secret-of-the-environment', () => {
    const shown = show({ ...SECRETS, VESTIBULE_URL: 'https://login.example' });
    const text = JSON.stringify(shown);
    for (const secret of ['datapass', 'db.internal', 'mailuser', 'mailpass', 'machinepass'])
      expect(text).not.toContain(secret);
    for (const key of [SECRETS.VESTIBULE_SECRET_KEY, SECRETS.VESTIBULE_SECRET_KEY_FORMER])
      expect(text).not.toContain(key);
    expect(shown.SMTP_URL).toEqual({ name: 'SMTP_URL', value: 'smtp://mail.example:587' });
    expect(shown.DATABASE_URL).toEqual({ name: 'DATABASE_URL', isSet: true });
    expect(shown.VESTIBULE_MANAGEMENT_CLIENT_SECRET).toMatchObject({ isSet: true });
  });

  test('case=the-values-are-those-in-force', () => {
    const shown = show({
      VESTIBULE_LOG_RETENTION_DAYS: '30',
      VESTIBULE_TRUST_PROXY: '10.0.0.0/8',
      VESTIBULE_RATE_LIMIT_TOKEN: '16/50',
    });
    expect(shown.VESTIBULE_LOG_RETENTION_DAYS).toMatchObject({ value: 30 });
    expect(shown.VESTIBULE_TRUST_PROXY).toMatchObject({ value: ['10.0.0.0/8'] });
    expect([shown.VESTIBULE_RATE_LIMIT_TOKEN, shown.VESTIBULE_RATE_LIMIT_MANAGEMENT, shown.PORT]).toMatchObject([
      { value: '16/50' },
      { value: '1000' },
      { value: 3000 },
    ]);
    expect(shown.VESTIBULE_METRICS_PORT).toMatchObject({ value: undefined });
    expect(shown.DATABASE_URL).toMatchObject({ isSet: false });
  });
});
