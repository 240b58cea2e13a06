/**
 * The corpus of logout forgeries, test/corpus/saml-logout/: each message is refused by exactly the check that its file names, and the same
 * message without the attack is accepted, so no case is refused for another reason. A harmless case is accepted and read as that twin is.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verifyLogoutRequest, verifyLogoutResponse } from '../../src/connectors/saml/logout-message.js';
import { type Built, createLogoutKit, type LogoutCase, REQUEST } from '../corpus/saml-logout/kit.js';
import { toLogoutXml } from '../corpus/saml-logout/kit-documents.js';

const DIRECTORY = new URL('../corpus/saml-logout/', import.meta.url);
const kit = createLogoutKit();
const files = readdirSync(DIRECTORY).filter((name) => /^\d{3}-/.test(name));
const cases = await Promise.all(
  files.map(async (file) => {
    const { attack } = (await import(new URL(file, DIRECTORY).href)) as { attack: LogoutCase };
    return { file, ...attack };
  }),
);

const verify = ({ input, kind, expected }: Built) => {
  const all = { ...kit.expected, ...expected };
  return kind === 'response' ? verifyLogoutResponse(input, REQUEST, all) : verifyLogoutRequest(input, all);
};

describe('case=saml-logout-corpus', () => {
  test('there are at least 60, each with a source and a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases.filter(({ source }) => source === '')).toEqual([]);
  });

  test.each(cases)('$file: $name -> $check', async ({ check, content, build, twin }) => {
    const built = build(kit);
    const other = await verify(twin?.(kit) ?? { input: kit.redirect(toLogoutXml()) });
    expect(other, 'the twin').toMatchObject({ ok: true });
    if (check !== 'harmless') expect(await verify(built)).toMatchObject({ ok: false, check });
    else expect(await verify(built)).toEqual({ ...other, ...content });
  });
});
