/** The kinds of log lines: their words, and Auth0's type codes for each. Holds words only. */
import { FACTOR_LINES } from './factor-words.js';

export interface Kind {
  readonly key: string;
  readonly name: string;
  readonly types: readonly string[];
}

/**
 * Types of refused sign-ins. Silent ones (`prompt=none`) are not among them: each application that only checks for a
 * session causes one.
 */
export const REFUSED = ['f', 'fp', 'fu', 'fs', 'fi', 'mfar'] as const;

export const KINDS = [
  { key: 'refusals', name: 'Refused sign-ins', types: REFUSED },
  { key: 'sign-ins', name: 'Sign-ins', types: ['s', 'si', 'organization_member_added'] },
  { key: 'silent', name: 'Refused silent sign-ins', types: ['fsa'] },
  {
    key: 'tokens',
    name: 'Refused token requests',
    types: ['feacft', 'fertft', 'feccft', 'feotpft', 'fercft', 'feoobft'],
  },
  { key: 'directories', name: 'Writes of directories (SCIM)', types: ['sscim', 'fscim'] },
  { key: 'changes', name: 'Changes by operators and scripts', types: ['sapi'] },
  {
    key: 'factors',
    name: 'Passwords and factors',
    types: ['scp', 'fcp', 'my_account_authentication_method_failed', ...Object.keys(FACTOR_LINES)],
  },
  { key: 'all', name: 'Everything', types: [] },
] as const satisfies readonly Kind[];

export type KindKey = (typeof KINDS)[number]['key'];

export const isKindKey = (text: unknown): text is KindKey => KINDS.some(({ key }) => key === text);

/** Returns Auth0's type codes for a kind. An empty list means all types. */
export function typesOf(kind: KindKey): readonly string[] {
  return KINDS.find(({ key }) => key === kind)?.types ?? [];
}

export type Tone = 'refused' | 'in' | 'neutral';

export interface TypeTold {
  readonly tone: Tone;
  readonly label: string;
}

const TOLD: Readonly<Record<string, TypeTold>> = {
  s: { tone: 'in', label: 'signed in' },
  si: { tone: 'in', label: 'invitation accepted' },
  organization_member_added: { tone: 'in', label: 'new member' },
  f: { tone: 'refused', label: 'refused' },
  fp: { tone: 'refused', label: 'refused' },
  fu: { tone: 'refused', label: 'refused' },
  fs: { tone: 'refused', label: 'refused' },
  fi: { tone: 'refused', label: 'refused' },
  mfar: { tone: 'refused', label: 'refused' },
  fsa: { tone: 'neutral', label: 'not signed in' },
  w: { tone: 'neutral', label: 'warning' },
  feacft: { tone: 'refused', label: 'no tokens' },
  fertft: { tone: 'refused', label: 'no tokens' },
  feccft: { tone: 'refused', label: 'no tokens' },
  feotpft: { tone: 'refused', label: 'no tokens' },
  fercft: { tone: 'refused', label: 'no tokens' },
  feoobft: { tone: 'refused', label: 'no tokens' },
  seacft: { tone: 'neutral', label: 'tokens issued' },
  sertft: { tone: 'neutral', label: 'tokens renewed' },
  seotpft: { tone: 'neutral', label: 'tokens renewed' },
  sercft: { tone: 'neutral', label: 'tokens renewed' },
  seoobft: { tone: 'neutral', label: 'tokens renewed' },
  scp: { tone: 'neutral', label: 'password changed' },
  fcp: { tone: 'refused', label: 'password not changed' },
  my_account_authentication_method_failed: { tone: 'refused', label: 'change refused' },
  seccft: { tone: 'neutral', label: 'tokens issued' },
  slo: { tone: 'neutral', label: 'signed out' },
  sscim: { tone: 'neutral', label: 'directory' },
  fscim: { tone: 'refused', label: 'directory refused' },
  sapi: { tone: 'neutral', label: 'changed' },
  api_limit: { tone: 'refused', label: 'limit reached' },
};

/** Returns label and tone for a type of line. An unknown type is its own label. */
export function tellType(type: string): TypeTold {
  const factor = Object.hasOwn(FACTOR_LINES, type) ? FACTOR_LINES[type] : undefined;
  if (factor !== undefined) return { tone: 'neutral', label: factor.label };
  return (Object.hasOwn(TOLD, type) ? TOLD[type] : undefined) ?? { tone: 'neutral', label: type };
}
