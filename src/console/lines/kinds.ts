/** The kinds of log lines in words, with Auth0's type codes. Words only. */

export interface Kind {
  readonly key: string;
  readonly name: string;
  readonly types: readonly string[];
}

/** Types of refused sign-ins. Silent ones are left out: every application that checks for a session causes those. */
export const REFUSED = ['f', 'fp', 'fu', 'fs', 'fi'] as const;

export const KINDS = [
  { key: 'refusals', name: 'Refused sign-ins', types: REFUSED },
  { key: 'sign-ins', name: 'Sign-ins', types: ['s', 'si', 'organization_member_added'] },
  { key: 'silent', name: 'Refused silent sign-ins', types: ['fsa'] },
  { key: 'tokens', name: 'Refused token requests', types: ['feacft', 'fertft', 'feccft'] },
  { key: 'changes', name: 'Changes by operators and scripts', types: ['sapi'] },
  { key: 'all', name: 'Everything', types: [] },
] as const satisfies readonly Kind[];

export type KindKey = (typeof KINDS)[number]['key'];

export const isKindKey = (text: unknown): text is KindKey => KINDS.some(({ key }) => key === text);

/** Returns Auth0's type codes of a kind; none for all kinds. */
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
  fsa: { tone: 'neutral', label: 'not signed in' },
  feacft: { tone: 'refused', label: 'no tokens' },
  fertft: { tone: 'refused', label: 'no tokens' },
  feccft: { tone: 'refused', label: 'no tokens' },
  seacft: { tone: 'neutral', label: 'tokens issued' },
  sertft: { tone: 'neutral', label: 'tokens renewed' },
  seccft: { tone: 'neutral', label: 'tokens issued' },
  slo: { tone: 'neutral', label: 'signed out' },
  sapi: { tone: 'neutral', label: 'changed' },
  api_limit: { tone: 'refused', label: 'limit reached' },
};

/** Returns the label and the tone for a type of line; the type itself as label where it is unknown. */
export function tellType(type: string): TypeTold {
  return (Object.hasOwn(TOLD, type) ? TOLD[type] : undefined) ?? { tone: 'neutral', label: type };
}
