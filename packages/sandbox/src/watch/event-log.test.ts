import { describe, expect, it } from 'vitest';
import { watchHistoryMaxEvents } from '../limits.ts';
import { createObjectStore } from '../store/create-object-store.ts';
import { createEventLog } from './event-log.ts';

function newLog() {
  const store = createObjectStore({ clock: () => new Date(0) });
  return { store, log: createEventLog(store) };
}

const map = (name: string, namespace = 'a') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { n: '0' },
});

describe('the event log', () => {
  it('shows the objects as they were at any remembered resourceVersion', () => {
    const { store, log } = newLog();
    store.create('configmaps', map('kept'));
    const changed = store.create('configmaps', map('changed'));
    store.create('configmaps', map('deleted'));
    store.create('configmaps', map('elsewhere', 'b'));
    const then = Number(store.resourceVersion);
    const before = store.list('configmaps', 'a');
    store.update('configmaps', { ...changed, data: { n: '1' } });
    store.delete('configmaps', 'a', 'deleted');
    store.create('configmaps', map('added'));
    store.delete('configmaps', 'a', 'added');
    store.delete('configmaps', 'b', 'elsewhere');
    expect(log.listAt('configmaps', 'a', then)).toEqual(before);
    expect(log.listAt('configmaps', undefined, then)).toHaveLength(4);
  });

  it('refuses what it has forgotten with 410, and still knows the newest changes', () => {
    const { store, log } = newLog();
    const first = store.create('configmaps', map('busy'));
    const start = Number(first.metadata.resourceVersion);
    for (let n = 0; n <= 2 * watchHistoryMaxEvents; n++) {
      store.update('configmaps', {
        ...first,
        metadata: { ...first.metadata, resourceVersion: '' },
        data: { n: `x${n}` },
      });
    }
    expect(() => log.after(start)).toThrow('too old resource version');
    expect(log.after(Number(store.resourceVersion) - 3)).toHaveLength(3);
  });
});
