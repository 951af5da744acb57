import type { CommandPage, Term } from './command-pages.ts';
import { markdownTable, plain } from './markdown.ts';

/** All commands on one page of the docs, as their help says. */
export function commandReference(pages: readonly CommandPage[]): string {
  const [root] = pages;
  return [
    '# Commands',
    'What `slipway COMMAND --help` says, and `man slipway-COMMAND` where the package is installed for all (`npm i -g`).',
    ...pages.map(commandSection),
    '## Options of all commands',
    'Before or after the name of the command.',
    table('option', root?.options ?? []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function commandSection(page: CommandPage): string {
  const isRoot = page.globalOptions.length === 0;
  return [
    `## ${page.words}`,
    plain(page.description),
    block(page.usage),
    table('argument', page.arguments),
    table('option', isRoot ? [] : page.options.filter(({ term }) => term !== '-h, --help')),
    table('command', page.commands),
    block(page.notes),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const block = (text: string): string => (text === '' ? '' : `\`\`\`text\n${text}\n\`\`\``);

const table = (title: string, terms: readonly Term[]): string =>
  terms.length === 0
    ? ''
    : markdownTable(
        [title, 'is'],
        terms.map(({ term, meaning }) => [`\`${term}\``, plain(meaning)]),
      );
