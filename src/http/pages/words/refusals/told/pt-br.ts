/**
 * The texts in Brazilian Portuguese of the refusals that people read only if their application has `refusals: page`. seen.ts has the
 * types.
 */
import { ADVICE } from '../advice.js';
import type { ToldWords } from '../seen.js';

const { application, startAgain, administrator, askAdministrator } = ADVICE['pt-BR'];
const unusable = 'Esta solicitação de login não pode ser usada';
const unknown = 'Esta organização não é conhecida aqui';
const unfinished = 'O aplicativo não conseguiu concluir seu login';

export const ptBr: ToldWords = {
  'identify.unknown_audience': {
    title: unusable,
    sentence: 'O aplicativo pediu acesso a algo que não é conhecido aqui.',
    advice: application,
  },
  'identify.api_closed': {
    title: unusable,
    sentence: 'O aplicativo pediu acesso a algo que nenhum aplicativo pode usar.',
    advice: application,
  },
  'identify.api_not_granted': {
    title: unusable,
    sentence: 'O aplicativo pediu acesso a algo que ele não pode usar.',
    advice: application,
  },
  'identify.organization_required': {
    title: 'Nenhuma organização foi indicada',
    sentence: 'O aplicativo precisa indicar em qual organização você quer entrar, e não indicou.',
    advice: application,
  },
  'identify.organization_not_allowed': {
    title: 'Este aplicativo não usa organizações',
    sentence: 'O aplicativo indicou uma organização, mas está configurado para funcionar sem organizações.',
    advice: application,
  },
  'identify.organization_not_an_id': {
    title: 'A organização não foi entendida',
    sentence: 'O aplicativo indicou a organização pelo nome. Aqui ele precisa enviar o ID.',
    advice: application,
  },
  'identify.unknown_organization': {
    title: unknown,
    sentence: 'Não há nenhuma organização com o nome ou o ID que o aplicativo enviou.',
    advice: application,
  },
  'identify.organization_name': {
    title: unknown,
    sentence: 'O aplicativo enviou um nome que nenhuma organização pode ter.',
    advice: application,
  },
  'identify.organization_not_chosen': {
    title: 'Escolha uma organização',
    sentence: 'O aplicativo precisa saber em qual organização você quer entrar, e não pôde perguntar.',
    advice: startAgain,
  },
  'identify.organization_blocked': {
    title: 'Esta organização está fechada',
    sentence: 'Ninguém pode entrar nesta organização no momento.',
    advice: askAdministrator,
  },
  'identify.application_not_entitled': {
    title: 'Este aplicativo não está liberado para a sua organização',
    sentence: 'A sua organização não liberou este aplicativo para os membros.',
    advice: askAdministrator,
  },
  'identify.invitation_not_found': {
    title: 'Este convite não pode ser usado',
    sentence: 'O convite já foi usado, foi retirado, ou é antigo demais.',
    advice: 'Se você já o aceitou, entre como sempre. Caso contrário, peça um novo convite à pessoa que convidou você.',
  },
  'identify.no_connections': {
    title: 'Nenhum login está configurado',
    sentence: 'Esta organização não configurou nenhuma forma de entrar.',
    advice: askAdministrator,
  },
  'identify.no_visible_connections': {
    title: 'Não há login para escolher',
    sentence: 'Esta organização oculta todas as suas formas de entrar, e o aplicativo não escolheu nenhuma.',
    advice: askAdministrator,
  },
  'identify.connection_not_enabled': {
    title: 'Você não pode entrar aqui desta forma',
    sentence: 'A forma como você entrou não é aceita aqui.',
    advice: 'Comece de novo a partir do aplicativo e escolha outra forma de entrar.',
  },
  'authenticate.sign_in_too_old': {
    title: 'Entre de novo',
    sentence:
      'O aplicativo pediu que você entrasse de novo. A resposta da sua empresa não mostrou que você acabou de fazer isso.',
    advice: 'Saia na sua empresa e comece de novo a partir do aplicativo.',
  },
  'authenticate.wrong_password': {
    title: 'E-mail ou senha incorretos',
    sentence: 'O e-mail ou a senha não está correto.',
    advice: 'Confira os dois e tente de novo, ou peça uma nova senha.',
  },
  'authenticate.session_not_usable': {
    title: 'Entrar',
    sentence: 'Você não entrou aqui, ou não de uma forma que esta organização aceite.',
    advice: startAgain,
  },
  'authenticate.sign_up_not_allowed': {
    title: 'É preciso um convite',
    sentence: 'Você precisa de um convite para abrir uma conta aqui.',
    advice: administrator,
  },
  'resolve.ambiguous_account': {
    title: 'Não sabemos qual conta é a sua',
    sentence: 'Este login não leva a exatamente uma conta desta organização.',
    advice: askAdministrator,
  },
  'resolve.no_account': {
    title: 'Você ainda não tem uma conta aqui',
    sentence: 'Sua empresa fez seu login, mas isso não abre uma conta aqui.',
    advice:
      'Peça a um administrador da sua organização que abra uma conta para você, e informe o número de referência.',
  },
  'resolve.other_user': {
    title: 'O aplicativo espera outra pessoa',
    sentence: 'O aplicativo pediu uma pessoa, e você entrou como outra.',
    advice: 'Volte ao aplicativo e entre como a pessoa que ele conhece.',
  },
  'resolve.issuer_changed': {
    title: 'Sua empresa agora faz seu login de outra forma',
    sentence: 'Sua empresa usa um novo serviço de login. Ainda não sabemos qual conta de lá é a sua.',
    advice: 'Fale com um administrador da sua organização, e informe o número de referência. Sua conta aqui não mudou.',
  },
  'resolve.seat_moved': {
    title: 'Este login não é mais usado',
    sentence: 'Sua empresa deu a você uma conta nova no serviço de login dela, e você veio com a anterior.',
    advice:
      'Saia na sua empresa e volte com a conta nova. Se não houver uma, fale com um administrador da sua organização, e informe o número de referência.',
  },
  'admit.organization_needed': {
    title: 'Nenhuma organização foi indicada',
    sentence: 'Sua empresa faz seu login para uma organização, e o aplicativo não indicou qual.',
    advice: application,
  },
  'admit.not_own_connection': {
    title: 'Você não chega à sua conta desta forma',
    sentence: 'Sua conta foi aberta de outra forma. Esta só funciona dentro de uma organização.',
    advice: 'Entre como antes, ou escolha primeiro sua organização no aplicativo.',
  },
  'admit.user_blocked': {
    title: 'Você não pode entrar',
    sentence: 'Este login foi desativado.',
    advice: askAdministrator,
  },
  'admit.invitation_mismatch': {
    title: 'Este convite é para outra pessoa',
    sentence: 'O convite indica outra pessoa, ou outra forma de entrar. Ele ainda pode ser usado.',
    advice: 'Abra de novo o link do convite, e entre com o endereço ao qual ele foi enviado.',
  },
  'admit.not_a_member': {
    title: 'Você ainda não faz parte desta organização',
    sentence: 'Você provou quem é, mas esta conta (ainda) não faz parte da organização.',
    advice: administrator,
  },
  'act.denied': {
    title: 'Você não pode entrar aqui',
    sentence: 'Uma regra que o aplicativo aplica no login não deixou você passar.',
    advice: askAdministrator,
  },
  'act.failed': {
    title: unfinished,
    sentence: 'Uma regra que o aplicativo aplica no login não terminou. Nada foi alterado.',
    advice: application,
  },
  'act.not_available': {
    title: unfinished,
    sentence: 'Uma regra que o aplicativo aplica no login pede algo que este servidor ainda não tem.',
    advice: application,
  },
  'act.factors': {
    title: 'Falta uma segunda etapa',
    sentence: 'Uma regra que o aplicativo aplica no login pede uma segunda etapa que sua conta não tem aqui.',
    advice: askAdministrator,
  },
  'act.interaction_required': {
    title: 'Entrar',
    sentence: 'O aplicativo pede mais alguma coisa antes de deixar você entrar.',
    advice: startAgain,
  },
  'act.route': {
    title: unfinished,
    sentence: 'Uma regra que o aplicativo aplica no login escolheu um login que você não pode usar aqui.',
    advice: application,
  },
  'act.primary_user': {
    title: unfinished,
    sentence: 'Uma regra que o aplicativo aplica no login escolheu uma conta que não pertence a este login.',
    advice: application,
  },
  'commit.conflict': {
    title: 'Tente mais uma vez',
    sentence: 'Esta conta ou a organização dela foi alterada enquanto você entrava, por isso paramos.',
    advice: startAgain,
  },
  'authenticate.factor_required': {
    title: 'Falta uma etapa',
    sentence: 'Esta entrada precisa de uma segunda etapa, e o aplicativo pediu que nenhuma página fosse mostrada.',
    advice: startAgain,
  },
};
