import type { FileAnswer } from '../../src/facts/file.ts';

/** What a host answers of a file of root's; null where its content cannot be told. */
export const fileAnswer = (content: string | null): FileAnswer => ({
  type: 'file',
  content,
  target: null,
  mode: '0644',
  owner: 'root:root',
  mtime: null,
});

/** What it answers where there is none. */
export const missingFile: FileAnswer = {
  type: 'absent',
  content: null,
  target: null,
  mode: null,
  owner: null,
  mtime: null,
};
