/**
 * Port: the modules that Actions load, as an administrator edits them. A module has a draft and numbered versions; an
 * Action names the version that it loads. Secret values are written and never read. Call ActionDirectory.beginChange
 * before a write, as for Actions.
 */
import type { ActionDependency } from '../../domain/actions/action.js';
import type { ActionSecret, NewVersion, SecretChange, SecretName } from './actions.js';
import type { Page, PageRequest } from './page.js';

/** The part of a module that a version copies and never changes. */
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

/** A module: its draft, and its newest version. */
export interface ModuleRecord extends ModuleContent {
  readonly id: string;
  readonly name: string;
  readonly secrets: readonly SecretName[];
  /** False when the draft equals a published version. */
  readonly hasDraft: boolean;
  readonly latest: ModuleVersionRecord | undefined;
  /** Number of Actions whose deployed version loads any version of this module. */
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
  /** All secrets of the module: secrets with other names are deleted. */
  readonly secrets?: readonly SecretChange[];
}

/** An Action whose deployed version loads a module. */
export interface ModuleUse {
  readonly actionId: string;
  readonly actionName: string;
  readonly trigger: string;
  readonly triggerVersion: string;
  readonly versionId: string;
  readonly number: number;
}

export interface ActionModuleDirectory {
  /** Lists the modules, oldest first. */
  list(page: PageRequest): Promise<Page<ModuleRecord>>;
  find(id: string): Promise<ModuleRecord | undefined>;
  findByName(name: string): Promise<ModuleRecord | undefined>;
  create(module: NewModule): Promise<void>;
  /** Changes the draft. Afterwards the draft can be published, even if nothing is different. */
  update(id: string, changes: ModuleChanges, at: Date): Promise<ModuleRecord | undefined>;
  /** Deletes the module with its versions. The caller has checked {@link isUsed}. */
  delete(id: string): Promise<boolean>;
  /** True when the draft or the deployed version of any Action loads any version of this module. */
  isUsed(id: string): Promise<boolean>;
  /** Lists the Actions that use a module, by the age of the Actions. */
  listUses(id: string, page: PageRequest): Promise<Page<ModuleUse>>;

  /** Lists the versions, newest first. */
  listVersions(moduleId: string, page: PageRequest): Promise<Page<ModuleVersionRecord>>;
  findVersion(moduleId: string, id: string): Promise<ModuleVersionRecord | undefined>;
  findVersionOfNumber(moduleId: string, number: number): Promise<ModuleVersionRecord | undefined>;
  /**
   * Makes the draft a version; a draft equal to the newest version returns that one. When `keep` exist already, deletes
   * the oldest that no Action uses (see {@link isUsed}); `full` when all are used. Undefined without the module.
   */
  publish(moduleId: string, version: NewVersion, keep: number): Promise<ModuleVersionRecord | 'full' | undefined>;
  /** Copies the content of a version into the draft, secrets included. Undefined without the version. */
  rollBack(moduleId: string, versionId: string, at: Date): Promise<ModuleRecord | undefined>;
}
