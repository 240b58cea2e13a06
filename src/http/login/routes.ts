/** Every route of a login. A page that is not listed here is not served. */
import type { FastifyInstance } from 'fastify';
import { registerAuthorize } from '../oauth/authorize.js';
import { registerCallback } from './callback.js';
import { registerCompany } from './company.js';
import { registerConfirm } from './confirm.js';
import { registerConnectionKeys } from './connection-keys.js';
import { registerContinue } from './continue.js';
import type { LoginRoutesDeps } from './deps.js';
import { registerIdentifier } from './identifier.js';
import { registerInvitation } from './invitation.js';
import { registerOrganizationPrompt } from './organization-prompt.js';
import { registerPassword } from './password.js';
import { registerPicker } from './picker.js';
import { registerProof } from './proof.js';
import { registerRecovery } from './recovery.js';
import { registerServiceProvider } from './service-provider.js';
import { registerSignUp } from './sign-up.js';
import { registerSingleLogout } from './single-logout.js';
import { registerUnblock } from './unblock.js';
import { registerVerifyEmail } from './verify-email.js';

/** Each adds its routes to the server. */
export const LOGIN_ROUTES: readonly ((app: FastifyInstance, deps: LoginRoutesDeps) => void)[] = [
  registerAuthorize,
  registerCallback,
  registerCompany,
  registerConfirm,
  registerContinue,
  registerIdentifier,
  registerPassword,
  registerInvitation,
  registerSignUp,
  registerSingleLogout,
  registerProof,
  registerOrganizationPrompt,
  registerPicker,
  registerRecovery,
  registerServiceProvider,
  registerConnectionKeys,
  registerVerifyEmail,
  registerUnblock,
];
