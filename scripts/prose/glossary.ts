/**
 * The words of this project: the field's own term, what it means here, and the home-made words that it replaces. Read by the prose check
 * (scripts/prose.ts) and by the test that compares it with the table in CONTRIBUTING.md. Holds data, no code.
 */

export interface Term {
  readonly term: string;
  readonly means: string;
  /** The home-made word, as CONTRIBUTING.md shows it beside the term. */
  readonly instead: string;
  /** Home-made wordings, as they occur in comments and documents. */
  readonly not: readonly RegExp[];
}

/** Things with a lifetime. For their end the glossary has two terms: one for time, one for purpose. */
const LIVES = '(?:sessions?|tokens?|tickets?|links?|codes?|invitations?|leases?|memberships?|logins?|proofs?|grants?)';

export const GLOSSARY: readonly Term[] = [
  {
    term: 'expire, expiry',
    means: 'stops being valid after its time',
    instead: 'ends (by time)',
    not: [new RegExp(`\\b${LIVES} (?:that )?ends? (?:after|at|when its time)\\b`, 'i')],
  },
  {
    term: 'revoke',
    means: 'makes something invalid before its time',
    instead: 'ends (on purpose)',
    not: [
      new RegExp(
        `\\b(?:ends|ended|ending) (?:all|every|each|the|their|its|this|that|other|older) (?:\\w+ )?${LIVES}\\b`,
        'i',
      ),
    ],
  },
  {
    term: 'session',
    means: 'a browser that is signed in, or a token family',
    instead: 'is in',
    not: [],
  },
  {
    term: 'membership',
    means: 'the right to enter one organization',
    instead: 'seat',
    // The command `move-seat`, the codes and the files keep their names.
    not: [/(?<![-/_`])\bseats?\b(?![-/_`.])/i],
  },
  {
    term: 'operator',
    means: 'a person who administers the tenant',
    instead: 'who runs it',
    not: [/\bwho(?:ever)? runs (?:it|this|the server)\b/i],
  },
  {
    term: 'fix',
    means: 'repairs a defect',
    instead: 'mend',
    not: [/\bmend(?:s|ed|ing)?\b/i],
  },
  {
    term: 'action, operation, task',
    means: 'something that a person or a program does',
    instead: 'deed',
    not: [/\bdeeds?\b/i],
  },
  {
    term: 'is, is stored, applies',
    means: 'the plain verb',
    instead: 'stands',
    not: [/\bstands? (?:in|at|on|there|here|beside|for what|as|below|above|elsewhere)\b/i],
  },
  {
    term: 'pending, queued',
    means: 'not done yet',
    instead: 'what waits',
    not: [/\b(?:what|who|those that|the one that) waits?\b/i],
  },
  {
    term: 'is accepted',
    means: 'a value that the server takes',
    instead: 'is taken',
    not: [/\b(?:is|are|was|were) taken\b(?! (?:from|by|over|out|back|away|apart|together|into|up|down))/i],
  },
  {
    term: 'send, add, pass on',
    means: 'gives something to the next request or program',
    instead: 'hands on',
    not: [/\bhand(?:s|ed|ing)? (?:(?:both|it|them|this) on|on (?:the|a|an|its|his|what))\b/i],
  },
  {
    term: 'again',
    means: 'once more',
    instead: 'anew',
    not: [/\banew\b/i],
  },
  {
    term: 'everybody who, each person that',
    means: 'the people that a rule is about',
    instead: 'whoever',
    not: [/\bwhoever\b/i],
  },
  {
    term: 'except',
    means: 'leaves something out',
    instead: 'but for',
    not: [/\bbut for\b/i],
  },
  {
    term: 'permanently',
    means: 'without an end',
    instead: 'for good',
    not: [/\bfor good\b/i],
  },
  {
    term: 'endpoint',
    means: 'a route that strangers can reach',
    instead: 'door',
    not: [/\bdoors?\b/i],
  },
];
