/**
 * The objects of a made-up sign-in, for the test of a draft where no past sign-in fits: on a new server, or for a trigger
 * whose events the log does not name. All people in it are made up. Pure.
 */
import type { EventGround } from './to-event.js';

const AT = '2026-01-15T09:30:00.000Z';

const LINE = {
  date: AT,
  client_id: 'sampleClient000000000000000000000',
  client_name: 'Sample application',
  ip: '203.0.113.7',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
};

const USER = {
  user_id: 'oidc|sample-sso|00u1a2b3c4',
  email: 'robin@sample.example',
  email_verified: true,
  name: 'Robin Sample',
  given_name: 'Robin',
  family_name: 'Sample',
  nickname: 'robin',
  picture: 'https://sample.example/robin.png',
  identities: [
    {
      connection: 'sample-sso',
      isSocial: false,
      provider: 'oidc',
      userId: 'sample-sso|00u1a2b3c4',
      user_id: '00u1a2b3c4',
    },
  ],
  user_metadata: { language: 'en' },
  app_metadata: { plan: 'team' },
  created_at: '2025-11-03T08:00:00.000Z',
  updated_at: AT,
  last_password_reset: AT,
  logins_count: 12,
};

/** Returns the objects of the sample. `host` is the host name of this server. */
export const toSampleGround = (host: string): EventGround => ({
  line: LINE,
  user: USER,
  organization: {
    id: 'org_sampleSampleSamp',
    name: 'sample',
    display_name: 'Sample Company',
    metadata: { region: 'eu' },
  },
  client: { client_metadata: { tier: 'gold' } },
  connection: { id: 'con_sampleSampleSamp', name: 'sample-sso', strategy: 'oidc', metadata: {} },
  claims: { sub: '00u1a2b3c4', department: 'Sales', groups: ['Everyone', 'Sales'] },
  host,
});
