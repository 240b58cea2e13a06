/** The API's answers about Actions that these pages show: types, and a function that finds an Action's trigger. */
import type { Answer, Row } from '../../api/answers';
import type { TriggerId } from './triggers';

export type Action = Row<'/actions/actions'>;
export type Dependency = Action['dependencies'][number];
/** A module that an Action loads, with the version that it loads. */
export type ModuleUse = Action['modules'][number];
export type Version = NonNullable<Action['deployed_version']>;
export type Binding = Row<'/actions/triggers/{triggerId}/bindings'>;
/** A module with its draft. */
export type Module = Row<'/actions/modules'>;
export type ModuleVersion = Row<'/actions/modules/{id}/versions'>;
/** An Action whose deployed version loads a module. */
export type UsingAction = Row<'/actions/modules/{id}/actions'>;
export type LogLine = Omit<Row<'/logs'>, '_id'>;
/** The report about one run of an Action, from a log line. Times are in milliseconds. */
export type RunReport = NonNullable<LogLine['details']['actions']>[number]['results'][number];
/** The API's answer to a test of a draft. */
export type TestResult = Answer<'/actions/actions/{id}/test', 'post'>['payload'];

/** A finding of the linter or a syntax error, with its place in the code. Lines and columns count from 1. */
export type Finding = Omit<Answer<'/actions/check', 'post'>['warnings'][number], 'id'>;

export const triggerOf = (action: Pick<Action, 'supported_triggers'>): TriggerId =>
  action.supported_triggers[0]?.id ?? 'post-login';
