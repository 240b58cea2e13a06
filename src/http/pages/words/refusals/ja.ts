/** The refusals in Japanese; the keys are those of refusals/seen.ts. */
import type { RefusalWords } from './seen.js';

const application =
  'アプリケーションに戻って、もう一度お試しください。繰り返す場合は、アプリケーションのサポートにお問い合わせ番号をお伝えください。';
const startAgain = 'アプリケーションで最初からやり直してください。';
const administrator = '組織の管理者に招待を依頼し、お問い合わせ番号をお伝えください。';
const unusable = {
  title: 'このサインインのリクエストは使えません',
  sentence: '移動元のアプリケーションのリクエストは信頼できないため、アプリケーションには戻しませんでした。',
  advice: application,
};

export const refusalsJa: RefusalWords = {
  'identify.unknown_client': {
    title: 'このアプリケーションは登録されていません',
    sentence: '移動元のアプリケーションは、このサインインサーバーに登録されていません。',
    advice: application,
  },
  'identify.invalid_request': unusable,
  'identify.callback_mismatch': unusable,
  'identify.connection_changed': {
    title: 'もう一度サインインしてください',
    sentence: 'サインインの途中で設定が変更されたため、応答を使えませんでした。',
    advice: startAgain,
  },
  'identify.request_too_large': {
    title: 'リクエストが大きすぎます',
    sentence: 'サインインの間にブラウザーが保持できる量を超えるデータが、アプリケーションから送られました。',
    advice: application,
  },
  'authenticate.unknown_transaction': {
    title: 'このサインインは続けられません',
    sentence: 'すでに完了しているか、1 時間を超えたか、別のブラウザーで始められました。',
    advice: 'アプリケーションに戻ってください。サインインしていない場合は、最初からやり直してください。',
  },
  'authenticate.ticket_not_usable': {
    title: 'このリンクは使えません',
    sentence: 'リンクはすでに使われたか、古すぎるか、全体がコピーされていません。リンクは 1 回だけ使えます。',
    advice: 'アプリケーションに戻って、新しいリンクを依頼してください。',
  },
  'authenticate.idp_denied': {
    title: '会社のサインインが完了しませんでした',
    sentence: '会社のサインインページは、サインインせずに終了しました。',
    advice: 'アプリケーションで最初からやり直すか、会社の IT 担当者にお尋ねください。',
  },
  'authenticate.idp_unreachable': {
    title: '会社のサインインに接続できません',
    sentence: '会社のサインインから応答がありませんでした。',
    advice:
      '1 分ほど待ってから、アプリケーションで最初からやり直してください。続く場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
  },
  'authenticate.idp_keys': {
    title: 'ご本人の確認ができませんでした',
    sentence: '会社のサインインは完了しましたが、応答の確認に必要な鍵を取得できませんでした。',
    advice:
      '30 秒ほど待ってから、アプリケーションで最初からやり直してください。続く場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
  },
  'authenticate.idp_invalid': {
    title: '会社からの応答を確認できませんでした',
    sentence: '会社のサインインからの応答が検査に通らなかったため、使いませんでした。',
    advice:
      'アプリケーションで最初からやり直してください。繰り返す場合は、会社の IT 担当者にお問い合わせ番号をお伝えください。',
  },
  'authenticate.too_many_attempts': {
    title: '試行回数が多すぎます',
    sentence: '短時間に試行が多すぎたため、しばらく受け付けを止めています。',
    advice: '15 分ほど待ってからもう一度試すか、新しいパスワードを設定してください。',
  },
  'authenticate.proof_failed': {
    title: 'ご本人の確認ができませんでした',
    sentence: 'コードまたはパスワードが違うか、時間がかかりすぎました。何も変更していません。招待は引き続き使えます。',
    advice: 'アプリケーションまたは招待から、最初からやり直してください。',
  },
  'admit.sso_required': {
    title: '会社のサインインをお使いください',
    sentence: 'この組織では、あなたの会社の方は、パスワードではなく会社でサインインします。',
    advice: '仕事用のアドレスでサインインしてください。会社でサインインできない場合は、組織の管理者にお尋ねください。',
  },
  'admit.not_in_pilot': {
    title: '会社のサインインは、まだご利用いただけません',
    sentence: '組織では、会社のサインインをまず一部の方で試しています。',
    advice: 'これまでの方法でサインインしてください。最初の対象に含まれるはずの場合は、組織の管理者にお尋ねください。',
  },
  'admit.invitation_needs_company': {
    title: '会社のサインインをお使いください',
    sentence: 'この招待はパスワード用です。組織では現在、あなたの会社の方は会社でサインインします。',
    advice: '会社のサインインを使う新しい招待を依頼し、お問い合わせ番号をお伝えください。',
  },
  'act.registration_denied': {
    title: 'アカウントは作成されませんでした',
    sentence: 'アプリケーションが新しいアカウントに適用する規則により、受け付けられませんでした。',
    advice: administrator,
  },
  'act.busy': {
    title: '1 分ほど待ってからお試しください',
    sentence: 'アプリケーションがサインインのときに実行する規則が、現在すべて使用中です。',
    advice: startAgain,
  },
  'commit.replayed': {
    title: 'このサインインは完了しています',
    sentence: 'このサインインは、別のタブなどですでに完了しています。',
    advice: 'アプリケーションに戻ってください。',
  },
};
