/**
 * The corpus of attacks on SAML service providers, test/corpus/saml/: each answer is refused by exactly the check that its file names, and
 * the same answer without the attack is accepted, so no case is refused for another reason. A harmless case is accepted and read as that
 * twin is.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type VerifiedAssertion, verifyResponse } from '../../src/connectors/saml/verify-response.js';
import { type Built, createKit, PERSON, type SamlCase, toExpected, toPosted } from '../corpus/saml/kit.js';

const DIRECTORY = new URL('../corpus/saml/', import.meta.url);
const kit = createKit();
const files = readdirSync(DIRECTORY).filter((name) => /^\d{3}-/.test(name));
const cases = await Promise.all(
  files.map(async (file) => {
    const { attack } = (await import(new URL(file, DIRECTORY).href)) as { attack: SamlCase };
    return { file, ...attack };
  }),
);

const verify = (built: Built) => verifyResponse(toPosted(built), toExpected(kit, built));

/** The assertion of an answer that must be accepted. */
async function readAccepted(built: Built): Promise<VerifiedAssertion> {
  const answer = await verify(built);
  expect(answer).toMatchObject({ ok: true, assertion: { nameId: PERSON } });
  return (answer as { assertion: VerifiedAssertion }).assertion;
}

describe('case=saml-corpus', () => {
  test('there are at least 80, each with a source and a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases.filter(({ source }) => source === '')).toEqual([]);
  });

  test.each(cases)('$file: $name -> $check', async ({ check, content, build, twin }) => {
    const built = build(kit);
    const other = await readAccepted(twin?.(kit) ?? kit.answer());
    if (check !== 'harmless') expect(await verify(built)).toMatchObject({ ok: false, check });
    else expect(await readAccepted(built)).toEqual({ ...other, ...content });
  });

  test('whatever fails in a decryption, the answer is the same (padding oracles), but for the name of a method', async () => {
    const told = new Set<string>();
    for (const { build, check } of cases)
      if (check === 'saml.decryption') told.add(JSON.stringify(await verify(build(kit))));
    expect([...told].filter((answer) => !answer.includes('in a way that is not accepted: '))).toHaveLength(1);
  });
});
