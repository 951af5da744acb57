import { defineAddon } from './addon.ts';

/**
 * RoleBasedGroup as its project publishes it: groups of pods in roles, as prefill and decode of a language model.
 *
 * The digest is of the file at the tag, read from a clone in 2026.
 *
 * @see https://github.com/sgl-project/rbg/blob/v0.6.0/doc/install.md
 */
export const rbg = defineAddon({
  name: 'rbg',
  summary: 'RoleBasedGroup: pods of language models in roles, which start, scale and are replaced together.',
  changes: 'nothing',
  repository: 'sgl-project/rbg',
  releases: [
    {
      version: '0.6.0',
      files: {
        'deploy/kubectl/manifests.yaml': '0e57a25bea0754f5c81b4a444f327f998e1196e957bd52913156679878673d10',
      },
    },
  ],
  file: 'rbg.yaml',
  namespaces: ['rbgs-system'],
  schema: {},
  defaults: {},
  render: ([manifest = '']) => manifest,
});
