/** Quantities as the API writes them: 100m, 1.5, 128Mi, 1G, 2e3. */

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** In the base unit (cores, bytes). Undefined for what is no quantity. */
export function quantity(text: string | undefined): number | undefined {
  const match = /^([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20}))(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    text ?? '',
  );
  if (match === null) return undefined;
  const factor = match[2] === undefined ? SUFFIXES[match[3] ?? ''] : 10 ** Number(match[2]);
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

export interface Resources {
  readonly cpuMillicores: number;
  readonly memoryMebibytes: number;
}

export const NO_RESOURCES: Resources = { cpuMillicores: 0, memoryMebibytes: 0 };

export const resourcesOf = (list: { readonly [name: string]: string } | undefined): Resources => ({
  cpuMillicores: Math.round((quantity(list?.cpu) ?? 0) * 1_000),
  memoryMebibytes: Math.round((quantity(list?.memory) ?? 0) / 2 ** 20),
});

export const sum = (a: Resources, b: Resources): Resources => ({
  cpuMillicores: a.cpuMillicores + b.cpuMillicores,
  memoryMebibytes: a.memoryMebibytes + b.memoryMebibytes,
});
