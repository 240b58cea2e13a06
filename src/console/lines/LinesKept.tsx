/** How long lines of the log are kept, for a sentence; nothing where it is not known. It is set where the server starts, and nowhere here. */
import { findVariable, useServerSettings } from '../server-settings';

export function LinesKept() {
  const days = findVariable(useServerSettings().data, 'VESTIBULE_LOG_RETENTION_DAYS');
  if (typeof days !== 'number') return null;
  return (
    <>
      Lines are kept for {days} {days === 1 ? 'day' : 'days'} (<code>VESTIBULE_LOG_RETENTION_DAYS</code>).
    </>
  );
}
