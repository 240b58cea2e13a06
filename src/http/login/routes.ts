/** The list of all routes of a login. A page that is not listed here is not served. */
import type { FastifyInstance } from 'fastify';
import { registerOpenAccount } from '../dbconnections/open-account.js';
import { registerAuthorize } from '../oauth/authorize.js';
import { registerConfirm } from './confirm.js';
import { registerContinue } from './continue.js';
import type { LoginRoutesDeps } from './deps.js';
import { registerFactor } from './factor.js';
import { registerIdentifier } from './identifier.js';
import { registerInvitation } from './invitation.js';
import { registerRecovery } from './mail-links/recovery.js';
import { registerSignUp } from './mail-links/sign-up.js';
import { registerStopFactor } from './mail-links/stop-factor.js';
import { registerUnblock } from './mail-links/unblock.js';
import { registerVerifyEmail } from './mail-links/verify-email.js';
import { registerOpenInvitation } from './open-invitation.js';
import { registerOrganizationPrompt } from './organization-prompt.js';
import { registerPicker } from './picker.js';
import { registerCallback } from './proof/callback.js';
import { registerCompany } from './proof/company.js';
import { registerPassword } from './proof/password.js';
import { registerProof } from './proof/proof.js';
import { registerRefused } from './refused.js';
import { registerConnectionKeys } from './saml/connection-keys.js';
import { registerServiceProvider } from './saml/service-provider.js';
import { registerSingleLogout } from './saml/single-logout.js';

/** Functions that each register some routes of a login. */
export const LOGIN_ROUTES: readonly ((app: FastifyInstance, deps: LoginRoutesDeps) => void)[] = [
  registerAuthorize,
  registerCallback,
  registerCompany,
  registerConfirm,
  registerContinue,
  registerFactor,
  registerIdentifier,
  registerPassword,
  registerInvitation,
  registerOpenInvitation,
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
  registerStopFactor,
  registerRefused,
  registerOpenAccount,
];
