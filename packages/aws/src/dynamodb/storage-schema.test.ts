import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PREFIX } from './keys.ts';
import { CLOSED_PLANS, DUE_OUTBOX, OPEN_PLANS } from './lists.ts';
import { MAIN_TABLE } from './table-definition.ts';

const schema = readFileSync(new URL('../../../../docs/storage-schema.md', import.meta.url), 'utf8');
const code = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n');

describe('docs/storage-schema.md', () => {
  it('names every prefix, list and format of the code', () => {
    const formats = code.match(/countersign\.[a-z-]+\/v\d+/g) ?? [];
    expect(new Set(formats).size).toBeGreaterThan(12);
    for (const named of [...Object.values(PREFIX), OPEN_PLANS, CLOSED_PLANS, DUE_OUTBOX, ...formats]) {
      expect(schema, named).toContain(named);
    }
    expect(schema).toContain(`\`${MAIN_TABLE.timeToLiveAttribute}\``);
  });

  it('names no prefix that the code does not have', () => {
    const known: readonly string[] = [...Object.values(PREFIX), 'PASSKEYS#', 'PLANS#', 'ANOMALIES#'];
    for (const named of schema.match(/\b[A-Z]{3,}#/g) ?? []) expect(known, named).toContain(named);
  });
});
