/** Every hosted page in every state that a person may see: for tests of the views, for the browser, and for looking at them. */
import {
  describePasswordFault,
  describePasswordRule,
  findPasswordFault,
} from '../../src/domain/passwords/password-policy.js';
import type { Page, PageBrand } from '../../src/http/pages/models.js';
import { MESSAGES, type Said, sayRefusal } from '../../src/http/pages/speech.js';
import type { Words } from '../../src/http/pages/words/words.js';
import { ACCOUNT_SAMPLES } from './account-samples.js';
import { SETUP_SAMPLES } from './setup-samples.js';

export interface PageSample {
  /** `<page>-<state>`, unique. */
  readonly name: string;
  readonly page: Page;
}

export const ACME: PageBrand = { title: 'Acme', primaryColor: '#0f766e' };
const PLAIN: PageBrand = { title: 'Acme' };
const LONG = 'Vereinigte Elektrizitäts- und Wasserwerke Donaueschingen AG';
const RTL = 'شركة النور للخدمات اللوجستية والتجارة الدولية المحدودة';
const CJK =
  '株式会社東京国際情報システム開発研究所北海道支社札幌営業所第二営業部法人営業課首都圏担当企画推進室共同購買組合連合会';
const LONG_EMAIL = 'maximiliane.von-hohenstein-oberwalddorf@vertrieb.donaueschingen-werke.example';
const ACTION = '/u/login?state=hKFo2SBqT0l5c1Z3';
const LONG_PASSWORDS = { password_complexity_options: { min_length: 12 } };
const PASSWORD_RULE: Said = ({ passwords }) => describePasswordRule(LONG_PASSWORDS, passwords);
const WEAKNESS = findPasswordFault('qwertyuiop[]', { email: undefined, options: LONG_PASSWORDS });
const WEAK_PASSWORD: Said = ({ passwords }) => (WEAKNESS ? describePasswordFault(WEAKNESS, passwords) : '');
const BACK: Said = ({ links }: Words) => links.back;
const EXPIRES = new Date('2026-12-02T13:05:00Z');

const identifier = {
  page: 'identifier',
  brand: ACME,
  action: ACTION,
  errors: [],
  username: '',
  applicationName: 'Northwind Portal',
  passwordLink: true,
  signUpClosed: false,
  connections: [],
} as const satisfies Page;

const password = {
  page: 'password',
  brand: ACME,
  action: ACTION,
  errors: [],
  username: 'olga@gmail.example',
  editUrl: '/u/login?state=hKFo2SBqT0l5c1Z3&edit=1',
  forgotUrl: '/u/forgot?state=hKFo2SBqT0l5c1Z3',
} as const satisfies Page;

const relay = {
  page: 'relay',
  brand: ACME,
  action: '/login/callback',
  fields: { relay: 'eyJhbGciOiJkaXIifQ' },
} as const satisfies Page;

const invitation = {
  page: 'invitation',
  brand: ACME,
  action: ACTION,
  errors: [],
  inviterName: 'Dana Whitfield',
  email: 'ivy@acme.example',
  applicationName: 'Northwind Portal',
  expiresAt: EXPIRES,
  connectionTitle: "Acme's Okta",
  signedInAs: undefined,
} as const satisfies Page;

const signUp = {
  page: 'sign-up',
  brand: ACME,
  action: ACTION,
  errors: [],
  email: 'ivy@acme.example',
  emailFixed: true,
  name: '',
  signInUrl: '/u/login?state=hKFo2SBqT0l5c1Z3&existing=1',
  minimumLength: 12,
  passwordRule: PASSWORD_RULE,
} as const satisfies Page;

const proof = {
  page: 'proof',
  brand: ACME,
  action: ACTION,
  errors: [],
  email: 'uma@acme.example',
  method: 'code',
  editUrl: '/u/login?state=hKFo2SBqT0l5c1Z3&edit=1',
  codeUrl: '/u/proof?state=hKFo2SBqT0l5c1Z3&method=code',
  passwordUrl: '/u/proof?state=hKFo2SBqT0l5c1Z3&method=password',
  triesLeft: undefined,
} as const satisfies Page;

