/** The page of an Action's draft. */
import { ActionFrame } from './ActionFrame';
import { DraftForm } from './DraftForm';

export function Draft() {
  return <ActionFrame>{(action) => <DraftForm key={action.id} action={action} />}</ActionFrame>;
}
