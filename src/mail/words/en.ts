/** The mails in English. */
import type { MailLanguage } from './mail-language.js';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}authenticator app{% when "email" %}mail address for codes{% when "webauthn-roaming" %}security key{% when "webauthn-platform" %}this device{% when "passkey" %}passkey{% else %}recovery code{% endcase %}';

export const EN: MailLanguage = {
  moment: '{{ moment }} UTC',
  buttonHint: 'If the button does not work, open this address:',
  footer: 'Sent to {{ to }} on behalf of {{ title }}.',
  mails: {
    invitation: {
      subject: '{{ inviterName }} invites you to {{ organizationTitle }}',
      heading: 'Join {{ organizationTitle }}',
      lead: [
        '{{ inviterName }} invites you to use {{ applicationName }} as part of {{ organizationTitle }}.',
        'The invitation is for {{ to }}.',
      ],
      button: 'Accept invitation',
      notes: [
        'The invitation is valid until {{ expiresAt }}.',
        'If you did not expect this, or do not know {{ inviterName }}, do nothing. Nobody can join without this link, and it stops working by itself.',
      ],
    },
    proof_code: {
      // The subject omits the code: mail servers log subjects, and locked screens show them.
      subject: 'Your code for {{ organizationTitle }}',
      heading: 'Your code for {{ organizationTitle }}',
      lead: [
        '{% case reason %}{% when "invited" %}You opened an invitation to {{ organizationTitle }}. An invitation link can be passed on to others. This code shows that the address {{ to }} is yours.{% when "sign_up" %}You are opening an account at {{ organizationTitle }}. This code shows that the address {{ to }} is yours.{% else %}You are signing in to {{ organizationTitle }} with {{ connectionTitle }}. This code shows that the address {{ to }} is yours.{% endcase %}',
        'Enter it on the page that asked for it:',
      ],
      code: true,
      notes: [
        'The code is valid for {{ minutes }} minutes. The request came from the network address {{ ip }}.',
        'If this was not you, do nothing, and give the code to nobody. Nobody can get into your account without it.',
      ],
    },
    factor_code: {
      subject: 'Your code for {{ title }}',
      heading: 'Your code for {{ title }}',
      lead: [
        '{% if reason == "set_up" %}Somebody adds the address {{ to }} as a second step at {{ title }}.{% else %}Somebody is signing in to {{ title }} with your password, and asked for a code as the second step.{% endif %} If it is you, enter this code:',
      ],
      code: true,
      notes: [
        'The code is valid for {{ minutes }} minutes and works once. The request came from the network address {{ ip }}.',
        'If this was not you, give the code to nobody, and change your password.',
      ],
    },
    password_reset: {
      subject: 'Choose a new password for {{ title }}',
      heading: 'Choose a new password',
      lead: ['Somebody asked for a new password for {{ to }} at {{ title }}. If it was you, choose it here:'],
      button: 'Choose a new password',
      notes: [
        'The link works once, until {{ expiresAt }}. The request came from the network address {{ ip }}.',
        'If this was not you, do nothing. Your password does not change.',
      ],
    },
    password_changed: {
      subject: 'Your password for {{ title }} was changed',
      heading: 'Your password was changed',
      lead: [
        'The password of {{ to }} at {{ title }} was changed on {{ at }}, from the network address {{ ip }}.',
        'If this was you, there is nothing to do. You were signed out everywhere.',
        'If this was not you, somebody else may have access to your account. Go to the sign-in page now, choose “Forgot your password?”, and tell your administrator.',
      ],
      button: 'Go to sign-in',
      notes: [],
    },
    factor_changed: {
      subject: 'The second factors of your account at {{ title }} have changed',
      heading: 'Your second factors have changed',
      lead: [
        `{% case change %}{% when "added" %}Added: ${FACTOR}.{% when "removed" %}Removed: ${FACTOR}.{% when "reset" %}All second factors were removed.{% else %}There is a new recovery code. The earlier one no longer works.{% endcase %}`,
        'This was done for {{ to }} at {{ title }} on {{ at }}, {% if ip == "" %}by an administrator{% else %}from the network address {{ ip }}{% endif %}.',
        'If this was you, or if you asked for it, there is nothing to do.',
        '{% if url %}If this was not you, somebody else may have access to your account. Press the button before {{ expiresAt }}: it removes all second factors and passkeys, ends the password, and signs everybody out. Then tell your administrator.{% else %}If this was not you, somebody else may have access to your account. Change your password now, and tell your administrator.{% endif %}',
      ],
      button: 'This was not me',
      notes: [],
    },
    enrollment_email: {
      subject: 'Set up a second step for {{ title }}',
      heading: 'Set up a second step',
      lead: [
        'Your account at {{ title }} is to have a second step at sign-in, so that a stolen password is not enough. Set it up here:',
      ],
      button: 'Set up the second step',
      notes: [
        'The link works once, until {{ expiresAt }}. It does not sign you in.',
        'If you did not expect this mail, do not open the link, and ask your administrator.',
      ],
    },
    blocked_account: {
      subject: 'Your account at {{ title }} is blocked for the moment',
      heading: 'Your account is blocked for the moment',
      lead: [
        'There were too many wrong passwords for {{ to }} at {{ title }}. The last one came from the network address {{ ip }}. To protect your account, passwords are not accepted for a while.',
        'If it was you, end the block here:',
      ],
      button: 'End the block',
      notes: [
        'The link works once, until {{ expiresAt }}. Without it the block ends by itself after a quarter of an hour.',
        'If this was not you, do nothing. Nobody got in with these passwords, and yours does not change.',
      ],
    },
    verify_email: {
      subject: 'Confirm your email address for {{ title }}',
      heading: 'Confirm your email address',
      lead: ['The address {{ to }} was given for an account at {{ title }}. Confirm that it is yours:'],
      button: 'Confirm this address',
      notes: [
        'The link works once, until {{ expiresAt }}. The request came from {{ title }}.',
        'If this was not you, do nothing. The address stays unconfirmed.',
      ],
    },
    import_completed: {
      subject: 'Users were imported at {{ title }}',
      heading: 'The import has ended',
      lead: ['{{ inserted }} users were added, {{ updated }} were updated and {{ failed }} failed (job {{ jobId }}).'],
      notes: [
        'GET /api/v2/jobs/{{ jobId }}/errors says why a user failed, until {{ keptUntil }}.',
        'This mail went to {{ to }}, the support_email of the tenant. If you did not expect it, the log of the tenant says which application asked for it.',
      ],
    },
    domain_proof_shaky: {
      subject: 'The proof of {{ domain }} is going to end at {{ title }}',
      heading: 'The proof of {{ domain }} is going to end',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) has proved the domain {{ domain }} by a TXT record. The record was not seen again: {{ problem }}',
        'If it is not seen until {{ endsAt }}, the organization no longer counts as the owner of the domain: people whose address only its identity provider vouches for are then asked for a proof of their own, or refused.',
      ],
      notes: [
        'Name: {{ host }}',
        'Value: {{ text }}',
        'If the domain has left the organization, there is nothing to do.',
        'This mail went to {{ to }}, the support_email of the tenant. If you did not expect it, the log of the tenant has a line about it.',
      ],
    },
    domain_proof_ended: {
      subject: 'The proof of {{ domain }} has ended at {{ title }}',
      heading: 'The proof of {{ domain }} has ended',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) had proved the domain {{ domain }} by a TXT record. The record was not seen for a week: {{ problem }}',
        'The domain is pending again. To prove it again, publish the record and have the domain verified.',
      ],
      notes: [
        'Name: {{ host }}',
        'Value: {{ text }}',
        'This mail went to {{ to }}, the support_email of the tenant. If you did not expect it, the log of the tenant has a line about it.',
      ],
    },
    import_failed: {
      subject: 'An import of users failed at {{ title }}',
      heading: 'The import failed',
      lead: ['The job {{ jobId }} failed: {{ reason }}'],
      notes: [
        'Users who were imported before that stay. Correct the file and send it again.',
        'This mail went to {{ to }}, the support_email of the tenant. If you did not expect it, the log of the tenant says which application asked for it.',
      ],
    },
  },
};
