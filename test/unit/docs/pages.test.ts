import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

const docs = new URL('../../../docs/', import.meta.url);
const pages = ['', 'reference/', 'adr/'].flatMap((folder) =>
  readdirSync(new URL(folder, docs))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}${name}`),
);
const read = (name: string): string => readFileSync(new URL(name, docs), 'utf8');

/** Names by which a page's headings are linked to: as GitHub and VitePress make them of plain words. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('pages of the docs', () => {
  it('are all on the site, which names no other', () => {
    const config = read('.vitepress/config.ts');
    const linked = [...config.matchAll(/link: '\/(.*?)'/g)].map(([, name]) => `${name}.md`);
    const wanted = pages.filter((name) => !name.startsWith('adr/') && name !== 'index.md');
    expect(linked.toSorted()).toEqual(wanted.toSorted());
  });

  it.each(pages)('%s links to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? new URL(page, docs) : new URL(path, new URL(page, docs));
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
