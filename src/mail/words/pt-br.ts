/** The mails in Brazilian Portuguese. */
import type { MailLanguage } from './mail-language.js';

const SUPPORT =
  'Este e-mail foi enviado para {{ to }}, o support_email do locatário. Se você não o esperava, o registro do locatário informa o motivo.';

/** The kind of a second factor. */
const FACTOR =
  '{% case factor %}{% when "otp" %}aplicativo autenticador{% when "email" %}endereço de e-mail para códigos{% when "webauthn-roaming" %}chave de segurança{% when "webauthn-platform" %}este dispositivo{% when "passkey" %}chave de acesso{% else %}código de recuperação{% endcase %}';

export const PT_BR: MailLanguage = {
  moment: '{{ moment }} UTC',
  buttonHint: 'Se o botão não funcionar, abra este endereço:',
  footer: 'Enviado para {{ to }} em nome de {{ title }}.',
  mails: {
    invitation: {
      subject: '{{ inviterName }} convida você para {{ organizationTitle }}',
      heading: 'Participar de {{ organizationTitle }}',
      lead: [
        '{{ inviterName }} convida você a usar {{ applicationName }} como membro de {{ organizationTitle }}.',
        'O convite é para {{ to }}.',
      ],
      button: 'Aceitar o convite',
      notes: [
        'O convite é válido até {{ expiresAt }}.',
        'Se você não esperava este convite ou não conhece {{ inviterName }}, não faça nada. Ninguém pode participar sem este link, e ele expira sozinho.',
      ],
    },
    proof_code: {
      subject: 'Seu código para {{ organizationTitle }}',
      heading: 'Seu código para {{ organizationTitle }}',
      lead: [
        '{% case reason %}{% when "invited" %}Você abriu um convite para {{ organizationTitle }}. Um link de convite pode ser repassado a outras pessoas. Este código mostra que o endereço {{ to }} é seu.{% when "sign_up" %}Você está abrindo uma conta em {{ organizationTitle }}. Este código mostra que o endereço {{ to }} é seu.{% else %}Você está entrando em {{ organizationTitle }} com {{ connectionTitle }}. Este código mostra que o endereço {{ to }} é seu.{% endcase %}',
        'Digite-o na página que o solicitou:',
      ],
      code: true,
      notes: [
        'O código é válido por {{ minutes }} minutos. A solicitação veio do endereço de rede {{ ip }}.',
        'Se não foi você, não faça nada e não dê o código a ninguém. Sem ele, ninguém consegue entrar na sua conta.',
      ],
    },
    factor_code: {
      subject: 'Seu código para {{ title }}',
      heading: 'Seu código para {{ title }}',
      lead: [
        '{% if reason == "set_up" %}O endereço {{ to }} está sendo adicionado como segunda etapa em {{ title }}.{% else %}Alguém está entrando em {{ title }} com a sua senha e pediu um código como segunda etapa.{% endif %} Se for você, digite este código:',
      ],
      code: true,
      notes: [
        'O código é válido por {{ minutes }} minutos e funciona uma única vez. A solicitação veio do endereço de rede {{ ip }}.',
        'Se não foi você, não dê o código a ninguém e troque a sua senha.',
      ],
    },
    password_reset: {
      subject: 'Escolha uma nova senha para {{ title }}',
      heading: 'Escolher uma nova senha',
      lead: ['Uma nova senha foi solicitada para {{ to }} em {{ title }}. Se foi você, escolha-a aqui:'],
      button: 'Escolher uma nova senha',
      notes: [
        'O link funciona uma única vez, até {{ expiresAt }}. A solicitação veio do endereço de rede {{ ip }}.',
        'Se não foi você, não faça nada. Sua senha não muda.',
      ],
    },
    password_changed: {
      subject: 'Sua senha de {{ title }} foi alterada',
      heading: 'Sua senha foi alterada',
      lead: [
        'A senha de {{ to }} em {{ title }} foi alterada em {{ at }}, a partir do endereço de rede {{ ip }}.',
        'Se foi você, não é preciso fazer nada. Suas sessões foram encerradas em todos os lugares.',
        'Se não foi você, outra pessoa pode ter acesso à sua conta. Abra agora a página de login, escolha “Esqueceu sua senha?” e avise seu administrador.',
      ],
      button: 'Ir para o login',
      notes: [],
    },
    factor_changed: {
      subject: 'Os segundos fatores da sua conta de {{ title }} foram alterados',
      heading: 'Seus segundos fatores foram alterados',
      lead: [
        `{% case change %}{% when "added" %}Adicionado: ${FACTOR}.{% when "removed" %}Removido: ${FACTOR}.{% when "reset" %}Todos os segundos fatores foram removidos.{% else %}Há um novo código de recuperação. O anterior não é mais válido.{% endcase %}`,
        'A alteração foi feita para {{ to }} em {{ title }}, em {{ at }}, {% if ip == "" %}por um administrador{% else %}a partir do endereço de rede {{ ip }}{% endif %}.',
        'Se foi você, ou se você pediu, não é preciso fazer nada.',
        '{% if url %}Se não foi você, outra pessoa pode ter acesso à sua conta. Use o botão antes de {{ expiresAt }}: ele remove todos os segundos fatores e chaves de acesso, anula a senha e encerra todas as sessões. Depois avise seu administrador.{% else %}Se não foi você, outra pessoa pode ter acesso à sua conta. Altere agora sua senha e avise seu administrador.{% endif %}',
      ],
      button: 'Não fui eu',
      notes: [],
    },
    enrollment_email: {
      subject: 'Configure uma segunda etapa para {{ title }}',
      heading: 'Configurar uma segunda etapa',
      lead: [
        'Sua conta em {{ title }} deve ter uma segunda etapa ao entrar, para que uma senha roubada não baste. Configure-a aqui:',
      ],
      button: 'Configurar a segunda etapa',
      notes: [
        'O link funciona uma única vez, até {{ expiresAt }}. Ele não faz você entrar.',
        'Se você não esperava este e-mail, não abra o link e pergunte ao seu administrador.',
      ],
    },
    blocked_account: {
      subject: 'Sua conta em {{ title }} está bloqueada no momento',
      heading: 'Sua conta está bloqueada no momento',
      lead: [
        'Foram digitadas senhas incorretas demais para {{ to }} em {{ title }}. A última veio do endereço de rede {{ ip }}. Para proteger sua conta, nenhuma senha é aceita por algum tempo.',
        'Se foi você, encerre o bloqueio aqui:',
      ],
      button: 'Encerrar o bloqueio',
      notes: [
        'O link funciona uma única vez, até {{ expiresAt }}. Sem ele, o bloqueio termina sozinho depois de um quarto de hora.',
        'Se não foi você, não faça nada. Ninguém entrou com essas senhas, e a sua não muda.',
      ],
    },
    verify_email: {
      subject: 'Confirme seu endereço de e-mail para {{ title }}',
      heading: 'Confirmar seu endereço de e-mail',
      lead: ['O endereço {{ to }} foi informado para uma conta em {{ title }}. Confirme que ele é seu:'],
      button: 'Confirmar este endereço',
      notes: [
        'O link funciona uma única vez, até {{ expiresAt }}. A solicitação veio de {{ title }}.',
        'Se não foi você, não faça nada. O endereço permanece sem confirmação.',
      ],
    },
    import_completed: {
      subject: 'Usuários foram importados em {{ title }}',
      heading: 'A importação terminou',
      lead: [
        '{{ inserted }} usuários foram adicionados, {{ updated }} foram atualizados e {{ failed }} falharam (tarefa {{ jobId }}).',
      ],
      notes: [
        'GET /api/v2/jobs/{{ jobId }}/errors informa, até {{ keptUntil }}, por que cada usuário falhou.',
        SUPPORT,
      ],
    },
    import_failed: {
      subject: 'Uma importação de usuários falhou em {{ title }}',
      heading: 'A importação falhou',
      lead: ['A tarefa {{ jobId }} falhou: {{ reason }}'],
      notes: ['Os usuários importados antes disso permanecem. Corrija o arquivo e envie-o novamente.', SUPPORT],
    },
    domain_proof_shaky: {
      subject: 'A prova de {{ domain }} vai expirar em {{ title }}',
      heading: 'A prova de {{ domain }} vai expirar',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) comprovou o domínio {{ domain }} por um registro TXT. O registro não foi visto novamente: {{ problem }}',
        'Se ele não for visto até {{ endsAt }}, a organização deixará de contar como dona do domínio. As pessoas cujo endereço é garantido apenas pelo provedor de identidade terão então de comprová-lo por conta própria, ou serão recusadas.',
      ],
      notes: [
        'Nome: {{ host }}',
        'Valor: {{ text }}',
        'Se o domínio não pertence mais à organização, não é preciso fazer nada.',
        SUPPORT,
      ],
    },
    domain_proof_ended: {
      subject: 'A prova de {{ domain }} expirou em {{ title }}',
      heading: 'A prova de {{ domain }} expirou',
      lead: [
        '{{ organizationTitle }} ({{ organizationId }}) havia comprovado o domínio {{ domain }} por um registro TXT. O registro não foi visto durante uma semana: {{ problem }}',
        'O domínio está pendente novamente. Para comprová-lo outra vez, publique o registro e solicite a verificação do domínio.',
      ],
      notes: ['Nome: {{ host }}', 'Valor: {{ text }}', SUPPORT],
    },
  },
};
