/**
 * The parts of the page Today for a server that is being set up: the first steps, and the note that operators need no
 * second factor. Loaded after the page, since most servers show neither.
 */
import { FirstSteps } from './FirstSteps';
import { UnprotectedOperators } from './UnprotectedOperators';

export function NewServer() {
  return (
    <>
      <FirstSteps />
      <UnprotectedOperators />
    </>
  );
}
