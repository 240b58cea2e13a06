/** Chooses the `api` object by trigger. */
import type { TriggerId } from '../../../domain/actions/action.js';
import { createAdmissionApi, createPostIdentifierApi } from './admission.js';
import type { ApiContext } from './context.js';
import { createCredentialsExchangeApi } from './exchange.js';
import { createPostLoginApi } from './post-login.js';
import { createAfterwardsApi, createPreUserRegistrationApi } from './registration.js';

const APIS: Record<TriggerId, (context: ApiContext) => object> = {
  'post-login': createPostLoginApi,
  'credentials-exchange': createCredentialsExchangeApi,
  'pre-user-registration': createPreUserRegistrationApi,
  'post-user-registration': createAfterwardsApi,
  'post-change-password': createAfterwardsApi,
  'login-post-identifier': createPostIdentifierApi,
  'organization-admission': createAdmissionApi,
};

/** Creates the `api` object of one Action in one execution. */
export function createApi(trigger: TriggerId, context: ApiContext): object {
  return APIS[trigger](context);
}
