import { describe, expect, test } from 'vitest';

import { integer, required, type Schema, text } from '#core/schema.ts';
import { composed, type Section } from '#inventory/section.ts';

const nameSchema = required(text('What it is called.', { wanted: 'a name' }));

const name: Section<typeof nameSchema, { readonly title: string }, string> = {
  schema: nameSchema,
  validate: (written, _, path) => (written === 'x' ? [{ path, message: 'is too short' }] : []),
  build: (written, prefix) => ({ title: `${prefix} ${written}` }),
};

const size: Section<Schema<number>, { readonly bytes: number }, string> = {
  schema: integer('How large it is.', { minimum: 1, maximum: 9, default: 2 }),
  validate: (written, _, path) => (written === 7 ? [{ path, message: 'is unlucky' }] : []),
  secrets: (written, path) => (written === undefined ? [] : [path]),
  build: (written = 2) => ({ bytes: written * 1024 }),
};

const whole = composed<string>()({ name, size }, 'A thing.');
const context = { document: {}, hosts: [], leaving: [], isFaulty: () => false, placeOf: () => 'line 1' };

describe('section made of parts', () => {
  test('is described by them, in the order of the table', () => {
    expect(whole.schema).toMatchObject({
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      description: 'A thing.',
    });
    expect(Object.keys(whole.schema.properties ?? {})).toEqual(['name', 'size']);
  });

  test('is validated by them, each with its own path', () => {
    expect(whole.validate({ name: 'x', size: 7 }, context, ['things', 0])).toEqual([
      { path: ['things', 0, 'name'], message: 'is too short' },
      { path: ['things', 0, 'size'], message: 'is unlucky' },
    ]);
  });

  test('has the secrets of its parts', () => {
    expect(whole.secrets({ name: 'y' }, ['things'])).toEqual([]);
    expect(whole.secrets({ name: 'y', size: 3 }, ['things'])).toEqual([['things', 'size']]);
  });

  test('is built of them, with their defaults', () => {
    expect(whole.build({ name: 'one' }, 'number')).toEqual({ title: 'number one', bytes: 2048 });
  });
});
