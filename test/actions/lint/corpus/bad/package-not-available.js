const { PrismaClient } = require('@prisma/client');                // here

exports.onExecutePostLogin = async (event, api) => {
  const row = await new PrismaClient().people.findUnique({ where: { id: event.user.user_id } });
  api.idToken.setCustomClaim('https://shop.example/plan', row.plan);
};
