import { $ } from 'zx';

/** The environment of what the lab starts: messages in English, and sbin for a root that came by `su`. */
export const labEnvironment = {
  ...process.env,
  PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`,
  LC_ALL: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** zx without echo; standard input is empty, so that nothing here can wait for a person. */
export const run = $({ quiet: true, stdio: ['ignore', 'pipe', 'pipe'], env: labEnvironment });

/** Like {@link run}, with `input` as the program's standard input. */
export const runWith = (input: string) => run({ input, stdio: ['pipe', 'pipe', 'pipe'] });
