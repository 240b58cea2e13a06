// Loops while its module is loaded, before there is a handler => cpu|timeout
if (process.uptime() > 0) for (;;);
