/**
 * Port: the modules of Actions for an administrator: a draft and numbered versions, of which an Action names the one that it loads. Values
 * of secrets are written and never read. A write has to be within ActionDirectory.beginChange, as those of Actions are.
 */
import type { ActionDependency } from '../../domain/actions/action.js';
import type { ActionSecret, NewVersion, SecretChange, SecretName } from './actions.js';
import type { Page, PageRequest } from './page.js';

/** The content that a version freezes. */
export interface ModuleContent {
  readonly code: string;
  readonly dependencies: readonly ActionDependency[];
}

export interface ModuleVersionRecord extends ModuleContent {
  readonly id: string;
  readonly moduleId: string;
  readonly number: number;
  readonly secrets: readonly SecretName[];
  readonly createdAt: Date;
}

/** The draft, and the newest version. */
export interface ModuleRecord extends ModuleContent {
  readonly id: string;
  readonly name: string;
  readonly secrets: readonly SecretName[];
  /** False when the draft has been published as it is. */
  readonly hasDraft: boolean;
  readonly latest: ModuleVersionRecord | undefined;
  /** How many Actions load any version of it in the version of theirs that is deployed. */
  readonly deployedUses: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewModule extends ModuleContent {
  readonly id: string;
  readonly name: string;
  readonly secrets: readonly ActionSecret[];
  readonly createdAt: Date;
}

export interface ModuleChanges extends Partial<ModuleContent> {
  /** The whole list: secrets with other names are deleted. */
  readonly secrets?: readonly SecretChange[];
}

/** An Action that loads a module in its deployed version. */
export interface ModuleUse {
  readonly actionId: string;
  readonly actionName: string;
  readonly trigger: string;
  readonly triggerVersion: string;
  readonly versionId: string;
  readonly number: number;
}

export interface ActionModuleDirectory {
  /** The oldest first. */
  list(page: PageRequest): Promise<Page<ModuleRecord>>;
  find(id: string): Promise<ModuleRecord | undefined>;
  findByName(name: string): Promise<ModuleRecord | undefined>;
  create(module: NewModule): Promise<void>;
  /** Changes the draft, even where nothing of it is new: it can be published again. */
  update(id: string, changes: ModuleChanges, at: Date): Promise<ModuleRecord | undefined>;
  /** Deletes its versions as well. To be asked only where {@link isUsed} says no. */
  delete(id: string): Promise<boolean>;
  /** True when the draft or the deployed version of any Action loads any version of it. */
  isUsed(id: string): Promise<boolean>;
  /** In the order of the Actions' age. */
  listUses(id: string, page: PageRequest): Promise<Page<ModuleUse>>;

  /** The newest first. */
  listVersions(moduleId: string, page: PageRequest): Promise<Page<ModuleVersionRecord>>;
  findVersion(moduleId: string, id: string): Promise<ModuleVersionRecord | undefined>;
  findVersionOfNumber(moduleId: string, number: number): Promise<ModuleVersionRecord | undefined>;
  /**
   * Makes the draft a version; one that says the same as the newest gives that. Where `keep` exist already, the oldest is deleted that no Action uses (see {@link isUsed}); `full` when all
   * of them are used. Undefined for a module that does not exist.
   */
  publish(moduleId: string, version: NewVersion, keep: number): Promise<ModuleVersionRecord | 'full' | undefined>;
  /** Makes the content of a version the draft, secrets included. Undefined for a version that does not exist. */
  rollBack(moduleId: string, versionId: string, at: Date): Promise<ModuleRecord | undefined>;
}
