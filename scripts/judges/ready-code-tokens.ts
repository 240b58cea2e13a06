/** Checks a machine's code that was copied from the console: both programs get a token, and report a wrong secret. */
import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import type { Checks } from './checks.js';
import type { Printed } from './printed-code.js';

interface Machine {
  readonly checks: Checks;
  readonly printed: Printed;
  readonly audience: string;
  readonly clientId: string;
}

/** Runs both programs. */
export async function playTokens({ checks, printed, audience, clientId }: Machine): Promise<void> {
  await checks.play('curl and Node have a token each, for the API, with the scope', async () => {
    const tokens = (await printed.runToEnd()).match(/ey[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
    assert.equal(tokens.length, 2);
    for (const token of tokens) {
      const { aud, scope, sub } = decodeJwt(token);
      assert.deepEqual({ aud, scope, sub }, { aud: audience, scope: 'read:notes', sub: `${clientId}@clients` });
    }
  });
  await checks.play('a wrong secret is told by both', async () => {
    await assert.rejects(printed.runToEnd('wrong'), /access_denied[\s\S]*Error: access_denied: Unauthorized/);
  });
}
