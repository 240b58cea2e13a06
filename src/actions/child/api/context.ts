/**
 * The context of an api object: collects the effects of one execution. A parameter, so that each trigger's api is a
 * small file.
 */
import type { Effect, JsonObject } from '../../../domain/actions/action.js';
import type { CacheChange, CacheRecord } from '../../protocol.js';

export type Verdict =
  | {
      readonly kind: 'denied';
      readonly reason: string;
      readonly code: string | undefined;
      readonly userMessage: string | undefined;
    }
  | { readonly kind: 'redirect'; readonly url: string };

export interface ApiContext {
  /** The Action's own event, in which it sees its own changes. */
  readonly event: JsonObject;
  /** True while the Action resumes after a redirect (`onContinue…`). */
  readonly isResumed: boolean;
  /** Returns all effects of this execution so far, including those of earlier Actions. */
  asked(): readonly Effect[];
  /** Requests an effect. */
  push(effect: Effect): void;
  /** Sets how the execution ends after this Action; a denial is final. */
  decide(verdict: Verdict): void;
  /**
   * Fails the execution for a call that this server does not support, even if the Action catches the exception. So a
   * requested second factor is never silently skipped.
   */
  refuse(message: string): never;
  /** Adds a line of console output to the Action's report. */
  print(text: string): void;
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  readonly cache: Map<string, CacheRecord>;
  changeCache(change: CacheChange): void;
}
