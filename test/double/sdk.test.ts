/** Auth0's own SDK keeps the double's limits: it waits as the headers say, and everything is done in the end. */
import { ManagementClient } from 'auth0';
import { describe, expect, test } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/double/sdk.test.ts is skipped: the openssl command is not installed\n');

describe.skipIf(!available)('SDK 7 at the double', () => {
  // Twelve and a half new organizations a second, five at once.
  const stage = useStage({ https: true, profile: 'auth0', facts: { rate_plan: 'essentials', speed: 30 } });

  test('case=twelve organizations at once: some are refused first, all are there in the end', async () => {
    const statuses: number[] = [];
    const management = new ManagementClient({
      domain: new URL(stage.instance.origin).host,
      clientId: MANAGEMENT_CLIENT.id,
      clientSecret: MANAGEMENT_CLIENT.secret,
      fetch: async (...request: Parameters<typeof fetch>) => {
        const response = await fetch(...request);
        statuses.push(response.status);
        return response;
      },
    });
    const names = Array.from({ length: 12 }, (_, index) => `customer-${index}`);
    await Promise.all(names.map((name) => management.organizations.create({ name })));
    expect(statuses).toContain(429);
    const found: string[] = [];
    for await (const organization of await management.organizations.list({ take: 5 }))
      found.push(organization.name ?? '');
    expect(found).toEqual(expect.arrayContaining(names));
  });
});
