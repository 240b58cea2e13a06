/**
 * The texts in Japanese of the refusals that people read only if their application has `refusals: page`. seen.ts has the
 * types.
 */
import { ADVICE } from '../advice.js';
import type { ToldWords } from '../seen.js';

const { application, startAgain, administrator, askAdministrator } = ADVICE.ja;
const unusable = 'このサインインのリクエストは使えません';
const unknown = 'この組織は登録されていません';
const unfinished = 'アプリケーションがサインインを完了できませんでした';

export const ja: ToldWords = {
  'identify.unknown_audience': {
    title: unusable,
    sentence: 'アプリケーションが、ここで知られていないものへのアクセスを求めました。',
    advice: application,
  },
  'identify.api_closed': {
    title: unusable,
    sentence: 'アプリケーションが、どのアプリケーションも使えないものへのアクセスを求めました。',
    advice: application,
  },
  'identify.api_not_granted': {
    title: unusable,
    sentence: 'アプリケーションが、使用を許されていないものへのアクセスを求めました。',
    advice: application,
  },
  'identify.organization_required': {
    title: '組織が指定されていません',
    sentence: 'アプリケーションは、どの組織にサインインするかを伝える必要がありますが、伝えませんでした。',
    advice: application,
  },
  'identify.organization_not_allowed': {
    title: 'このアプリケーションは組織を使いません',
    sentence: 'アプリケーションが組織を指定しましたが、組織を使わない設定になっています。',
    advice: application,
  },
  'identify.organization_not_an_id': {
    title: '組織を特定できませんでした',
    sentence: 'アプリケーションが組織を名前で指定しました。ここでは ID を送る必要があります。',
    advice: application,
  },
  'identify.unknown_organization': {
    title: unknown,
    sentence: 'アプリケーションが送った名前または ID の組織はありません。',
    advice: application,
  },
  'identify.organization_name': {
    title: unknown,
    sentence: 'アプリケーションが、組織の名前として使えない名前を送りました。',
    advice: application,
  },
  'identify.organization_not_chosen': {
    title: '組織を選択してください',
    sentence: 'アプリケーションは、どの組織にサインインするかを知る必要がありますが、お尋ねできませんでした。',
    advice: startAgain,
  },
  'identify.organization_blocked': {
    title: 'この組織は現在利用できません',
    sentence: '現在、この組織には誰もサインインできません。',
    advice: askAdministrator,
  },
  'identify.application_not_entitled': {
    title: 'このアプリケーションは組織で許可されていません',
    sentence: 'お客様の組織は、このアプリケーションをメンバーに許可していません。',
    advice: askAdministrator,
  },
  'identify.invitation_not_found': {
    title: 'この招待は使えません',
    sentence: '招待はすでに使われたか、取り消されたか、期限が切れています。',
    advice:
      'すでに招待を受けた場合は、いつもどおりサインインしてください。そうでない場合は、招待した方に新しい招待を依頼してください。',
  },
  'identify.no_connections': {
    title: 'サインインが設定されていません',
    sentence: 'この組織には、サインインの方法が設定されていません。',
    advice: askAdministrator,
  },
  'identify.no_visible_connections': {
    title: '選べるサインインがありません',
    sentence: 'この組織はサインインの方法をすべて非表示にしており、アプリケーションも方法を選びませんでした。',
    advice: askAdministrator,
  },
  'identify.connection_not_enabled': {
    title: 'この方法ではサインインできません',
    sentence: 'お使いになったサインインの方法は、ここでは受け付けられません。',
    advice: 'アプリケーションで最初からやり直し、別のサインインの方法を選んでください。',
  },
  'authenticate.sign_in_too_old': {
    title: 'もう一度サインインしてください',
    sentence:
      'アプリケーションがもう一度サインインするよう求めました。会社からの応答では、いまサインインしたことを確認できませんでした。',
    advice: '会社でサインアウトしてから、アプリケーションで最初からやり直してください。',
  },
  'authenticate.wrong_password': {
    title: 'メールアドレスまたはパスワードが違います',
    sentence: 'メールアドレスまたはパスワードが正しくありません。',
    advice: '両方を確認してもう一度お試しになるか、新しいパスワードを設定してください。',
  },
  'authenticate.session_not_usable': {
    title: 'サインイン',
    sentence: 'ここでサインインしていないか、この組織が受け付ける方法でサインインしていません。',
    advice: startAgain,
  },
  'authenticate.sign_up_not_allowed': {
    title: '招待が必要です',
    sentence: 'ここでアカウントを作成するには、招待が必要です。',
    advice: administrator,
  },
  'resolve.ambiguous_account': {
    title: 'どのアカウントがご本人のものか判別できません',
    sentence: 'このサインインに対応する、この組織のアカウントを 1 つに決められません。',
    advice: askAdministrator,
  },
  'resolve.no_account': {
    title: 'まだここにアカウントがありません',
    sentence: '会社でサインインされましたが、それだけではここにアカウントは作成されません。',
    advice: '組織の管理者にアカウントの作成を依頼し、お問い合わせ番号をお伝えください。',
  },
  'resolve.other_user': {
    title: 'アプリケーションは別の方を想定しています',
    sentence: 'アプリケーションが求めた方とは別の方としてサインインされました。',
    advice: 'アプリケーションに戻り、アプリケーションが想定している方としてサインインしてください。',
  },
  'resolve.issuer_changed': {
    title: '会社のサインインの方法が変わりました',
    sentence:
      '会社が新しいサインインサービスを使っています。そこでのどのアカウントがご本人のものか、まだ分かりません。',
    advice: '組織の管理者にお尋ねになり、お問い合わせ番号をお伝えください。ここでのアカウントは変わっていません。',
  },
  'resolve.seat_moved': {
    title: 'このサインインはもう使われていません',
    sentence:
      '会社のサインインサービスで新しいアカウントが発行されていますが、以前のアカウントでサインインされました。',
    advice:
      '会社でサインアウトし、新しいアカウントでもう一度お越しください。新しいアカウントがない場合は、組織の管理者にお尋ねになり、お問い合わせ番号をお伝えください。',
  },
  'admit.organization_needed': {
    title: '組織が指定されていません',
    sentence: '会社のサインインは組織のためのものですが、アプリケーションがどの組織かを伝えませんでした。',
    advice: application,
  },
  'admit.not_own_connection': {
    title: 'この方法ではご自身のアカウントに入れません',
    sentence: 'アカウントは別の方法で作成されています。この方法は、組織の中でだけ使えます。',
    advice: 'これまでの方法でサインインするか、先にアプリケーションで組織を選んでください。',
  },
  'admit.user_blocked': {
    title: 'サインインできません',
    sentence: 'このサインインは停止されています。',
    advice: askAdministrator,
  },
  'admit.invitation_mismatch': {
    title: 'この招待は別の方宛てです',
    sentence: '招待に書かれているのは、別の方か、別のサインインの方法です。招待は引き続き使えます。',
    advice: '招待のリンクをもう一度開き、招待が送られたアドレスでサインインしてください。',
  },
  'admit.not_a_member': {
    title: 'まだこの組織に参加していません',
    sentence: 'ご本人であることは確認できましたが、このアカウントは（まだ）この組織に参加していません。',
    advice: administrator,
  },
  'act.denied': {
    title: 'ここではサインインできません',
    sentence: 'アプリケーションがサインインのときに実行する規則により、受け付けられませんでした。',
    advice: askAdministrator,
  },
  'act.failed': {
    title: unfinished,
    sentence: 'アプリケーションがサインインのときに実行する規則が完了しませんでした。何も変更されていません。',
    advice: application,
  },
  'act.not_available': {
    title: unfinished,
    sentence: 'アプリケーションがサインインのときに実行する規則が、このサーバーにまだない機能を求めました。',
    advice: application,
  },
  'act.factors': {
    title: '2段階目の確認ができません',
    sentence:
      'アプリケーションがサインインのときに実行する規則が2段階目の確認を求めましたが、お使いのアカウントにはここで使えるものがありません。',
    advice: askAdministrator,
  },
  'act.interaction_required': {
    title: 'サインイン',
    sentence: 'サインインの前に、アプリケーションから確認したいことがあります。',
    advice: startAgain,
  },
  'act.route': {
    title: unfinished,
    sentence: 'アプリケーションがサインインのときに実行する規則が、ここでは使えないサインインを選びました。',
    advice: application,
  },
  'act.primary_user': {
    title: unfinished,
    sentence: 'アプリケーションがサインインのときに実行する規則が、このサインインに属さないアカウントを選びました。',
    advice: application,
  },
  'commit.conflict': {
    title: 'もう一度お試しください',
    sentence: 'サインインの間に、このアカウントまたは組織が変更されたため、中止しました。',
    advice: startAgain,
  },
  'authenticate.factor_required': {
    title: 'もう一つの手順が必要です',
    sentence: 'このサインインには2段階目の確認が必要ですが、アプリケーションがページを表示しないよう求めました。',
    advice: startAgain,
  },
};
