/** Programs that tests start say the same everywhere: an environment that asks for colours, as CI systems do, is not theirs. */
delete process.env['FORCE_COLOR'];
delete process.env['NO_COLOR'];
