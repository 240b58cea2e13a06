/** One mail of each kind, as the outbox holds them. */
import { describeProblem } from '../../src/domain/companies/domain-proof.js';
import { parseEmail } from '../../src/domain/people/email.js';
import type { MailModels } from '../../src/mail/models.js';
import type { OutgoingMail } from '../../src/ports/mailer.js';

const brand = { title: 'Acme', primaryColor: '#0f766e' };

const PROOF = {
  brand,
  domain: 'acme.example',
  organizationTitle: 'Acme',
  organizationId: 'org_Ab3Cd4Ef5Gh6Ij7K',
  problem: describeProblem('no_such_name', '_ss-verification.org_Ab3Cd4Ef5Gh6Ij7K.acme.example'),
  host: '_ss-verification.org_Ab3Cd4Ef5Gh6Ij7K.acme.example',
  text: '1f0c9f6a7d0b4e1c8f2a3b4c5d6e7f80',
};

const MODELS: MailModels = {
  invitation: {
    brand,
    inviterName: 'Dana Whitfield',
    organizationTitle: 'Acme',
    applicationName: 'Northwind Portal',
    url: 'https://login.northwind.example/invitation?ticket=q7Jf2kVx0bRz&organization=org_Ab3Cd4Ef5Gh6Ij7K',
    expiresAt: '2026-12-02T13:05:00.000Z',
  },
  proof_code: {
    brand,
    code: '402917',
    minutes: 10,
    organizationTitle: 'Acme',
    connectionTitle: "Acme's Okta",
    ip: '203.0.113.7',
  },
  factor_code: { brand, code: '710284', minutes: 5, ip: '203.0.113.7' },
  password_reset: {
    brand,
    url: 'https://login.northwind.example/u/reset-password?ticket=q7Jf2kVx0bRz',
    expiresAt: '2026-11-25T15:00:00.000Z',
    ip: '2001:db8::7',
  },
  password_changed: {
    brand,
    ip: '203.0.113.7',
    at: '2026-11-25T14:00:00.000Z',
    url: 'https://portal.northwind.example/login',
  },
  factor_changed: {
    ...{ brand, change: 'added', factor: 'otp', ip: '203.0.113.7', at: '2026-11-25T14:00:00.000Z' },
    url: 'https://login.northwind.example/u/stop-factor?ticket=q7Jf2kVx0bRz',
    expiresAt: '2026-11-28T14:00:00.000Z',
  },
  enrollment_email: {
    brand,
    url: 'https://login.northwind.example/u/enroll-factor?ticket=q7Jf2kVx0bRz',
    expiresAt: '2026-11-30T14:00:00.000Z',
  },
  blocked_account: {
    brand,
    url: 'https://login.northwind.example/u/unblock?ticket=q7Jf2kVx0bRz',
    expiresAt: '2026-11-26T14:00:00.000Z',
    ip: '203.0.113.7',
  },
  verify_email: {
    brand,
    url: 'https://login.northwind.example/u/verify-email?ticket=q7Jf2kVx0bRz',
    expiresAt: '2026-11-30T14:00:00.000Z',
  },
  import_completed: {
    brand,
    jobId: 'job_Ab3Cd4Ef5Gh6Ij7K',
    inserted: 412,
    updated: 0,
    failed: 3,
    keptUntil: '2026-11-26T14:00:00.000Z',
  },
  import_failed: {
    brand,
    jobId: 'job_Ab3Cd4Ef5Gh6Ij7K',
    reason: 'Failed to parse users file JSON when importing users. Make sure it is valid JSON.',
  },
  domain_proof_shaky: { ...PROOF, endsAt: '2026-12-01T14:00:00.000Z' },
  domain_proof_ended: PROOF,
};

function recipient(): OutgoingMail['to'] {
  const email = parseEmail('ivy@acme.example');
  if (email === undefined) throw new Error('the sample address does not parse');
  return email;
}

/** A mail of `template`, with some fields of its model replaced (`undefined` takes a field out). */
export function sampleMail(template: keyof MailModels, changes: Readonly<Record<string, unknown>> = {}): OutgoingMail {
  const model: Record<string, unknown> = { ...MODELS[template], ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete model[name];
  return { id: `mail-${template}`, to: recipient(), template, model };
}

export const MAIL_TEMPLATES = Object.keys(MODELS) as (keyof MailModels)[];
