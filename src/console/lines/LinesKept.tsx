/**
 * Says how long log lines are kept; renders nothing where that is unknown. The server's environment sets the time, not
 * the console.
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
