import { type Schema, text, textList } from '#core/schema.ts';

export const addonName = (description: string): Schema<string> =>
  text({
    description,
    wanted: 'lower-case letters, digits and -, at most 53 of them',
    pattern: '^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$',
  });

export const after = textList({
  description: 'Names of other manifests and charts that are applied before it, pods and all.',
  wanted: 'a list of names',
  item: 'a name',
  examples: [['cert-manager']],
});
