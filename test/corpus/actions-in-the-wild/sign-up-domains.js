// pre-user-registration: accounts for addresses of one domain only, said in the person's language. Known from student projects and the vendor's templates.
const WORDS = { en: 'Please sign up with your university address.', ja: '大学のメールアドレスを使用してください。' };

exports.onExecutePreUserRegistration = async (event, api) => {
  const domain = event.user.email?.split('@').at(-1)?.toLowerCase();
  const isKnown = event.secrets.DOMAINS.split(',').some((entry) => entry.trim() === domain);
  if (!isKnown) {
    const language = event.request.language ?? event.transaction?.locale ?? 'en';
    api.access.deny(`domain ${domain} is not on the list`, WORDS[language] ?? WORDS.en);
  }
};
