import { changeTime, type ChangeTime, type PlacedTrace } from '#facts/change-times.ts';
import type { Looker } from '#engine/looker.ts';

/** When things were last changed, as far as their hosts know; in the order in which they are asked for. */
export async function askChangeTimes(
  asked: readonly PlacedTrace[],
  looker: Looker,
): Promise<readonly (ChangeTime | null)[]> {
  const facts = asked.map(({ trace }) => changeTime(trace));
  const names = new Set(asked.map(({ host }) => host));
  const looks = await looker.ask([...names], [...new Map(facts.map((one) => [one.key, one])).values()]);
  const seen = new Map(looks.map(({ name, answers }) => [name, answers]));
  return asked.map(({ host, trace }) => {
    const { family, key } = changeTime(trace);
    return (seen.get(host)?.[family.name]?.[key] ?? null) as ChangeTime | null;
  });
}
