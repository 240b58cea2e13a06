/**
 * Port: the tenant's Actions, as an administrator edits them: drafts, numbered versions of which one is deployed, and
 * the bindings to triggers. Secret values are written and never read, except for an Action that is about to run.
 */
import type { ActionDependency, ActionSource, TriggerId } from '../../domain/actions/action.js';
import type { Page, PageRequest } from './page.js';

/** A version of a module that an Action loads. Neither the name of a module nor a version ever changes. */
export interface ModuleReference {
  readonly moduleId: string;
  readonly name: string;
  readonly versionId: string;
  readonly number: number;
}

/** The part of an Action that a version copies and never changes. */
export interface ActionContent {
  readonly trigger: TriggerId;
  /** Version of the trigger as requested, such as `v3`. */
  readonly triggerVersion: string;
  readonly code: string;
  readonly dependencies: readonly ActionDependency[];
  readonly modules: readonly ModuleReference[];
  readonly runtime: string;
}

/** The part of a secret that administrators may see: everything but its value. */
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

/** An Action: its draft, and its deployed version. */
export interface ActionRecord extends ActionContent {
  readonly id: string;
  readonly name: string;
  readonly secrets: readonly SecretName[];
  readonly deployed: ActionVersionRecord | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the draft was last built; undefined while it cannot be deployed. */
  readonly builtAt: Date | undefined;
}

export interface NewAction extends Omit<ActionRecord, 'deployed' | 'secrets'> {
  readonly secrets: readonly ActionSecret[];
}

export interface ActionChanges extends Partial<ActionContent> {
  readonly name?: string;
  readonly builtAt?: Date | undefined;
  /** All secrets of the Action: secrets with other names are deleted. */
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

/** Id and time of the version that a deployment creates. */
export interface NewVersion {
  readonly id: string;
  readonly at: Date;
}

export interface ActionDirectory {
  /**
   * Starts a change of Actions; call it first in such a transaction. Waits for other such transactions, so that the
   * data read afterwards ("is it bound?", "how many are there?") is still true when it is used.
   */
  beginChange(): Promise<void>;
  /** Finishes a change of the Actions: stores the new revision and the triggers with Actions. */
  endChange(revision: string): Promise<void>;

  list(filter: ActionFilter, page: PageRequest): Promise<Page<ActionRecord>>;
  find(id: string): Promise<ActionRecord | undefined>;
  findByName(name: string): Promise<ActionRecord | undefined>;
  /** Finds the draft with its secrets in plain text: to run at once, never to be shown. */
  findDraft(id: string): Promise<ActionSource | undefined>;
  create(action: NewAction): Promise<void>;
  update(id: string, changes: ActionChanges, at: Date): Promise<ActionRecord | undefined>;
  /** Deletes the Action with its versions and bindings. */
  delete(id: string): Promise<boolean>;

  listVersions(actionId: string, page: PageRequest): Promise<Page<ActionVersionRecord>>;
  findVersion(actionId: string, id: string): Promise<ActionVersionRecord | undefined>;
  /** Makes the draft a version and deploys it. Deletes the oldest versions beyond `keep`. */
  deploy(actionId: string, version: NewVersion, keep: number): Promise<ActionVersionRecord | undefined>;
  /**
   * Deploys the content of the version `from` again, including its secrets. `updateDraft` copies the content into the
   * draft, too.
   */
  deployAgain(
    actionId: string,
    from: string,
    version: NewVersion,
    options: { readonly updateDraft: boolean; readonly keep: number },
  ): Promise<ActionVersionRecord | undefined>;

  /** Lists a trigger's bindings in the order in which its Actions run. */
  listBindings(trigger: string, page: PageRequest): Promise<Page<BindingRecord>>;
  /** Lists the triggers to which an Action is bound. */
  listTriggersOf(actionId: string): Promise<readonly string[]>;
  replaceBindings(trigger: TriggerId, bindings: readonly NewBinding[]): Promise<void>;
}
