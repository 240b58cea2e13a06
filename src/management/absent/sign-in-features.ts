/** Auth0's features for signing in that this server does not have. Part of features.ts. */
import { type AbsentFeature, cursor, is, list, missing, off } from './answers.js';

/** Auth0's default texts of messages that contain a code. */
const CODE_MESSAGES = {
  enrollment_message:
    '{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.',
  verification_message: '{{code}} is your verification code for {{tenant.friendly_name}}',
};

const CHALLENGES = ['challenge_password_policy', 'challenge_passwordless_policy', 'challenge_password_reset_policy'];

export const SIGN_IN_FEATURES: readonly AbsentFeature[] = [
  {
    name: 'Rules',
    instead: 'Actions do the work of rules.',
    paths: {
      '/rules': list('rules'),
      '/rules/{id}': missing('Rule not found.'),
      '/rules-configs': is([]),
      '/rules-configs/{key}': is({}),
    },
  },
  {
    name: 'Hooks',
    instead: 'Actions do the work of hooks.',
    paths: {
      '/hooks': list('hooks'),
      '/hooks/{id}': missing('Hook not found.'),
      '/hooks/{id}/secrets': missing('Hook not found.'),
    },
  },
  {
    name: 'Text messages, push notifications and Duo as second factors',
    instead: 'Use an authenticator app (`otp`) or a security key (`webauthn-roaming`).',
    paths: {
      '/guardian/factors/duo/settings': is({}),
      '/guardian/factors/phone/message-types': is({ message_types: [] }),
      '/guardian/factors/phone/selected-provider': is({ provider: 'auth0' }),
      '/guardian/factors/phone/providers/twilio': is({}),
      '/guardian/factors/phone/templates': is(CODE_MESSAGES),
      '/guardian/factors/sms/selected-provider': is({ provider: 'auth0' }),
      '/guardian/factors/sms/providers/twilio': is({}),
      '/guardian/factors/sms/templates': is(CODE_MESSAGES),
      '/guardian/factors/push-notification/selected-provider': is({ provider: 'guardian' }),
      '/guardian/factors/push-notification/providers/apns': is({}),
      '/guardian/factors/push-notification/providers/fcm': is({}),
      '/guardian/factors/push-notification/providers/fcmv1': is({}),
      '/guardian/factors/push-notification/providers/sns': is({}),
    },
  },
  {
    name: 'Risk assessments of a user',
    instead: 'An Action can ask a service of yours.',
    ofUser: true,
    paths: { '/users/{id}/risk-assessments/clear': is({}) },
  },
  {
    name: 'Tokens of other services',
    instead: 'No token of an identity provider is stored.',
    ofUser: true,
    paths: {
      '/users/{id}/connected-accounts': cursor('connected_accounts'),
      '/users/{id}/federated-connections-tokensets': is([]),
      '/users/{id}/federated-connections-tokensets/{tokenset_id}': missing('The token set does not exist.'),
    },
  },
  {
    name: 'Breached passwords, bots and captchas',
    instead: 'Tries are limited by /attack-protection/brute-force-protection and suspicious-ip-throttling.',
    paths: {
      '/attack-protection/breached-password-detection': off(
        {
          enabled: false,
          shields: [],
          admin_notification_frequency: [],
          method: 'standard',
          stage: { 'pre-user-registration': { shields: [] }, 'pre-change-password': { shields: [] } },
        },
        ({ enabled }) => enabled === false,
      ),
      '/attack-protection/bot-detection': off(
        {
          bot_detection_level: 'medium',
          challenge_password_policy: 'never',
          challenge_passwordless_policy: 'never',
          challenge_password_reset_policy: 'never',
          allowlist: [],
          monitoring_mode_enabled: false,
        },
        (body) => CHALLENGES.every((name) => body[name] === 'never') && body.monitoring_mode_enabled !== true,
      ),
      // Naming Auth0's own challenge, the default, changes nothing: only bot detection would show it, which does not
      // exist here.
      '/attack-protection/captcha': off({}, ({ active_provider_id: provider }) => provider === 'auth_challenge'),
      '/attack-protection/phone-provider-protection': is({ type: 'none' }),
    },
  },
  {
    name: 'Phone',
    instead: 'No text messages are sent.',
    paths: {
      '/branding/phone/providers': is({ providers: [] }),
      '/branding/phone/providers/{id}': missing('Phone provider has not been configured.'),
      '/branding/phone/providers/{id}/try': missing('Phone provider has not been configured.'),
      '/branding/phone/templates': is({ templates: [] }),
      '/branding/phone/templates/{id}': missing('Phone template does not exist'),
      '/branding/phone/templates/{id}/reset': missing('Phone template does not exist'),
      '/branding/phone/templates/{id}/try': missing('Phone template does not exist'),
    },
  },
];
