import { type Accepted, defined, map, type Schema, text, textList } from '#core/schema.ts';

const fields = map(
  {
    env: text('The environment variable that holds the secret.', {
      wanted: 'the name of an environment variable',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      examples: ['SSH_PASSWORD'],
    }),
    file: text(
      'A file that holds the secret and nothing else; a line end at its end is left out. Relative to the inventory.',
      { wanted: 'the path of a file', examples: ['~/.secrets/ssh-password'] },
    ),
    prompt: text('What to ask the operator; asked once, however many hosts share it.', {
      wanted: 'a question',
      examples: ['Password of admin on the GPU machines?'],
    }),
    command: textList(
      'A program of this machine, with its arguments, that prints the secret and nothing else: sops, age, op, vault, pass. No shell is in between; run once, however many share it, in the directory of the inventory.',
      {
        wanted: 'a program and its arguments',
        item: 'a word of a command, in quotes where it is a number',
        minItems: 1,
        examples: [['sops', 'decrypt', '--extract', '["ssh"]', 'secrets.yaml']],
      },
    ),
  },
  'A secret, by reference.',
);

const definition: Schema<Accepted<typeof fields>> = {
  ...fields,
  minProperties: 1,
  maxProperties: 1,
  writeOnly: true,
  errorMessage:
    'must be a reference to a secret: {env: NAME}, {file: PATH}, {command: [PROGRAM, ...]} or {prompt: "question"}',
};

/** Where a secret is to be found; the inventory itself holds none. */
export type SecretReference = Accepted<typeof definition>;

export const secretReference = (description: string): Schema<SecretReference> =>
  defined('secret', definition, description);
