/**
 * The context that every `api` object gets: collects the effects, which are the changes that the Actions of one
 * execution request. Each trigger's `api` gets it as a parameter and so stays a small file.
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
  | { readonly kind: 'redirect'; readonly url: string }
  /** The Action requested factor commands. */
  | { readonly kind: 'factor' };

export interface ApiContext {
  /** The Action's own copy of the event. An Action sees its own changes of metadata there. */
  readonly event: JsonObject;
  /** True while the Action resumes after a redirect (`onContinue…`). */
  readonly isResumed: boolean;
  /** Returns all effects of this execution so far, including those of earlier Actions. */
  asked(): readonly Effect[];
  /** Records a change that the Action requests. */
  push(effect: Effect): void;
  /**
   * Sets how the execution ends after this Action. A later call cannot replace a denial. A redirect and a second factor
   * in one Action fail the execution, because neither may be skipped.
   */
  decide(verdict: Verdict): void;
  /**
   * Fails the execution because the Action called a method that this server does not support. The execution fails even
   * if the Action catches the exception, so a requested second factor is never silently skipped.
   */
  refuse(message: string): never;
  /** Adds a line of console output to the Action's report. */
  print(text: string): void;
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  readonly cache: Map<string, CacheRecord>;
  changeCache(change: CacheChange): void;
}
