/** Port: log streams, as an administrator sets them up. The worker that sends has its own statements. */
import type { LogStream } from '../../domain/log-stream.js';

export type NewLogStream = Omit<LogStream, 'trouble' | 'updatedAt'>;
export type LogStreamChanges = Partial<Pick<LogStream, 'name' | 'status' | 'isPriority' | 'filters' | 'sink'>>;

export interface LogStreamDirectory {
  /** All of them, the oldest first. */
  list(): Promise<readonly LogStream[]>;
  find(id: string): Promise<LogStream | undefined>;
  /** The stream begins with the lines that are committed from now on, or with the first one that is not older than `startFrom`. */
  create(stream: NewLogStream): Promise<void>;
  /** Goes on with the first line that was not sent, at once. Undefined when there is no such stream. */
  update(id: string, changes: LogStreamChanges, at: Date): Promise<LogStream | undefined>;
  delete(id: string): Promise<boolean>;
}
