import { describe, expect, it } from 'vitest';
import { createObjectStore } from '../store/create-object-store.ts';
import { createEventRecorder, type EventNote } from './event-recorder.ts';
import { manualTime } from './testing/manual-time.ts';

function setting(keep?: number) {
  const time = manualTime();
  const store = createObjectStore({ clock: time.clock });
  const about = store.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'web-1' },
    spec: { containers: [{ name: 'web', image: 'good:1' }] },
  });
  const recordEvent = createEventRecorder({ store, clock: time.clock, ...(keep === undefined ? {} : { keep }) });
  const note: EventNote = {
    about,
    type: 'Warning',
    reason: 'BackOff',
    message: 'again',
    component: 'kubelet',
    host: 'node-1',
  };
  return { time, store, about, recordEvent, note, events: () => store.list('events') };
}

describe('event recorder', () => {
  it('writes a core/v1 Event that names its object by uid and its source', () => {
    const { about, recordEvent, note, events } = setting();
    recordEvent({ ...note, fieldPath: 'spec.containers{web}' });
    expect(events()).toMatchObject([
      {
        metadata: { namespace: 'shop' },
        involvedObject: {
          kind: 'Pod',
          name: 'web-1',
          namespace: 'shop',
          uid: about.metadata.uid,
          fieldPath: 'spec.containers{web}',
        },
        source: { component: 'kubelet', host: 'node-1' },
        reportingComponent: 'kubelet',
        count: 1,
        firstTimestamp: '2026-01-02T03:04:05Z',
        lastTimestamp: '2026-01-02T03:04:05Z',
      },
    ]);
  });

  it('counts a repetition on the same event and moves only its last time', () => {
    const { time, recordEvent, note, events } = setting();
    recordEvent(note);
    time.advance(30_000);
    recordEvent(note);
    expect(events()).toMatchObject([
      { count: 2, firstTimestamp: '2026-01-02T03:04:05Z', lastTimestamp: '2026-01-02T03:04:35Z' },
    ]);
  });

  it('keeps apart what differs in object, reason, message, type or container', () => {
    const { about, recordEvent, note, events } = setting();
    recordEvent(note);
    recordEvent({ ...note, reason: 'Failed' });
    recordEvent({ ...note, message: 'other' });
    recordEvent({ ...note, type: 'Normal' });
    recordEvent({ ...note, fieldPath: 'spec.containers{side}' });
    recordEvent({ ...note, about: { ...about, metadata: { ...about.metadata, uid: 'another-life' } } });
    expect(events()).toHaveLength(6);
  });

  it('drops the oldest events beyond its bound, however many come', () => {
    const { time, recordEvent, note, events } = setting(10);
    for (let i = 0; i < 40; i++) {
      recordEvent({ ...note, message: `message ${i}` });
      time.advance(1000);
    }
    expect(events().map((event) => event.message)).toEqual(
      Array.from({ length: 10 }, (_unused, i) => `message ${30 + i}`),
    );
  });

  it('finds its events again after a restart', () => {
    const { time, store, recordEvent, note, events } = setting();
    recordEvent(note);
    createEventRecorder({ store, clock: time.clock })(note);
    expect(events()).toMatchObject([{ count: 2 }]);
  });
});