const confirm = {
  page: 'confirm',
  brand: ACME,
  action: ACTION,
  errors: [],
  typed: 'dana@acme.example',
  email: 'sam@acme.example',
  place: "Acme's Okta",
} as const satisfies Page;

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const factor = {
  page: 'factor',
  ask: 'challenge',
  method: 'otp',
  brand: ACME,
  action: ACTION,
  errors: [],
  email: 'dana@acme.example',
  others: [{ method: 'recovery-code', url: '/u/second-factor?state=x&method=recovery-code' }],
  canRemember: true,
  triesLeft: undefined,
} as const satisfies Page;

const newFactor = {
  page: 'factor',
  ask: 'enrol',
  method: 'otp',
  brand: ACME,
  action: ACTION,
  errors: [],
  email: 'dana@acme.example',
  others: [{ method: 'passkey', url: '/u/second-factor?state=x&method=passkey' }],
  triesLeft: undefined,
  secret: SECRET,
  uri: `otpauth://totp/Acme:dana%40acme.example?issuer=Acme&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
} as const satisfies Page;

/** Set up from the page of the account: no sign-in waits for it. */
const ON_ACCOUNT = { action: '/account/factor', others: [], accountUrl: '/account', hidden: { enrolment: 'sealed' } };
const NEW_KEY = {
  ...{ page: 'factor', ask: 'enrol', method: 'webauthn-roaming', brand: ACME, action: ACTION, errors: [] },
  ...{ email: 'dana@acme.example', others: [], triesLeft: undefined, options: '{}' },
} as const satisfies Page;
const RECOVERY_CODE = 'K7QWM2XPD9RTV4BHJ3NCYF6A';
const MAIL = [{ id: 'email|account', address: 'd***@acme.example' }];
const FACTORS: readonly PageSample[] = [
  { name: 'factor', page: factor },
  {
    name: 'factor-wrong',
    page: { ...factor, triesLeft: 1, errors: [{ field: 'code', message: MESSAGES.factorWrong }] },
  },
  { name: 'factor-recovery', page: { ...factor, method: 'recovery-code', others: [], canRemember: false } },
  { name: 'factor-mail', page: { ...factor, method: 'email', mail: MAIL } },
  { name: 'factor-mailed', page: { ...factor, method: 'email', mail: MAIL, mailedTo: 'd***@acme.example' } },
  { name: 'factor-key', page: { ...factor, method: 'webauthn', options: '{}' } },
  {
    name: 'factor-key-wrong',
    page: {
      ...{ ...factor, method: 'webauthn', options: '{}', triesLeft: 3 },
      errors: [{ field: 'answer', message: MESSAGES.keyWrong }],
    },
  },
  { name: 'factor-long', page: { ...factor, brand: { title: LONG }, email: LONG_EMAIL } },
  { name: 'factor-new-app', page: newFactor },
  {
    name: 'factor-new-passkey',
    page: {
      ...newFactor,
      method: 'passkey',
      options: '{}',
      others: [{ method: 'otp', url: '/u/second-factor?state=x&method=otp' }],
    },
  },
  {
    name: 'factor-new-app-wrong',
    page: { ...newFactor, triesLeft: 1, errors: [{ field: 'code', message: MESSAGES.factorWrong }] },
  },
  { name: 'factor-new-app-account', page: { ...newFactor, ...ON_ACCOUNT } },
  { name: 'factor-new-key-account', page: { ...NEW_KEY, ...ON_ACCOUNT } },
  {
    name: 'factor-new-key-account-wrong',
    page: { ...NEW_KEY, ...ON_ACCOUNT, errors: [{ field: 'answer', message: MESSAGES.keyWrong }] },
  },
  {
    name: 'factor-offer',
    page: {
      ...{ page: 'factor', ask: 'offer', brand: ACME, action: ACTION, errors: [], email: 'dana@acme.example' },
      options: '{}',
    },
  },
  {
    name: 'factor-recovery-code',
    page: {
      page: 'factor',
      ask: 'recovery_code',
      brand: ACME,
      action: ACTION,
      errors: [],
      email: undefined,
      code: RECOVERY_CODE,
    },
  },
  {
    name: 'factor-recovery-code-account',
    page: {
      ...{ page: 'factor', ask: 'recovery_code', brand: ACME, action: '/account/factor', errors: [] },
      ...{ email: undefined, code: RECOVERY_CODE, accountUrl: '/account' },
    },
  },
];

const COLORS = ['#0f766e', '#7c3aed', '#fde047', '#111827', '#dc2626', '#0ea5e9'];

function organizations(count: number): { id: string; title: string; primaryColor?: string }[] {
  const names = [
    'Acme',
    'Beta Inc.',
    'Cyberdyne',
    'Donau Werke',
    'Evil Corp',
    'Fabrikam',
    'Globex',
    'Hooli',
    'Initech',
  ];
  return Array.from({ length: count }, (_, at) => {
    const color = COLORS[at % 7];
    const round = Math.floor(at / names.length);
    return {
      id: `org_${String(at).padStart(16, 'Ab3')}`,
      title: `${names[at % names.length]}${round > 0 ? ` ${round + 1}` : ''}`,
      ...(color ? { primaryColor: color } : {}),
    };
  });
}

const picker = {
  page: 'organization-picker',
  brand: { title: 'Northwind Portal' },
  action: ACTION,
  errors: [],
  email: 'dana@acme.example',
  editUrl: '/u/login?state=hKFo2SBqT0l5c1Z3&edit=1',
  organizations: organizations(3),
} as const satisfies Page;

const prompt = {
  page: 'organization-prompt',
  brand: { title: 'Northwind Portal' },
  action: ACTION,
  errors: [],
  value: '',
  byEmail: false,
  applicationName: 'Northwind Portal',
} as const satisfies Page;

const firstOperator = {
  page: 'first-operator',
  brand: { title: 'Operators' },
  action: '/console/first?ticket=hKFo2SBqT0l5c1Z3',
  errors: [],
  username: '',
  isOver: false,
} as const;

const forgot = {
  page: 'forgot-password',
  brand: ACME,
  action: ACTION,
  errors: [],
  username: '',
  sent: false,
  backUrl: '/u/login?state=hKFo2SBqT0l5c1Z3',
} as const satisfies Page;

const reset = {
  page: 'reset-password',
  brand: ACME,
  action: '/u/reset?ticket=abc',
  errors: [],
  email: 'olga@gmail.example',
  minimumLength: 12,
  passwordRule: PASSWORD_RULE,
  done: false,
  continueUrl: undefined,
} as const satisfies Page;

const verify = {
  page: 'verify-email',
  brand: ACME,
  action: '/u/verify-email?ticket=abc',
  errors: [],
  email: 'olga@gmail.example',
  done: false,
  continueUrl: undefined,
} as const satisfies Page;

const enrollTicket = {
  page: 'enroll-ticket',
  brand: ACME,
  action: '/u/enroll-factor?ticket=abc',
  errors: [],
  email: 'olga@gmail.example',
  step: 'ask',
  kinds: ['otp', 'webauthn-roaming'],
  continueUrl: undefined,
} as const satisfies Page;

const unblock = {
  page: 'unblock',
  brand: ACME,
  action: '/u/unblock?ticket=abc',
  errors: [],
  email: 'olga@gmail.example',
  done: false,
  continueUrl: undefined,
} as const satisfies Page;

const stopFactor = { ...unblock, page: 'stop-factor', action: '/u/stop-factor?ticket=abc' } as const satisfies Page;

const refusal = {
  page: 'refusal',
  brand: ACME,
  ...sayRefusal('admit.not_in_pilot'),
  reference: 'V-7KQ2-M9XT',
  signedInAs: 'sam@acme.example',
  editUrl: '/u/login?state=hKFo2SBqT0l5c1Z3&edit=1',
  links: [
    { label: BACK, url: 'https://portal.northwind.example/' },
    { label: ({ links }: Words) => links.usePassword, url: '/u/login/password?state=hKFo2SBqT0l5c1Z3' },
  ],
} as const satisfies Page;

const failure = {
  page: 'error',
  brand: ACME,
  ...sayRefusal('authenticate.unknown_transaction'),
  reference: 'V-3HFD-W8RC',
  technical: undefined,
  links: [{ label: BACK, url: 'https://portal.northwind.example/' }],
} as const satisfies Page;

const SIGN_IN: readonly PageSample[] = [
  { name: 'identifier-empty', page: identifier },
  {
    name: 'identifier-error',
    page: {
      ...identifier,
      username: 'dana@acme',
      errors: [{ field: 'username', message: MESSAGES.addressInvalid }],
    },
  },
  {
    name: 'identifier-connections',
    page: {
      ...identifier,
      brand: PLAIN,
      connections: [
        { name: 'acme-oidc', title: "Acme's Okta" },
        { name: 'acme-google', title: 'Google Workspace' },
      ],
    },
  },
  {
    name: 'identifier-passkeys',
    page: {
      ...identifier,
      passkey: { action: ACTION, options: '{}', ui: 'both' },
      errors: [{ field: 'answer', message: MESSAGES.passkeyWrong }],
    },
  },
  { name: 'identifier-opened-invitation', page: { ...identifier, invitedTo: 'Acme Motorworks' } },
  { name: 'identifier-sign-up-closed', page: { ...identifier, signUpClosed: true } },
  {
    name: 'identifier-long',
    page: {
      ...identifier,
      brand: { title: LONG, primaryColor: '#fde047' },
      username: LONG_EMAIL,
      applicationName: LONG,
    },
  },
  {
    name: 'identifier-rtl',
    page: { ...identifier, brand: { title: RTL, primaryColor: '#7c3aed' }, applicationName: RTL },
  },
  { name: 'identifier-cjk', page: { ...identifier, brand: { title: CJK, primaryColor: '#b91c1c' } } },
  {
    name: 'identifier-ground',
    page: {
      ...identifier,
      passwordLink: false,
      brand: { title: 'Ínki', primaryColor: '#000000', pageBackground: '#1e293b' },
    },
  },
  { name: 'password-empty', page: password },
  {
    name: 'password-error',
    page: { ...password, errors: [{ field: 'password', message: MESSAGES.wrongPassword }] },
  },
  { name: 'password-long', page: { ...password, username: LONG_EMAIL, brand: { title: LONG } } },
  {
    name: 'password-locked',
    page: { ...password, errors: [{ field: 'form', message: MESSAGES.codeUnsent }] },
  },
  { name: 'relay', page: relay },
];

const JOINING: readonly PageSample[] = [
  { name: 'invitation-sso', page: invitation },
  { name: 'invitation-password', page: { ...invitation, connectionTitle: undefined, brand: PLAIN } },
  { name: 'invitation-switch', page: { ...invitation, signedInAs: 'dana@acme.example' } },
  {
    name: 'invitation-long',
    page: {
      ...invitation,
      brand: { title: LONG },
      inviterName: RTL,
      email: LONG_EMAIL,
      applicationName: CJK,
      signedInAs: LONG_EMAIL,
    },
  },
  { name: 'sign-up-empty', page: signUp },
  {
    name: 'sign-up-error',
    page: {
      ...signUp,
      errors: [{ field: 'password', message: WEAK_PASSWORD }],
    },
  },
  { name: 'sign-up-open', page: { ...signUp, email: '', emailFixed: false } },
  {
    name: 'sign-up-open-error',
    page: {
      ...signUp,
      email: 'ivy@',
      emailFixed: false,
      name: 'Ivy Okafor',
      errors: [{ field: 'username', message: MESSAGES.addressInvalid }],
    },
  },
  { name: 'proof-code', page: { ...proof, method: 'code', triesLeft: 5 } },
  {
    name: 'proof-code-error',
    page: { ...proof, method: 'code', triesLeft: 1, errors: [{ field: 'code', message: MESSAGES.codeWrong }] },
  },
  { name: 'proof-code-invited', page: { ...proof, method: 'code', email: 'ivy@acme.example', reason: 'link' } },
  { name: 'proof-code-domain', page: { ...proof, method: 'code', email: 'ivy@acme.example', reason: 'domain' } },
  {
    name: 'proof-code-unsent',
    page: { ...proof, method: 'code', unsent: true, errors: [{ field: 'code', message: MESSAGES.codeUnsent }] },
  },
  { name: 'proof-password', page: { ...proof, method: 'password' } },
  {
    name: 'proof-password-error',
    page: {
      ...proof,
      method: 'password',
      triesLeft: 3,
      errors: [{ field: 'password', message: MESSAGES.passwordMissing }],
    },
  },
];

const CONFIRMING: readonly PageSample[] = [
  { name: 'confirm', page: confirm },
  {
    name: 'confirm-long',
    page: { ...confirm, brand: { title: LONG }, place: CJK, typed: LONG_EMAIL, email: LONG_EMAIL },
  },
  { name: 'confirm-rtl', page: { ...confirm, brand: { title: RTL }, place: RTL } },
];

const ORGANIZATIONS: readonly PageSample[] = [
  { name: 'organization-picker-three', page: picker },
  { name: 'organization-picker-twelve', page: { ...picker, organizations: organizations(12) } },
  { name: 'organization-picker-hundred', page: { ...picker, organizations: organizations(100) } },
  {
    name: 'organization-picker-long',
    page: {
      ...picker,
      email: LONG_EMAIL,
      organizations: [LONG, RTL, CJK, '👩🏽‍🚀 Space Inc.'].map((title, at) => ({ id: `org_long${at}`, title })),
    },
  },
  { name: 'organization-prompt-empty', page: prompt },
  {
    name: 'organization-prompt-error',
    page: {
      ...prompt,
      value: 'acmee',
      errors: [{ field: 'organization', message: MESSAGES.organizationUnknown }],
    },
  },
  { name: 'organization-prompt-opened-invitation', page: { ...prompt, invitedTo: 'Acme Motorworks' } },
  { name: 'organization-prompt-email', page: { ...prompt, byEmail: true } },
];

const OTHERS: readonly PageSample[] = [
  { name: 'forgot-password-empty', page: forgot },
  {
    name: 'forgot-password-error',
    page: { ...forgot, errors: [{ field: 'username', message: MESSAGES.addressInvalid }] },
  },
  { name: 'forgot-password-sent', page: { ...forgot, username: 'olga@gmail.example', sent: true } },
  { name: 'reset-password-empty', page: reset },
  {
    name: 'reset-password-error',
    page: { ...reset, errors: [{ field: 'password', message: WEAK_PASSWORD }] },
  },
  { name: 'reset-password-done', page: { ...reset, done: true, continueUrl: 'https://portal.northwind.example/' } },
  { name: 'unblock-ask', page: unblock },
  { name: 'stop-factor-ask', page: stopFactor },
  { name: 'stop-factor-done', page: { ...stopFactor, done: true } },
  { name: 'unblock-done', page: { ...unblock, done: true, continueUrl: 'https://portal.northwind.example/' } },
  { name: 'verify-email-ask', page: verify },
  { name: 'verify-email-done', page: { ...verify, done: true } },
  { name: 'verify-email-password-ended', page: { ...verify, done: true, passwordEnded: true } },
  {
    name: 'verify-email-done-continue',
    page: { ...verify, done: true, continueUrl: 'https://portal.northwind.example/' },
  },
  {
    name: 'sign-out',
    page: {
      page: 'sign-out',
      brand: ACME,
      action: '/oidc/logout/confirm?client_id=crm&post_logout_redirect_uri=https%3A%2F%2Fcrm.example%2F',
      errors: [],
      applicationName: 'Acme CRM',
    },
  },
  {
    name: 'sign-out-unnamed',
    page: { page: 'sign-out', brand: ACME, action: '/oidc/logout/confirm?', errors: [], applicationName: undefined },
  },
  { name: 'signed-out', page: { page: 'signed-out', brand: ACME } },
  { name: 'signed-out-logo', page: { page: 'signed-out', brand: { ...ACME, logoUrl: 'http://127.0.0.1:9/logo.svg' } } },
  { name: 'refusal-stranger', page: refusal },
  { name: 'refusal-long', page: { ...refusal, signedInAs: LONG_EMAIL, brand: { title: LONG }, links: [] } },
  {
    name: 'refusal-first',
    page: {
      page: 'refusal',
      brand: ACME,
      ...sayRefusal('resolve.seat_moved'),
      reference: 'V-7KQ2-M9XT',
      technical: 'access_denied: this sign-in was replaced by another one of the same person',
      signedInAs: undefined,
      links: [{ label: BACK, url: '/u/refused/continue?state=hKFo2SBqT0l5c1Z3' }],
    },
  },
  { name: 'error-expired', page: failure },
  {
    name: 'error-request',
    page: {
      ...failure,
      brand: { title: 'Northwind' },
      ...sayRefusal('identify.callback_mismatch'),
      technical:
        'invalid_request: Callback URL mismatch. https://portal.northwind.example/a-very-long-path/callback is not in the list of allowed callback URLs',
      links: [],
    },
  },
  {
    name: 'form-post',
    page: {
      page: 'form-post',
      brand: ACME,
      action: 'https://portal.northwind.example/callback',
      fields: { code: 'vQ2k3v', state: 'af0ifjsldkj', iss: 'https://login.northwind.example/' },
    },
  },
  { name: 'first-operator', page: firstOperator },
  {
    name: 'first-operator-error',
    page: { ...firstOperator, errors: [{ field: 'username', message: MESSAGES.addressInvalid }] },
  },
  { name: 'first-operator-over', page: { ...firstOperator, isOver: true } },
  { name: 'no-owner', page: { page: 'no-owner', brand: { title: 'Operators' } } },
];

/** Names as the world has them: 60 characters, from right to left, without spaces. */
const NAMES = { long: LONG, rtl: RTL, cjk: CJK } as const;

/** The pages that ask or tell something, each under every such name, with a long address where there is one. */
const NAMED: readonly PageSample[] = Object.entries(NAMES).flatMap(([kind, title]): PageSample[] => {
  const brand = { title, primaryColor: '#7c3aed' };
  const weak = [{ field: 'password', message: WEAK_PASSWORD }];
  const told = { brand, sentence: `This is how ${title} says it.`, title: 'This sign-in took too long' };
  const pages: Readonly<Record<string, Page>> = {
    'sign-up': { ...signUp, brand, email: LONG_EMAIL, name: title, errors: weak },
    'sign-up-open': { ...signUp, brand, email: LONG_EMAIL, emailFixed: false, name: title },
    'proof-code': { ...proof, brand, email: LONG_EMAIL, triesLeft: 2 },
    'proof-password': { ...proof, brand, email: LONG_EMAIL, method: 'password' },
    'forgot-password': { ...forgot, brand, username: LONG_EMAIL },
    'forgot-password-sent': { ...forgot, brand, username: LONG_EMAIL, sent: true },
    'reset-password': { ...reset, brand, email: LONG_EMAIL, errors: weak },
    'reset-password-done': { ...reset, brand, done: true },
    'enroll-ticket': { ...enrollTicket, brand, email: LONG_EMAIL },
    'enroll-ticket-confirm': { ...enrollTicket, brand, email: LONG_EMAIL, step: 'confirm' },
    'enroll-ticket-done': { ...enrollTicket, brand, step: 'done', code: 'AB7K2M9XQ4T8V3W6Y5Z1C7D2' },
    unblock: { ...unblock, brand, email: LONG_EMAIL },
    'stop-factor': { ...stopFactor, brand, email: LONG_EMAIL },
    'stop-factor-done': { ...stopFactor, brand, email: LONG_EMAIL, done: true },
    'unblock-done': { ...unblock, brand, email: LONG_EMAIL, done: true },
    'verify-email': { ...verify, brand, email: LONG_EMAIL },
    'verify-email-done': { ...verify, brand, email: LONG_EMAIL, done: true },
    error: { ...failure, ...told, links: [{ label: `Back to ${title}`, url: 'https://portal.northwind.example/' }] },
    refusal: { ...refusal, ...told, signedInAs: LONG_EMAIL },
    'organization-prompt': { ...prompt, brand, applicationName: title },
    'sign-out': { page: 'sign-out', brand, action: '/oidc/logout/confirm?', errors: [], applicationName: title },
    'signed-out': { page: 'signed-out', brand },
  };
  return Object.entries(pages).map(([name, page]) => ({ name: `${name}-named-${kind}`, page }));
});

/** Where tests answer with a logo: 30 times as wide as high, or the other way round. */
export const LOGO_HOST = 'https://logos.northwind.example';

const LOGOS: readonly PageSample[] = ['wide', 'high'].flatMap((shape): PageSample[] => {
  const brand = { ...ACME, logoUrl: `${LOGO_HOST}/${shape}.svg` };
  const listed = organizations(3).map((item) => ({ ...item, logoUrl: brand.logoUrl }));
  return [
    { name: `identifier-logo-${shape}`, page: { ...identifier, brand } },
    { name: `refusal-logo-${shape}`, page: { ...refusal, brand: { ...brand, title: LONG } } },
    { name: `organization-picker-logo-${shape}`, page: { ...picker, brand, organizations: listed } },
  ];
});

export const PAGE_SAMPLES: readonly PageSample[] = [
  ...SIGN_IN,
  ...JOINING,
  ...CONFIRMING,
  ...FACTORS,
  ...ORGANIZATIONS,
  ...OTHERS,
  ...NAMED,
  ...LOGOS,
  ...ACCOUNT_SAMPLES,
  ...SETUP_SAMPLES,
];
