/**
 * The data of the set-up pages for a customer's administrator. Never has a secret: a page only says that it was kept.
 */
import type { FormPage } from './form-page.js';

export type SetupStep = 'provider' | 'connection' | 'domains' | 'try' | 'people' | 'switch';

/** A value of this server that the administrator copies into their provider. */
export interface SetupValue {
  readonly label: string;
  readonly value: string;
}

export interface SetupField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'secret' | 'long';
  readonly value: string;
  readonly required: boolean;
}

export interface SetupDomain {
  readonly id: string;
  readonly domain: string;
  readonly state: 'proved' | 'vouched' | 'waiting';
  readonly host: string;
  readonly text: string;
}

/** The outcome of a trial sign-in, which wrote nothing. */
export interface SetupTrial {
  readonly verdict: string;
  readonly detail: string;
  readonly claims: readonly { readonly name: string; readonly value: string }[];
  /** Names of claims that the tenant's applications need and the provider did not send. */
  readonly missing: readonly string[];
  /**
   * JSON for the console, which may be open in the same browser: the connection, the time and all claims, for testing
   * conditions of auto-membership.
   */
  readonly handOver: string;
}

/** A token of the company's directory, without its secret. Dates are days (`2026-11-27`). */
export interface SetupToken {
  readonly id: string;
  readonly madeOn: string;
  readonly usedOn: string | undefined;
  readonly endsOn: string | undefined;
  readonly isOver: boolean;
}

/** The groups that the directory sent, and the roles that the customer may give to each. */
export interface SetupGroups {
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly { readonly field: string; readonly name: string; readonly isGiven: boolean }[];
  }[];
  /** Number of groups that are not shown. The page shows the first ones by name. */
  readonly more: number;
}

export type SetupBody =
  /** The step that chooses a provider. POST: `provider`. */
  | {
      readonly step: 'provider';
      readonly providers: readonly { readonly name: string; readonly title: string; readonly hint: string }[];
      readonly chosen: string | undefined;
    }
  /** The step with the provider's settings. POST: its fields. */
  | {
      readonly step: 'connection';
      readonly provider: string;
      readonly instructions: readonly string[];
      readonly ours: readonly SetupValue[];
      readonly fields: readonly SetupField[];
    }
  /** The step for domains. POST: `action` = `add` (with `domain`), `check:<id>`, `remove:<id>`. */
  | {
      readonly step: 'domains';
      readonly domains: readonly SetupDomain[];
      readonly typed: string;
      readonly needed: boolean;
    }
  /** The step that tries a sign-in. POST: `action` = `start`. */
  | {
      readonly step: 'try';
      readonly isPassed: boolean;
      readonly isReady: boolean;
      readonly trial: SetupTrial | undefined;
    }
  /**
   * The step about people. POST: `action` = `token` (create one), `end:<id>` (delete a token), or `roles`, with
   * `groups` (ids of the groups shown) and a field for each role that is given.
   */
  | {
      readonly step: 'people';
      readonly admission: string;
      readonly provisioning: boolean;
      /**
       * True when the settings were tried or are in use, so that people whom the directory sends belong to this
       * provider.
       */
      readonly isReady: boolean;
      readonly values: readonly SetupValue[];
      readonly tokens: readonly SetupToken[];
      /** Undefined if the tenant does not let the customer give roles. */
      readonly groups: SetupGroups | undefined;
    }
  /**
   * The step that enables the connection. POST: `to` = `off`, `pilot` (with `pilot`, one address per line) or `all`.
   */
  | {
      readonly step: 'switch';
      readonly state: 'off' | 'pilot' | 'all';
      readonly chosen: 'off' | 'pilot' | 'all';
      readonly pilot: string;
      readonly missing: readonly string[];
      /** A warning about people who would be refused. */
      readonly warning: string | undefined;
      readonly effects: readonly string[];
      readonly isChanged: boolean;
    };

/** A step of the set-up by a customer's administrator. */
export interface SetupPage extends FormPage {
  readonly page: 'setup';
  readonly steps: readonly {
    readonly name: SetupStep;
    readonly title: string;
    readonly url: string;
    readonly isDone: boolean;
  }[];
  /** A message about the result of the last post. */
  readonly notice: string | undefined;
  readonly body: SetupBody;
}
