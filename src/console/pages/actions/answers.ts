/** The properties of the API's answers about Actions that these pages show. Types only. */
import type { TriggerId } from './triggers';

export interface Dependency {
  readonly name: string;
  readonly version: string;
}

export interface SecretName {
  readonly name: string;
  readonly updated_at: string;
}

/** A module of an Action, with the version that the Action loads. */
export interface ModuleUse {
  readonly module_id: string;
  readonly module_name: string;
  readonly module_version_id: string;
  readonly module_version_number: number;
}

interface Content {
  readonly supported_triggers: readonly { readonly id: TriggerId; readonly version: string }[];
  readonly code: string;
  readonly dependencies: readonly Dependency[];
  readonly runtime: string;
  readonly secrets: readonly SecretName[];
  readonly modules: readonly ModuleUse[];
}

export interface Version extends Content {
  readonly id: string;
  readonly number: number;
  readonly deployed: boolean;
  readonly built_at: string;
}

export interface Action extends Content {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly all_changes_deployed: boolean;
  readonly deployed_version?: Version;
}

export interface Binding {
  readonly id: string;
  readonly display_name: string;
  readonly action: Action;
}

/** A module with its draft. */
export interface Module {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly dependencies: readonly Dependency[];
  readonly secrets: readonly SecretName[];
  /** Number of Actions whose deployed version loads the module. */
  readonly actions_using_module_total: number;
  readonly all_changes_published: boolean;
  /** Number of the newest version; absent before the first publication. */
  readonly latest_version_number?: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ModuleVersion {
  readonly id: string;
  readonly version_number: number;
  readonly code: string;
  readonly dependencies: readonly Dependency[];
  readonly created_at: string;
}

/** An Action whose deployed version loads a module. */
export interface UsingAction {
  readonly action_id: string;
  readonly action_name: string;
  readonly module_version_id: string;
  readonly module_version_number: number;
  readonly supported_triggers: readonly { readonly id: TriggerId }[];
}

/** A place in code with a finding of the linter or a syntax error. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly fix: string | undefined;
  readonly documentation: string | undefined;
  /** Line of the fault, from 1; undefined for the whole file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Report on one Action in a log line. Times in milliseconds. */
export interface RunReport {
  readonly actionId: string;
  readonly versionId: string;
  readonly name: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly console: readonly string[];
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string };
}

export interface LogLine {
  readonly log_id: string;
  readonly date: string;
  readonly type: string;
  readonly description?: string;
  readonly user_id?: string;
  readonly user_name?: string;
  readonly organization_id?: string;
  readonly organization_name?: string;
  readonly client_id?: string;
  readonly client_name?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly ip?: string;
  readonly user_agent?: string;
  readonly details: {
    readonly actions?: readonly {
      readonly trigger: string;
      readonly end: string;
      readonly reason?: string;
      readonly results: readonly RunReport[];
    }[];
  };
}

/** The API's answer to the test of a draft. */
export interface TestResult {
  readonly status: string;
  readonly end: {
    readonly kind: string;
    readonly reason?: string;
    readonly message?: string;
    readonly url?: string;
    readonly user_message?: string;
  };
  readonly effects: readonly Readonly<Record<string, unknown>>[];
  readonly results: readonly {
    readonly error?: { readonly id: string; readonly msg: string; readonly stack?: string };
    readonly started_at: string;
    readonly ended_at: string;
    readonly console?: readonly string[];
  }[];
}

export const triggerOf = (action: Pick<Content, 'supported_triggers'>): TriggerId =>
  action.supported_triggers[0]?.id ?? 'post-login';
