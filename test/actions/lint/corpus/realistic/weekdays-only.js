exports.onExecutePostLogin = async (event, api) => {
  if (event.client.name === 'Payroll') {
    const day = new Date().getDay();
    if (day === 0 || day === 6) {
      api.access.deny('Payroll is closed on weekends.');
    }
  }
};
