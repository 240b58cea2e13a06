/** The mails in Japanese. */
import type { MailLanguage } from './mail-language.js';

const SUPPORT =
  'このメールは、テナントの support_email である {{ to }} に送信されました。お心当たりがない場合は、テナントのログで理由をご確認ください。';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}認証アプリ{% when "email" %}コード用のメールアドレス{% when "webauthn-roaming" %}セキュリティキー{% when "webauthn-platform" %}このデバイス{% when "passkey" %}パスキー{% else %}リカバリーコード{% endcase %}';

export const JA: MailLanguage = {
  moment: '{{ moment }}（UTC）',
  buttonHint: 'ボタンが機能しない場合は、次のアドレスを開いてください：',
  footer: '{{ title }} に代わって {{ to }} 宛に送信しました。',
  mails: {
    invitation: {
      subject: '{{ inviterName }} さんから {{ organizationTitle }} への招待',
      heading: '{{ organizationTitle }} に参加する',
      lead: [
        '{{ inviterName }} さんが、{{ organizationTitle }} のメンバーとして {{ applicationName }} を利用するようあなたを招待しています。',
        'この招待は {{ to }} 宛のものです。',
      ],
      button: '招待を承諾する',
      notes: [
        '招待の有効期限は {{ expiresAt }} です。',
        'お心当たりがない場合や {{ inviterName }} さんをご存じない場合は、何もする必要はありません。このリンクがなければ誰も参加できず、リンクは自動的に無効になります。',
      ],
    },
    proof_code: {
      subject: '{{ organizationTitle }} の確認コード',
      heading: '{{ organizationTitle }} の確認コード',
      lead: [
        '{% case reason %}{% when "invited" %}{{ organizationTitle }} への招待が開かれました。招待リンクは他の人に転送できるため、このコードで {{ to }} がご本人のアドレスであることを確認します。{% when "sign_up" %}{{ organizationTitle }} のアカウントを作成しています。このコードで {{ to }} がご本人のアドレスであることを確認します。{% else %}{{ connectionTitle }} を使って {{ organizationTitle }} にサインインしています。このコードで {{ to }} がご本人のアドレスであることを確認します。{% endcase %}',
        'コードを求められたページに入力してください：',
      ],
      code: true,
      notes: [
        'コードの有効時間は {{ minutes }} 分です。リクエスト元のネットワークアドレスは {{ ip }} です。',
        'お心当たりがない場合は、何もする必要はありません。コードを誰にも教えないでください。コードがなければ、誰もあなたのアカウントに入れません。',
      ],
    },
    factor_code: {
      subject: '{{ title }} の確認コード',
      heading: '{{ title }} の確認コード',
      lead: [
        '{% if reason == "set_up" %}{{ title }} の 2 段階目の確認に {{ to }} を追加しています。{% else %}あなたのパスワードで {{ title }} へのサインインが行われ、2 段階目の確認コードが求められました。{% endif %}ご本人の場合は、次のコードを入力してください：',
      ],
      code: true,
      notes: [
        'コードの有効時間は {{ minutes }} 分で、一度だけ使用できます。リクエスト元のネットワークアドレスは {{ ip }} です。',
        'お心当たりがない場合は、コードを誰にも教えず、パスワードを変更してください。',
      ],
    },
    password_reset: {
      subject: '{{ title }} の新しいパスワードの設定',
      heading: '新しいパスワードを設定する',
      lead: [
        '{{ title }} の {{ to }} について、新しいパスワードがリクエストされました。ご本人の場合は、こちらから設定してください：',
      ],
      button: '新しいパスワードを設定する',
      notes: [
        'リンクは {{ expiresAt }} まで、一度だけ使用できます。リクエスト元のネットワークアドレスは {{ ip }} です。',
        'お心当たりがない場合は、何もする必要はありません。パスワードは変更されません。',
      ],
    },
    password_changed: {
      subject: '{{ title }} のパスワードが変更されました',
      heading: 'パスワードが変更されました',
      lead: [
        '{{ title }} の {{ to }} のパスワードが、{{ at }} にネットワークアドレス {{ ip }} から変更されました。',
        'ご本人の場合は、何もする必要はありません。すべての場所からサインアウトされました。',
        'お心当たりがない場合は、他の人があなたのアカウントにアクセスしている可能性があります。今すぐサインインページで「パスワードをお忘れですか？」を選び、管理者に連絡してください。',
      ],
      button: 'サインインへ進む',
      notes: [],
    },
    factor_changed: {
      subject: '{{ title }} のアカウントの第二要素が変更されました',
      heading: '第二要素が変更されました',
      lead: [
        `{% case change %}{% when "added" %}追加: ${FACTOR}。{% when "removed" %}削除: ${FACTOR}。{% when "reset" %}すべての第二要素が削除されました。{% else %}新しいリカバリーコードが作成されました。以前のコードは使用できません。{% endcase %}`,
        '{{ title }} の {{ to }} に対して、{{ at }} に{% if ip == "" %}管理者によって行われました{% else %}ネットワークアドレス {{ ip }} から行われました{% endif %}。',
        'ご本人の場合、またはご自身で依頼された場合は、何もする必要はありません。',
        '{% if url %}お心当たりがない場合は、他の人があなたのアカウントにアクセスしている可能性があります。{{ expiresAt }} までに下のボタンを押してください。すべての第二要素とパスキーが削除され、パスワードは無効になり、すべてのセッションが終了します。その後、管理者に連絡してください。{% else %}お心当たりがない場合は、他の人があなたのアカウントにアクセスしている可能性があります。今すぐパスワードを変更し、管理者に連絡してください。{% endif %}',
      ],
      button: '身に覚えがありません',
      notes: [],
    },
    enrollment_email: {
      subject: '{{ title }} の2段階目の確認の設定',
      heading: '2段階目の確認を設定する',
      lead: [
        '{{ title }} のアカウントでは、パスワードが盗まれた場合に備えて、サインイン時に2段階目の確認が必要になります。こちらから設定してください：',
      ],
      button: '2段階目の確認を設定する',
      notes: [
        'リンクは {{ expiresAt }} まで、一度だけ使用できます。このリンクでサインインすることはありません。',
        'このメールに心当たりがない場合は、リンクを開かず、管理者にお問い合わせください。',
      ],
    },
    blocked_account: {
      subject: '{{ title }} のアカウントが一時的にロックされています',
      heading: 'アカウントが一時的にロックされています',
      lead: [
        '{{ title }} の {{ to }} に対して、間違ったパスワードが何度も入力されました。最後の入力元のネットワークアドレスは {{ ip }} です。アカウントを保護するため、しばらくの間パスワードを受け付けません。',
        'ご本人の場合は、こちらからロックを解除してください：',
      ],
      button: 'ロックを解除する',
      notes: [
        'リンクは {{ expiresAt }} まで、一度だけ使用できます。リンクを使わなくても、ロックは15分後に自動的に解除されます。',
        'お心当たりがない場合は、何もする必要はありません。これらのパスワードでは誰もサインインしておらず、パスワードは変更されません。',
      ],
    },
    verify_email: {
      subject: '{{ title }} のメールアドレスの確認',
      heading: 'メールアドレスを確認する',
      lead: ['{{ title }} のアカウントに {{ to }} が登録されました。ご本人のアドレスであることを確認してください：'],
      button: 'このアドレスを確認する',
      notes: [
        'リンクは {{ expiresAt }} まで、一度だけ使用できます。リクエスト元は {{ title }} です。',
        'お心当たりがない場合は、何もする必要はありません。アドレスは未確認のままです。',
      ],
    },
    import_completed: {
      subject: '{{ title }} でユーザーがインポートされました',
      heading: 'インポートが終了しました',
      lead: [
        '{{ inserted }} 人のユーザーを追加、{{ updated }} 人を更新し、{{ failed }} 人が失敗しました（ジョブ {{ jobId }}）。',
      ],
      notes: ['失敗の理由は、{{ keptUntil }} まで GET /api/v2/jobs/{{ jobId }}/errors で確認できます。', SUPPORT],
    },
    import_failed: {
      subject: '{{ title }} でユーザーのインポートに失敗しました',
      heading: 'インポートに失敗しました',
      lead: ['ジョブ {{ jobId }} が失敗しました：{{ reason }}'],
      notes: ['それまでにインポートされたユーザーは残ります。ファイルを修正して再送してください。', SUPPORT],
    },
    domain_proof_shaky: {
      subject: '{{ title }} で {{ domain }} の証明がまもなく終了します',
      heading: '{{ domain }} の証明がまもなく終了します',
      lead: [
        '{{ organizationTitle }}（{{ organizationId }}）は、TXT レコードによってドメイン {{ domain }} を証明しました。このレコードが確認できなくなりました：{{ problem }}',
        '{{ endsAt }} までに確認できない場合、組織はドメインの所有者とみなされなくなります。ID プロバイダーだけがアドレスを保証している人は、本人による証明を求められるか、拒否されます。',
      ],
      notes: [
        '名前：{{ host }}',
        '値：{{ text }}',
        'ドメインが組織のものでなくなった場合は、何もする必要はありません。',
        SUPPORT,
      ],
    },
    domain_proof_ended: {
      subject: '{{ title }} で {{ domain }} の証明が終了しました',
      heading: '{{ domain }} の証明が終了しました',
      lead: [
        '{{ organizationTitle }}（{{ organizationId }}）は、TXT レコードによってドメイン {{ domain }} を証明していました。このレコードは 1 週間確認できませんでした：{{ problem }}',
        'ドメインは再び保留中です。もう一度証明するには、レコードを公開し、ドメインの検証を行ってください。',
      ],
      notes: ['名前：{{ host }}', '値：{{ text }}', SUPPORT],
    },
  },
};
