import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, type Script, sh } from '#core/shell.ts';

type Question = { readonly path: string; readonly text: string };

/** Whether a file has a text in it, for files whose content must not leave the host. */
const mentionsFamily: Family<Question, boolean> = {
  name: 'file-mentions',
  sharesShell: true,
  script: (questions) => lines(...questions.map(mention)),
  parse: (output, questions) => {
    const answers = output.trimEnd().split('\n');
    if (answers.length !== questions.length)
      throw new Error(`${questions.length} files, ${answers.length} answers`);
    return answers.map((answer) => answer === 'yes');
  },
  bare: () => false,
};

export const fileMentions = (path: string, text: string): Fact<boolean> =>
  fact(mentionsFamily, { path, text });

const mention = ({ path, text }: Question): Script =>
  sh`if grep -qsF -D skip -e ${text} -- ${path}; then echo yes; else echo no; fi`;
