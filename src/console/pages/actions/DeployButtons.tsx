/** Buttons that deploy the saved draft or delete the Action. Their dialogs first say how many sign-ins that affects. */
import { Anchor, Group, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { useIsBound } from './ActionFrame';
import { type Action, triggerOf } from './answers';
import { ACTIONS, BINDINGS, sayWeek, useLoginsOfWeek } from './queries';
import { sayTrigger } from './triggers';

/**
 * Returns the events in which the Action runs: "about 6 sign-ins a day (…)" for the trigger `post-login`. The server
 * counts nothing for other triggers. For those, and until the count is read, returns a text such as "all sign-ups".
 */
export function useReach(action: Action): string {
  const week = sayWeek(useLoginsOfWeek());
  const trigger = triggerOf(action);
  const { runs } = sayTrigger(trigger);
  return trigger === 'post-login' && week !== undefined ? week : `all ${runs}`;
}

const OWN_LOGIN =
  ' If it fails, the sign-in is refused. This includes your own sign-in to this console, so keep this page open until the Action has run successfully.';

/** Returns a sentence about what changes when the Action is deployed. */
export function useDeployEffect(action: Action): string {
  const reach = useReach(action);
  return useIsBound(action) === false
    ? 'It does not run yet: first add it to the order of its trigger.'
    : `From now on this code runs in ${reach}, on every node.${triggerOf(action) === 'post-login' ? OWN_LOGIN : ''}`;
}

/** Returns why the draft cannot be deployed; undefined if it can. */
function findObstacle(action: Action, isDirty: boolean): string | undefined {
  if (isDirty) return 'Save the draft first. Only the saved draft is deployed.';
  if (action.status === 'failed')
    return 'The draft has errors, so it cannot be deployed. They are listed below the code: correct them, then save.';
  if (action.all_changes_deployed) return 'The draft is already deployed.';
  return undefined;
}

export function DeployButtons({ action, isDirty }: { readonly action: Action; readonly isDirty: boolean }) {
  const may = usePowers();
  const navigate = useNavigate();
  const effect = useDeployEffect(action);
  const isBound = useIsBound(action);
  const reach = useReach(action);
  const params = { params: { path: { id: action.id } } };
  const obstacle = findObstacle(action, isDirty);
  const trigger = triggerOf(action);
  return (
    <Group justify="space-between">
      <Group gap="sm">
        {may('create:actions') && (
          <ConfirmButton
            verb="Deploy Action"
            question={`Deploy ${action.name}?`}
            effect={effect}
            run={() => api.POST('/actions/actions/{id}/deploy', params)}
            changes={[ACTIONS, BINDINGS]}
            disabled={obstacle !== undefined}
            {...(obstacle === undefined && { variant: 'filled' })}
          />
        )}
        {obstacle !== undefined && (
          <Text size="sm" c="dimmed">
            {obstacle}
            {isBound === false && action.deployed_version !== undefined && !isDirty && (
              <>
                {' '}
                It does not run until you{' '}
                <Anchor size="sm" renderRoot={(props) => <Link to="/actions/order" search={{ trigger }} {...props} />}>
                  add it to the order
                </Anchor>
                .
              </>
            )}
          </Text>
        )}
      </Group>
      {may('delete:actions') && (
        <ConfirmButton
          verb="Delete Action"
          question={`Delete ${action.name}?`}
          effect={
            isBound
              ? `It runs in ${reach}. It is removed from the order and deleted, with its versions and secrets. Sign-ins continue without it at once.`
              : 'It is deleted with its versions and secrets. No sign-in is affected, because it does not run.'
          }
          danger
          run={() =>
            api.DELETE('/actions/actions/{id}', {
              params: { path: { id: action.id }, ...(isBound && { query: { force: true } }) },
            })
          }
          changes={[[...ACTIONS, 'list'], BINDINGS]}
          onDone={() => void navigate({ to: '/actions', ignoreBlocker: true })}
        />
      )}
    </Group>
  );
}
