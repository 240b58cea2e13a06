/**
 * Auth0's default options of a new database, shown to callers. Those about passwords have no effect here, and a caller
 * who sends them back gets no notice about that. Only data. Must import nothing.
 */

/** How passkeys are asked for and offered, while `authentication_methods.passkey` is on. */
export const PASSKEY_OPTIONS = {
  challenge_ui: 'both',
  progressive_enrollment_enabled: true,
  local_enrollment_enabled: true,
} as const;

/**
 * Auth0's default for the flexible password policy, whose values change nothing here. Leaves out its `min_length` of
 * 15, because that value would have an effect without anybody's request.
 */
export const PASSWORD_OPTIONS = {
  complexity: {
    character_type_rule: 'all',
    identical_characters: 'allow',
    sequential_characters: 'allow',
    max_length_exceeded: 'error',
    character_types: [],
  },
  profile_data: {
    active: false,
    blocked_fields: [
      ...['name', 'username', 'nickname', 'email', 'phone_number'],
      ...['user_metadata.name', 'user_metadata.first', 'user_metadata.last'],
    ],
  },
  history: { active: false, size: 3 },
  dictionary: { active: false, custom: [], default: 'en_100k' },
} as const;
