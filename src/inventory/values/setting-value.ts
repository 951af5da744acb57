import type { KubeletField } from '#catalog/kubernetes-settings.ts';
import type { Json } from '#core/json.ts';

const DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (v1.34) */
const QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const INT32_MAX = 2_147_483_647;

const TEXTS: Readonly<
  Partial<Record<KubeletField['type'], { readonly form: RegExp; readonly wanted: string }>>
> = {
  duration: { form: DURATION, wanted: 'a duration such as 30s or 1h30m' },
  quantity: { form: QUANTITY, wanted: 'a quantity in quotes, such as "200Mi" or "500m"' },
  threshold: {
    form: /^(?:.*%|[\d.+-].*)$/,
    wanted: 'a quantity or a share, such as 500Mi or 10%',
  },
};

/** What would be right of a field's value, where it is not. */
export function valueFault(
  value: Json,
  {
    type,
    values,
    min,
    max = type === 'int32' ? INT32_MAX : undefined,
  }: Pick<KubeletField, 'type' | 'values' | 'min' | 'max'>,
): string | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? undefined : 'true or false, without quotes';
  if (type === 'int32' || type === 'int64' || type === 'number') {
    const isRight =
      typeof value === 'number' &&
      (type === 'number' || Number.isInteger(value)) &&
      value >= (min ?? -Infinity) &&
      value <= (max ?? Infinity);
    const quotes = typeof value === 'string' && Number.isFinite(Number(value)) ? ', without quotes' : '';
    return isRight ? undefined : `${numberWanted(type === 'number', min, max)}${quotes}`;
  }
  if (typeof value !== 'string') return TEXTS[type]?.wanted ?? 'a text; put it in quotes';
  if (values !== undefined && !values.includes(value))
    return `one of ${values.filter((one) => one !== '').join(', ')}`;
  const text = TEXTS[type];
  if (text === undefined) return undefined;
  const plain = type === 'threshold' && value.endsWith('%') ? value.slice(0, -1) : value;
  const form = type === 'threshold' ? QUANTITY : text.form;
  return form.test(plain) ? undefined : text.wanted;
}

function numberWanted(isFraction: boolean, min: number | undefined, max: number | undefined): string {
  const noun = isFraction ? 'a number' : 'a whole number';
  const high = max === undefined || max === INT32_MAX ? undefined : max;
  if (min === undefined) return high === undefined ? noun : `${noun} up to ${high}`;
  return high === undefined ? `${noun} from ${min} on` : `${noun} from ${min} to ${high}`;
}
