/** The refusals in Brazilian Portuguese; the keys are those of refusals/seen.ts. */
import type { RefusalWords } from './seen.js';

const application =
  'Volte ao aplicativo e tente de novo. Se acontecer outra vez, informe o número de referência à equipe de suporte dele.';
const startAgain = 'Comece de novo a partir do aplicativo.';
const administrator = 'Peça a um administrador da sua organização que convide você, e informe o número de referência.';
const unusable = {
  title: 'Esta solicitação de login não pode ser usada',
  sentence:
    'O aplicativo que trouxe você fez uma solicitação em que não podemos confiar, por isso não enviamos você de volta a ele.',
  advice: application,
};

export const refusalsPtBr: RefusalWords = {
  'identify.unknown_client': {
    title: 'Este aplicativo não é conhecido aqui',
    sentence: 'O aplicativo que trouxe você não está registrado neste servidor de login.',
    advice: application,
  },
  'identify.invalid_request': unusable,
  'identify.callback_mismatch': unusable,
  'identify.connection_changed': {
    title: 'Entre de novo',
    sentence: 'As configurações de login mudaram enquanto você entrava, por isso não conseguimos usar a resposta.',
    advice: startAgain,
  },
  'identify.request_too_large': {
    title: 'A solicitação é grande demais',
    sentence: 'O aplicativo enviou mais dados do que um navegador consegue guardar durante um login.',
    advice: application,
  },
  'authenticate.unknown_transaction': {
    title: 'Este login não pode continuar',
    sentence: 'Ele já terminou, levou mais de uma hora, ou foi iniciado em outro navegador.',
    advice: 'Volte ao aplicativo. Se você não tiver entrado nele, comece de novo.',
  },
  'authenticate.ticket_not_usable': {
    title: 'Este link não pode ser usado',
    sentence: 'O link já foi usado, é antigo demais, ou não foi copiado por inteiro. Cada link funciona uma vez.',
    advice: 'Volte ao aplicativo e peça um novo.',
  },
  'authenticate.idp_denied': {
    title: 'Sua empresa não concluiu seu login',
    sentence: 'A página de login da sua empresa terminou sem concluir seu login.',
    advice: 'Comece de novo a partir do aplicativo, ou pergunte à equipe de TI da sua empresa.',
  },
  'authenticate.idp_unreachable': {
    title: 'Não conseguimos contato com sua empresa',
    sentence: 'O login da sua empresa não respondeu.',
    advice:
      'Espere um minuto e comece de novo a partir do aplicativo. Se continuar, informe o número de referência à equipe de TI da sua empresa.',
  },
  'authenticate.idp_keys': {
    title: 'Não conseguimos verificar quem você é',
    sentence:
      'Sua empresa concluiu seu login, mas não conseguimos obter as chaves necessárias para verificar a resposta dela.',
    advice:
      'Espere meio minuto e comece de novo a partir do aplicativo. Se continuar, informe o número de referência à equipe de TI da sua empresa.',
  },
  'authenticate.idp_invalid': {
    title: 'A resposta da sua empresa não pôde ser verificada',
    sentence: 'A resposta do login da sua empresa não passou nas nossas verificações, por isso não a usamos.',
    advice:
      'Comece de novo a partir do aplicativo. Se acontecer outra vez, informe o número de referência à equipe de TI da sua empresa.',
  },
  'authenticate.too_many_attempts': {
    title: 'Tentativas demais',
    sentence: 'Houve tentativas demais em pouco tempo, por isso fazemos uma pausa.',
    advice: 'Espere quinze minutos e depois tente de novo ou peça uma nova senha.',
  },
  'authenticate.proof_failed': {
    title: 'Não conseguimos confirmar que é você',
    sentence:
      'O código ou a senha estava incorreto, ou isso demorou demais. Nada foi alterado. Um convite ainda pode ser usado.',
    advice: 'Comece de novo a partir do aplicativo ou do convite.',
  },
  'admit.sso_required': {
    title: 'Sua empresa faz seu login',
    sentence: 'Esta organização pede que as pessoas da sua empresa entrem pela empresa, e não com uma senha.',
    advice:
      'Entre com seu endereço de trabalho. Se a empresa não conseguir fazer seu login, pergunte a um administrador da sua organização.',
  },
  'admit.not_in_pilot': {
    title: 'O login da sua empresa ainda não está aberto para você',
    sentence: 'Sua organização está testando primeiro o login da sua empresa com poucas pessoas.',
    advice:
      'Entre como antes. Se você deveria estar entre as primeiras pessoas, pergunte a um administrador da sua organização.',
  },
  'admit.invitation_needs_company': {
    title: 'Sua empresa faz seu login',
    sentence:
      'Este convite é para uma senha. Agora a organização pede que as pessoas da sua empresa entrem pela empresa.',
    advice: 'Peça um novo convite que use o login da sua empresa, e informe o número de referência.',
  },
  'act.registration_denied': {
    title: 'A conta não foi aberta',
    sentence: 'Uma regra que o aplicativo aplica a contas novas não deixou você passar.',
    advice: administrator,
  },
  'act.busy': {
    title: 'Tente de novo em um minuto',
    sentence: 'As regras que o aplicativo aplica no login estão todas ocupadas no momento.',
    advice: startAgain,
  },
  'commit.replayed': {
    title: 'Este login já terminou',
    sentence: 'Este login já foi concluído, talvez em outra aba.',
    advice: 'Volte ao aplicativo.',
  },
};
