/**
 * The trace of a login: the answer of each rule in order, and the person whom the login is about. Steps add lines; no
 * step removes one. Never holds a secret.
 */
import type { Invitation } from '../domain/people/account.js';
import type { Stage, TraceLine } from '../ports/ledger.js';

/** How an operator can admit a stranger who has a member's address, after checking that both are the same person. */
export interface Remedy {
  /**
   * `move_seat`: the membership is bound to another subject. `expect_subject`: it is only reserved for another subject.
   */
  readonly kind: 'move_seat' | 'expect_subject';
  readonly user_id: string;
  readonly connection_id: string;
  readonly former_subject: string;
  readonly subject: string;
  /** One or two calls of the Management API that let the person in. */
  readonly call: string;
  /** The command that lets the person in, for a POSIX shell; absent where there is none. */
  readonly command?: string;
}

/**
 * The person and objects of a login, as far as known. Only for a refusal's log line, so that an administrator finds the
 * person.
 */
export interface Subject {
  readonly userId?: string | undefined;
  /** The address as it was typed, or as an identity provider sent it. The trace's lines tell who vouches for it. */
  readonly email?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly invitation?: Invitation | undefined;
  /** How the operator can admit the person. Never shown to the person. */
  readonly remedy?: Remedy | undefined;
}

export interface Trace {
  readonly lines: readonly TraceLine[];
  readonly subject: Subject;
  add(stage: Stage, rule: string, answer: TraceLine['answer'], evidence?: TraceLine['evidence']): void;
  /** Adds facts about the person as they become known. An undefined fact changes nothing. */
  about(facts: Subject): void;
}

/** Creates an empty trace with the facts known already. `lines` and `subject` may be read at any time. */
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
