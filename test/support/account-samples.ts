/** The page of the account in every state that a person may see. */
import { describePasswordRule } from '../../src/domain/passwords/password-policy.js';
import type { AccountAddressPage, AccountPage, AccountPasswordPage } from '../../src/http/pages/models.js';
import { MESSAGES } from '../../src/http/pages/speech.js';

const account: AccountPage = {
  page: 'account',
  brand: { title: 'Acme', primaryColor: '#0f766e' },
  action: '/account',
  errors: [],
  email: 'dana@acme.example',
  changes: 'allowed',
  hasPassword: true,
  factors: [
    {
      ...{ id: 'totp|dev_qpOkGUOxBpw6R16t', kind: 'otp', addedAt: new Date('2026-03-01T09:00:00Z') },
      usedAt: new Date('2026-11-30T07:12:00Z'),
      canReplace: true,
    },
    {
      ...{ id: 'passkey|dev_aaOkGUOxBpw6R16t', kind: 'passkey', name: 'Work laptop' },
      addedAt: new Date('2026-05-01T09:00:00Z'),
    },
    {
      ...{ id: 'email|dev_ccOkGUOxBpw6R16t', kind: 'email', name: 'dana@private.example' },
      addedAt: new Date('2026-06-01T09:00:00Z'),
    },
    {
      ...{ id: 'recovery-code|dev_bbOkGUOxBpw6R16t', kind: 'recovery-code' },
      addedAt: new Date('2026-03-01T09:00:00Z'),
    },
  ],
  addable: ['passkey', 'webauthn-roaming'],
  mayHaveRecoveryCode: true,
  mayAddAddress: true,
  sessions: [
    {
      ...{ id: 'YCZ1', device: 'Firefox, Windows', network: '203.0.113.7' },
      ...{ usedAt: new Date('2026-12-01T13:05:00Z'), isThis: true },
    },
    {
      ...{ id: 'YCZ2', device: 'Safari, iPhone', network: '2001:db8:85a3::8a2e:370:7334' },
      ...{ usedAt: new Date('2026-11-29T18:40:00Z'), isThis: false },
    },
    { id: 'YCZ3', usedAt: new Date('2026-11-02T06:00:00Z'), isThis: false },
  ],
  signIns: [
    {
      ...{ at: new Date('2026-12-01T13:00:00Z'), application: 'Northwind Portal' },
      ...{ device: 'Firefox, Windows', network: '203.0.113.7' },
    },
    { at: new Date('2026-11-29T18:40:00Z'), device: 'Safari, iPhone', network: '2001:db8:85a3::8a2e:370:7334' },
  ],
  organizations: ['Acme', 'Donau Werke'],
  languages: ['en', 'de', 'fr', 'es', 'ja', 'pt-BR'],
};

const LONG = 'Vereinigte Elektrizitäts- und Wasserwerke Donaueschingen AG';

const password: AccountPasswordPage = {
  ...{ page: 'account-password', brand: account.brand, action: '/account/password', errors: [] },
  ...{ email: account.email, accountUrl: '/account', minimumLength: 8 },
  passwordRule: ({ passwords }) => describePasswordRule({}, passwords),
};

const address: AccountAddressPage = {
  ...{ page: 'account-address', brand: account.brand, action: '/account/address', errors: [] },
  ...{ email: account.email, accountUrl: '/account', typed: '' },
};
const mailed = { typed: 'nora@home.example', mailedTo: 'nora@home.example', hidden: { enrolment: 'sealed' } };

export const ACCOUNT_SAMPLES: readonly {
  readonly name: string;
  readonly page: AccountPage | AccountPasswordPage | AccountAddressPage;
}[] = [
  { name: 'account-address', page: address },
  {
    name: 'account-address-known',
    page: {
      ...address,
      typed: 'nora@home.example',
      errors: [{ field: 'email', message: ({ account: words }) => words.addressKnown }],
    },
  },
  { name: 'account-address-code', page: { ...address, ...mailed } },
  {
    name: 'account-address-wrong',
    page: { ...address, ...mailed, triesLeft: 4, errors: [{ field: 'code', message: MESSAGES.mailedWrong }] },
  },
  { name: 'account-password', page: password },
  {
    name: 'account-password-wrong',
    page: { ...password, errors: [{ field: 'old', message: ({ account: words }) => words.wrongOld }] },
  },
  { name: 'account', page: account },
  { name: 'account-ask', page: { ...account, changes: 'ask', notice: ({ account: words }) => words.endedOthers } },
  { name: 'account-company', page: { ...account, changes: 'company', hasPassword: false } },
  { name: 'account-company-password', page: { ...account, changes: 'company' } },
  {
    name: 'account-empty',
    page: {
      ...account,
      ...{ factors: [], mayHaveRecoveryCode: false, addable: ['passkey', 'otp'], signIns: [], organizations: [] },
      sessions: account.sessions.slice(0, 1),
    },
  },
  {
    name: 'account-off',
    page: { ...account, factors: [], addable: [], mayHaveRecoveryCode: false },
  },
  {
    name: 'account-error',
    page: { ...account, errors: [{ field: 'change', message: ({ account: words }) => words.last }] },
  },
  {
    name: 'account-long',
    page: {
      ...account,
      brand: { title: LONG },
      email: 'maximiliane.von-hohenstein-oberwalddorf@vertrieb.donaueschingen-werke.example',
      organizations: [LONG, 'شركة النور للخدمات اللوجستية والتجارة الدولية المحدودة'],
    },
  },
];
