/**
 * Port: the tenant's Actions as an administrator keeps them: a draft, numbered versions of which one is deployed, and where
 * they are bound. Values of secrets go in and never come out, except into what is about to be run.
 */
import type { ActionDependency, ActionSource, TriggerId } from '../../domain/action.js';
import type { Page, PageRequest } from './page.js';

/** What a version freezes. */
export interface ActionContent {
  readonly trigger: TriggerId;
  /** As it was asked for, `v3`. */
  readonly triggerVersion: string;
  readonly code: string;
  readonly dependencies: readonly ActionDependency[];
  readonly runtime: string;
}

/** What of a secret may be shown. */
export interface SecretName {
  readonly name: string;
  readonly updatedAt: Date;
}

export interface ActionSecret extends SecretName {
  readonly value: string;
}

/** `value` undefined keeps the value that the draft has under this name. */
export interface SecretChange {
  readonly name: string;
  readonly value: string | undefined;
}

export interface ActionVersionRecord extends ActionContent {
  readonly id: string;
  readonly actionId: string;
  readonly number: number;
  readonly secrets: readonly SecretName[];
  readonly createdAt: Date;
  readonly builtAt: Date;
}

/** The draft, and beside it the version that runs. */
export interface ActionRecord extends ActionContent {
  readonly id: string;
  readonly name: string;
  readonly secrets: readonly SecretName[];
  readonly deployed: ActionVersionRecord | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Undefined while the draft cannot be deployed. */
  readonly builtAt: Date | undefined;
}

export interface NewAction extends Omit<ActionRecord, 'deployed' | 'secrets'> {
  readonly secrets: readonly ActionSecret[];
}

export interface ActionChanges extends Partial<ActionContent> {
  readonly name?: string;
  readonly builtAt?: Date | undefined;
  /** The whole list: names that are not in it are forgotten. */
  readonly secrets?: readonly SecretChange[];
}

export interface ActionFilter {
  readonly trigger?: string;
  readonly name?: string;
  readonly deployed?: boolean;
}

export interface BindingRecord {
  readonly id: string;
  readonly trigger: TriggerId;
  readonly displayName: string;
  readonly action: ActionRecord;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewBinding extends Omit<BindingRecord, 'action'> {
  readonly actionId: string;
}

/** Identity of the version that a deployment makes. */
export interface NewVersion {
  readonly id: string;
  readonly at: Date;
}

export interface ActionDirectory {
  /**
   * To be called first in every transaction that changes Actions: waits for other such transactions, so that what is then
   * read ("is it bound?", "how many are there?") still holds when it is acted upon.
   */
  beginChange(): Promise<void>;
  /** The tenant's Actions run differently from now on: names the new revision and notes which triggers have any. */
  endChange(revision: string): Promise<void>;

  list(filter: ActionFilter, page: PageRequest): Promise<Page<ActionRecord>>;
  find(id: string): Promise<ActionRecord | undefined>;
  findByName(name: string): Promise<ActionRecord | undefined>;
  /** The draft with its secrets in the clear: to be run at once, never to be shown. */
  findDraft(id: string): Promise<ActionSource | undefined>;
  create(action: NewAction): Promise<void>;
  update(id: string, changes: ActionChanges, at: Date): Promise<ActionRecord | undefined>;
  /** With its versions and bindings. */
  delete(id: string): Promise<boolean>;

  listVersions(actionId: string, page: PageRequest): Promise<Page<ActionVersionRecord>>;
  findVersion(actionId: string, id: string): Promise<ActionVersionRecord | undefined>;
  /** Makes the draft a version and deploys it. The oldest versions beyond `keep` are forgotten. */
  deploy(actionId: string, version: NewVersion, keep: number): Promise<ActionVersionRecord | undefined>;
  /** The same with what the version `from` holds, secrets included; `updateDraft` puts it into the draft too. */
  deployAgain(
    actionId: string,
    from: string,
    version: NewVersion,
    options: { readonly updateDraft: boolean; readonly keep: number },
  ): Promise<ActionVersionRecord | undefined>;

  /** In the order in which they run. */
  listBindings(trigger: string, page: PageRequest): Promise<Page<BindingRecord>>;
  /** Triggers that an Action is bound to. */
  listTriggersOf(actionId: string): Promise<readonly string[]>;
  replaceBindings(trigger: TriggerId, bindings: readonly NewBinding[]): Promise<void>;
}
