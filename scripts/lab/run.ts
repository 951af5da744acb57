import { $ } from 'zx';

/** zx without echo; standard input is empty, so that nothing here can wait for a person. */
export const run = $({
  quiet: true,
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
});

/** Like {@link run}, with `input` as the program's standard input. */
export const runWith = (input: string) => run({ input, stdio: ['pipe', 'pipe', 'pipe'] });
