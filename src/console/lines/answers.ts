/**
 * A log line as the API returns it, including properties that the served document does not promise. Types and readers
 * only.
 */

export interface TraceLine {
  readonly stage: string;
  readonly rule: string;
  readonly answer: 'pass' | 'ask' | 'refuse';
  readonly evidence?: Readonly<Record<string, unknown>>;
}

/** The operation of an operator or a machine, in a line of type `sapi`. */
interface WrittenRequest {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly auth?: {
    readonly subject?: string;
    readonly client_id?: string;
    readonly user?: { readonly user_id?: string; readonly email?: string; readonly name?: string };
  };
}

export interface ActionRun {
  readonly trigger?: string;
  readonly end?: string;
  readonly reason?: string;
  readonly results?: readonly { readonly name?: string; readonly console?: readonly string[] }[];
}

interface Details {
  readonly code?: string;
  /** Code of a refused token exchange. */
  readonly check?: string;
  readonly detail?: string;
  readonly reference?: string;
  readonly email?: string;
  readonly trace?: readonly TraceLine[];
  readonly actions?: readonly ActionRun[];
  readonly request?: WrittenRequest;
  readonly invitation?: { readonly id?: string; readonly invitee?: { readonly email?: string } };
  /** For a member's address with another subject: the call that lets the person in. */
  readonly remedy?: { readonly call?: string; readonly command?: string; readonly user_id?: string };
  readonly reason?: string;
}

export interface LogLine {
  readonly log_id: string;
  readonly date: string;
  readonly type: string;
  readonly description?: string;
  readonly client_id?: string;
  readonly client_name?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly ip?: string;
  readonly user_agent?: string;
  readonly user_id?: string;
  readonly user_name?: string;
  readonly organization_id?: string;
  readonly organization_name?: string;
  readonly details?: Details;
}

/** Returns the log lines of an answer, whichever of the two forms it has. */
export function toLines(data: unknown): readonly LogLine[] {
  if (Array.isArray(data)) return data as readonly LogLine[];
  const { logs } = (data ?? {}) as { readonly logs?: readonly LogLine[] };
  return logs ?? [];
}

export const codeOf = ({ details }: LogLine): string | undefined => details?.code ?? details?.check;

/** Returns the address of the person in the line, if known. */
export function addressOf({ user_name, details }: LogLine): string | undefined {
  return details?.email ?? user_name ?? details?.invitation?.invitee?.email;
}
