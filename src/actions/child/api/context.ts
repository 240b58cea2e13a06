/** The context of the api objects: it collects what one execution asks for. Passed in, so that each family of triggers is a small file. */
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
  /** The Action's own event: changes to it are seen by the Action. */
  readonly event: JsonObject;
  /** True in `onContinue…`. */
  readonly isResumed: boolean;
  /** Everything asked for so far in this execution, by earlier Actions too. */
  asked(): readonly Effect[];
  /** Asks for an effect. */
  push(effect: Effect): void;
  /** How the execution ends after this Action; a denial is final. */
  decide(verdict: Verdict): void;
  /**
   * For calls that this server does not have: the execution fails, also when the Action catches the exception, so that a
   * second factor that was asked for is never silently left out.
   */
  refuse(message: string): never;
  /** A line for the report. */
  print(text: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly cache: Map<string, CacheRecord>;
  changeCache(change: CacheChange): void;
}
