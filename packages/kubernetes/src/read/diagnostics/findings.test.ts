import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listAt, textAt, valueAt } from '../../objects/json-at.ts';
import { findingList } from './findings.ts';

describe('findings', () => {
  it('that several objects share are one, with some of their names and how many there are', () => {
    const list = findingList();
    const finding = { code: 'a.b', severity: 'warning', message: 'It is so.' } as const;
    for (let at = 0; at < 50; at += 1) list.add(finding, `pod-${at}`);
    list.add({ ...finding, message: 'It is otherwise.' }, 'pod-x');
    expect(list.json()).toMatchObject([
      { code: 'a.b', objects: ['pod-0', 'pod-1', 'pod-2', 'pod-3', 'pod-4'], count: 50 },
      { message: 'It is otherwise.', count: 1 },
    ]);
  });

  it('come with errors first, not without end, and with the cluster’s own words made safe', () => {
    const list = findingList();
    for (let at = 0; at < 1_000; at += 1) list.add({ code: `w.${at}`, severity: 'warning', message: 'w' });
    list.add({ code: 'e', severity: 'error', message: 'e', said: 'token=abc123 \u202e' });
    const json = list.json();
    expect(listAt(json)).toHaveLength(40);
    expect(textAt(json, '0', 'code')).toBe('e');
    expect(valueAt(json, '0', 'said')).not.toMatch(/abc123|\u202e/);
  });

  it('have codes that docs/tools.md lists, all of them and no others', () => {
    const sources = readdirSync(new URL('.', import.meta.url))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join('\n');
    const inSource = [...sources.matchAll(/'([a-z-]+\.[a-z-]+)'/g)].map(([, code]) => code ?? '');
    const document = readFileSync(new URL('../../../../../docs/tools.md', import.meta.url), 'utf8');
    const section = document.split('\n### Findings\n')[1]?.split('\n## ')[0] ?? '';
    const inDocument = [...section.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, code]) => code ?? '');
    expect(inDocument.toSorted()).toEqual([...new Set(inSource)].sort());
    expect(new Set(inDocument).size).toBe(inDocument.length);
  });
});
