/**
 * The trace of a login: which rule answered what, in order, and whom it turned out to be about. Steps add lines; nobody removes any. Never
 * holds a secret.
 */
import type { Invitation } from '../domain/account.js';
import type { Stage, TraceLine } from '../ports/ledger.js';

/** Whom and what a login is about, as far as it got: for the line of a refusal, so that an administrator finds the person. For nobody else. */
export interface Subject {
  readonly userId?: string | undefined;
  /** As it was typed, or as an identity provider sent it; the lines say what it is worth. */
  readonly email?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly invitation?: Invitation | undefined;
}

export interface Trace {
  readonly lines: readonly TraceLine[];
  readonly subject: Subject;
  add(stage: Stage, rule: string, answer: TraceLine['answer'], evidence?: TraceLine['evidence']): void;
  /** Names what is known from here on. What is undefined is not known, and changes nothing. */
  about(facts: Subject): void;
}

/** An empty trace, about what is known already; `lines` and `subject` may be read at any time. */
export function newTrace(known: Subject = {}): Trace {
  const lines: TraceLine[] = [];
  let subject = known;
  return {
    lines,
    get subject() {
      return subject;
    },
    add(stage, rule, answer, evidence = {}) {
      lines.push({ stage, rule, answer, evidence });
    },
    about(facts) {
      subject = { ...subject, ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
    },
  };
}
