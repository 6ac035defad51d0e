/** Figures: how long things took over several runs, and sizes that are what they are. No asserts. */
export interface Figures {
  measure<T>(figure: string, what: () => Promise<T>): Promise<T>;
  size(figure: string, bytes: number): void;
  print(): void;
}

const WIDTH = 76;
const sizeText = (bytes: number): string =>
  bytes < 10_000
    ? `${bytes} B`
    : bytes < 10_000_000
      ? `${Math.round(bytes / 1_000)} kB`
      : `${Math.round(bytes / 1e6)} MB`;

export function figures(): Figures {
  const times = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  return {
    async measure(figure, what) {
      const start = performance.now();
      const result = await what();
      times.set(figure, [...(times.get(figure) ?? []), performance.now() - start]);
      return result;
    },
    size: (figure, bytes) => sizes.set(figure, bytes),
    print() {
      for (const [figure, values] of times) {
        const sorted = values.toSorted((a, b) => a - b);
        const at = (share: number): string => {
          const milliseconds = sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
          return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
        };
        process.stdout.write(`${figure.padEnd(WIDTH)} min ${at(0)}  median ${at(0.5)}  max ${at(1)}\n`);
      }
      for (const [figure, bytes] of sizes) process.stdout.write(`${figure.padEnd(WIDTH)} ${sizeText(bytes)}\n`);
    },
  };
}
