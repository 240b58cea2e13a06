/**
 * Says how long log lines are kept; renders nothing if that is unknown. An environment variable of the server sets the
 * time; the console cannot change it.
 */
import { findVariable, useServerSettings } from '../server-settings';

export function LinesKept() {
  const days = findVariable(useServerSettings().data, 'VESTIBULE_LOG_RETENTION_DAYS');
  if (typeof days !== 'number') return null;
  return (
    <>
      Log entries are kept for {days} {days === 1 ? 'day' : 'days'} (<code>VESTIBULE_LOG_RETENTION_DAYS</code>).
    </>
  );
}
